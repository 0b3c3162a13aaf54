import type { Environment } from '../environment.ts';
import { containerCli } from './docker/cli.ts';
import { inspectContainer, stopContainer } from './docker/container.ts';
import { type Pause, type StopOutcome, stopEmbedded } from './embedded/stop.ts';
import { type ContainerRef, type EngineRecord, removeRecord } from './home.ts';
import { stopManaged } from './managed.ts';
import { stopProcess } from './process/stop.ts';

export interface DownOptions {
  home: string;
  env: Environment;
  clock: Pause;
  kill(pid: number, signal: NodeJS.Signals | 0): void;
  /** Says what a stop that takes long is at. */
  tell?(text: string): void;
}

/** Stops exactly the engine that the record describes, by whatever it was started, and forgets it. */
export async function stopEngine(record: EngineRecord, options: DownOptions): Promise<StopOutcome> {
  const { home, env, clock, kill, tell } = options;
  const { container, manager, pid } = record;
  if (container !== undefined) return stopOurContainer(home, record, container, env);
  if (manager !== undefined) {
    await stopManaged(manager, env);
    await removeRecord(home, record);
    return 'stopped';
  }
  if (pid === undefined) throw new TypeError('a record without anything to stop');
  if (record.engine !== 'embedded') return stopProcess(home, { ...record, pid }, clock, kill);
  return stopEmbedded(home, { ...record, pid }, clock, kill, tell);
}

async function stopOurContainer(
  home: string,
  record: EngineRecord,
  { runtime, name }: ContainerRef,
  env: Environment,
): Promise<StopOutcome> {
  const cli = containerCli(runtime, env);
  // A daemon that cannot be asked is no reason to forget a container: this rejects, and the record stays.
  const state = await inspectContainer(cli, name);
  const ours = state?.instance === record.instance;
  if (ours) await stopContainer(cli, name);
  await removeRecord(home, record);
  if (state === undefined) return 'was_gone';
  return !ours ? 'not_ours' : state.status === 'running' ? 'stopped' : 'was_gone';
}
