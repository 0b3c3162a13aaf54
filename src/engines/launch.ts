import type { Environment } from '../environment.ts';
import type { EngineRecord } from './home.ts';
import type { EngineSpec } from './spec.ts';

/** What starting an engine needs to know, however it is started. */
export interface LaunchOptions {
  spec: EngineSpec;
  /** Instead of the engine's own. */
  image: string | undefined;
  port: number;
  home: string;
  /** Random; proves later that what answers is what was started. */
  instance: string;
  env: Environment;
  clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  signal: AbortSignal;
  kill(pid: number, signal: NodeJS.Signals | 0): void;
  /** Says what is going on, for the person who waits; what takes minutes is said in a CI log too. */
  tell(text: string, takesLong?: boolean): void;
}

/** An engine that was started and does not answer yet. Its record is written already, so that `down` finds it. */
export interface Launch {
  record: EngineRecord;
  /** Rejects when the engine ends by itself; never resolves. */
  ended: Promise<never>;
  /** Stops watching. */
  release(): void;
  /** Removes everything that was started, its record included. */
  abandon(): Promise<void>;
}

/** The record as far as it is known before the engine answers. */
export function draftRecord({ spec, instance, port, clock }: LaunchOptions): EngineRecord {
  return {
    ...{ engine: spec.kind, instance, port, version: '' },
    endpoint: `http://127.0.0.1:${port}`,
    startedAt: clock.now(),
  };
}

/** Names a container after engine and port, so that two `up` at once cannot make two. */
export const containerName = ({ spec, port }: LaunchOptions): string => `cliffracer-${spec.kind}-${port}`;
