import type { EventType, ShopEvent } from '../domain/events.ts';
import type { ServiceName, TableName } from '../domain/names.ts';
import type { Item, Value } from '../domain/records.ts';

/**
 * One change of a transaction, said without the database's language. The conditions are what makes effects happen once:
 * an `insert` or a `replace` of a record that says what was done is the marker of its transaction, so everything else
 * in it is done with the marker or not at all.
 */
export type Change =
  /** A new item; refused when the key is taken. */
  | { op: 'insert'; table: TableName; item: Item }
  /** The whole item anew; refused unless the stored one has these values. */
  | { op: 'replace'; table: TableName; item: Item; where: Record<string, Value> }
  /** Adds to numbers; refused when a number was below its bound in `atLeast`, or not below the one in `below`. */
  | {
      op: 'adjust';
      table: TableName;
      id: string;
      add: Record<string, number>;
      atLeast: Record<string, number>;
      below?: Record<string, number>;
    }
  /** Changes nothing; refused unless the stored item has these values. */
  | { op: 'expect'; table: TableName; id: string; where: Record<string, Value> }
  /** Changes nothing; refused unless the number is below the bound, or the item is missing. */
  | { op: 'expect_below'; table: TableName; id: string; below: Record<string, number> }
  /** Makes the item when it is missing, and leaves what stands there alone. */
  | { op: 'ensure'; table: TableName; item: Item };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Metric {
  name: string;
  value: number;
  unit: 'Count' | 'Milliseconds' | 'Percent' | 'None';
  dimensions?: Record<string, string>;
  /** When it happened (milliseconds since the epoch), where that is not now. */
  at?: number;
}

/** What a service does to the world. `shop/runtime/perform.ts` carries it out, in this order of kinds. */
export type Effect =
  /** One transaction. Refused conditions mean that the state was stale: it is loaded and decided again. */
  | { kind: 'write'; summary: string; changes: readonly Change[] }
  | { kind: 'store'; summary: string; key: string; body: string; contentType: string; metadata: Record<string, string> }
  | { kind: 'publish'; summary: string; event: ShopEvent }
  | { kind: 'measure'; summary: string; metrics: readonly Metric[] }
  | { kind: 'log'; summary: string; level: LogLevel; action: string };

/** Why a service cannot act on an event at all. */
export type Refusal = 'unknown_order' | 'contradiction';

/** What kept a service from acting, and may pass. */
export type Trouble = 'payment_error';

export type Decision =
  /** Done for the first time, or (duplicate) done before and to be published again. */
  | { outcome: 'handled' | 'duplicate'; effects: readonly Effect[] }
  /** Nothing to do for this service. */
  | { outcome: 'ignored'; effects: readonly Effect[] }
  /** The event does not fit what is stored, and never will: the message goes to the dead-letter queue. */
  | { outcome: 'refused'; reason: Refusal; detail: string }
  /** Not now; the message is left to be tried again. */
  | { outcome: 'failed'; reason: Trouble; detail: string };

export interface StateKey {
  table: TableName;
  id: string;
}

/** Looks up what was loaded. */
export type State = (table: TableName, id: string) => Item | undefined;

export interface Service {
  name: ServiceName;
  consumes: readonly EventType[];
  /** What `decide` needs to know. */
  load(event: ShopEvent): readonly StateKey[];
  /** Pure, total and synchronous; `now` in milliseconds since the epoch. */
  decide(event: ShopEvent, state: State, now: number): Decision;
}

export const handled = (...effects: Effect[]): Decision => ({ outcome: 'handled', effects });

/** Nothing to do: the event does not concern the service, or comes too late to. */
export const ignored = (...effects: Effect[]): Decision => ({ outcome: 'ignored', effects });

/** A duplicate publishes again what the first delivery may not have come to publish. */
export const duplicate = (...effects: Effect[]): Decision => ({ outcome: 'duplicate', effects });

export const refused = (reason: Refusal, detail: string): Decision => ({ outcome: 'refused', reason, detail });

export const write = (summary: string, ...changes: Change[]): Effect => ({ kind: 'write', summary, changes });

export const publish = (event: ShopEvent): Effect => ({ kind: 'publish', summary: event.event_type, event });

/** Publishes what there is to publish. */
export const publishing = (...events: (ShopEvent | undefined)[]): Effect[] =>
  events.filter((event) => event !== undefined).map(publish);

export const log = (level: LogLevel, action: string, summary: string): Effect => ({
  kind: 'log',
  summary,
  level,
  action,
});

export const measure = (...metrics: Metric[]): Effect => ({
  kind: 'measure',
  summary: metrics.map(({ name, value }) => `${name} ${value}`).join(', '),
  metrics,
});

/** For an event that a subscription should not have let through: a filter may be missing or late on AWS. */
export const notForUs = (service: ServiceName, event: ShopEvent): Decision =>
  ignored(log('info', 'ignored', `${service} does nothing on ${event.event_type}`));
