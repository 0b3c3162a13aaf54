import type { Environment } from '../environment.ts';
import { containerCli } from './docker/cli.ts';
import { inspectContainer } from './docker/container.ts';
import { runs } from './embedded/stop.ts';
import type { EngineRecord } from './home.ts';
import { processStart } from './process/identity.ts';

/**
 * Whether exactly the engine that the record describes is still there, answering or not. Undefined when it cannot be said,
 * as when Docker does not answer or only the command that started the engine knows.
 */
export async function recordRuns(record: EngineRecord, env: Environment): Promise<boolean | undefined> {
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
