import type { Emulator } from '../index.ts';
import type { BodyBudget } from './body-limit.ts';
import type { Wakefulness } from './wakefulness.ts';

/** What bounds clients that are many, slow or endless. */
export interface ServerLimits {
  headerBytes: number;
  connections: number;
  bodyBytesAtOnce: number;
  headersTimeoutMs: number;
  /** For sending a request, and for reading an answer. */
  requestTimeoutMs: number;
  checkIntervalMs: number;
  keepAliveMs: number;
}

/** What a server does with each of its connections. */
export interface OpenConnection {
  /** Ends it when it has taken too long, by the time `now` in milliseconds. */
  checkTime(now: number): void;
  /** Ends it once the answer in hand is sent. */
  close(): void;
  destroy(): void;
}

/** What the connections of a server share. */
export interface ServerState {
  emulator: Pick<Emulator, 'handle'>;
  limits: ServerLimits;
  budget: BodyBudget;
  wakefulness: Wakefulness;
  connections: Set<OpenConnection>;
  closing: boolean;
}

/** How long a refused or closing connection may take to go by itself. */
export const GRACE_MS = 2_000;
