import type { Clock } from '../../clock.ts';
import type { CallLog } from '../../lab/calls/port.ts';
import type { LabWorld } from '../../lab/check/world.ts';
import type { EngineControls } from '../../lab/controls/port.ts';
import type { DeadLetterQueue } from '../../lab/dead-letters/inspect.ts';
import type { Messaging } from '../../lab/queues/port.ts';
import type { Laboratory } from '../../lab/step/port.ts';
import type { Stores } from '../../lab/stores/port.ts';
import type { QueuePort } from '../../ports.ts';
import type { Input } from './input.ts';

/** What is looked at. */
export interface About {
  version: string;
  engine: string;
  /** Null on AWS. */
  endpoint: string | null;
  region: string;
  account: string | null;
  stack: string;
  /** Whether anything may be changed; a text says why not. */
  write: true | string;
  /** Whether the engine has a call log, holds, a clock, faults and snapshots; a text says why not. */
  laboratory: true | string;
}

/** A statistic of the shop over time. */
export interface ShopSeries {
  metric: string;
  statistic: string;
  unit: string;
  value: number | undefined;
  points: readonly { at: string; value: number }[];
}

/** Everything that the console does is done by these. */
export interface ConsoleDeps {
  about: About;
  log: CallLog;
  laboratory: Laboratory;
  controls: EngineControls;
  messaging: Messaging;
  /** Queues by their own names. */
  queues: Pick<QueuePort, 'purge'>;
  /** A dead-letter queue by its own name; rejects with `not_found`. */
  deadLetters(queue: string): Promise<DeadLetterQueue & { fullName: string; sources: readonly string[] }>;
  stores: Stores;
  world: LabWorld;
  /** The shop's own metrics, since a time. */
  shop(sinceMs: number): Promise<readonly ShopSeries[]>;
  clock: Clock;
  uuid(): string;
}

/** One request of the page. */
export interface Route {
  /** Refused where nothing may be changed. */
  writes?: boolean;
  /** Refused on engines that have no call log, holds and so on. */
  laboratory?: boolean;
  answer(input: Input, signal: AbortSignal): Promise<unknown> | unknown;
}

/** By the path below `/api/`. */
export type Routes = Record<string, Route>;

export const reads = (answer: Route['answer']): Route => ({ answer });
export const writes = (answer: Route['answer']): Route => ({ answer, writes: true });

/** The same routes, for the embedded engine only. */
export const onLaboratory = (routes: Routes): Routes =>
  Object.fromEntries(Object.entries(routes).map(([path, route]) => [path, { ...route, laboratory: true }]));
