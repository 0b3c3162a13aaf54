import type { Environment } from '../environment.ts';
import { containerCli } from './docker/cli.ts';
import { inspectContainer } from './docker/container.ts';
import { runs } from './embedded/stop.ts';
import type { EngineRecord } from './home.ts';
import { processStart } from './process/identity.ts';

/**
 * Whether the very process or container of the record is still running, responding or not. Undefined when that is unknown,
 * as when Docker does not respond.
 */
export async function isRunning(record: EngineRecord, env: Environment): Promise<boolean | undefined> {
  const { container, pid, processStart: start } = record;
  if (container !== undefined) {
    try {
      const state = await inspectContainer(containerCli(container.runtime, env), container.name);
      return state?.status === 'running' && state.instance === record.instance;
    } catch {
      return undefined;
    }
  }
  if (pid === undefined) return undefined;
  return start === undefined ? runs({ ...record, pid }) : (await processStart(pid)) === start;
}
