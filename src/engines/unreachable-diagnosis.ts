import type { Environment } from '../environment.ts';
import { CliffracerError } from '../errors.ts';
import { containerCli } from './docker/cli.ts';
import { containerLog, inspectContainer } from './docker/container.ts';
import { engineExited, SHOWN_LINES } from './exit-diagnosis.ts';
import { type EngineRecord, readRecord } from './home.ts';
import { ENGINE_KINDS, type EngineKind } from './kinds.ts';
import { isLoopback, portOf } from './ports.ts';
import { probe } from './probe.ts';
import { processStart } from './process/identity.ts';
import { lastLines } from './process/log.ts';

/**
 * Finds out why an endpoint is unreachable: an engine that this program started has ended, or one listens on IPv6 only.
 * Undefined when no reason is found.
 */
export async function diagnoseUnreachable(
  endpoint: string,
  home: string,
  env: Environment,
  now: () => number,
): Promise<CliffracerError | undefined> {
  if (!isLoopback(endpoint)) return undefined;
  const port = portOf(endpoint);
  const record = await readRecord(home, port);
  const ended = record && (await diagnoseExit(record, env));
  return ended ?? onIpv6(endpoint, port, now);
}

async function diagnoseExit(record: EngineRecord, env: Environment): Promise<CliffracerError | undefined> {
  const { container, pid, logFile } = record;
  const kind = (ENGINE_KINDS as readonly string[]).includes(record.engine) ? (record.engine as EngineKind) : 'embedded';
  if (container !== undefined) {
    const cli = containerCli(container.runtime, env);
    const state = await inspectContainer(cli, container.name).catch((error) => error as CliffracerError);
    if (state instanceof Error) return state;
    if (state?.status === 'running') return undefined;
    const what = `container ${container.name}`;
    if (state === undefined) return engineExited(kind, what, 'removed by somebody else', [], env);
    return engineExited(kind, what, state.exitCode, await containerLog(cli, container.name, SHOWN_LINES), env);
  }
  if (pid === undefined || (await processStart(pid)) !== undefined) return undefined;
  const lines = logFile === undefined ? [] : await lastLines(logFile, SHOWN_LINES);
  return engineExited(kind, `process ${pid}`, 'no longer there', lines, env);
}

async function onIpv6(endpoint: string, port: number, now: () => number): Promise<CliffracerError | undefined> {
  if (endpoint.includes('[')) return undefined;
  const other = `http://[::1]:${port}`;
  const found = await probe(other, now, 1_000);
  if (found.answer !== 'engine') return undefined;
  return new CliffracerError('engine_on_ipv6', `nothing answers at ${endpoint}, but ${found.kind} does on IPv6`, {
    hint: `cliffracer health --endpoint-url '${other}'`,
  });
}
