import { isFields } from '../../expression/values.ts';

export interface LoggedError {
  service: string;
  event_type: string;
  event_id: string;
  order_id: string;
  error: string;
}

export interface Repeated {
  service: string;
  event_type: string;
  order_id: string;
  effect: string;
  times: number;
}

export interface OverDelivered {
  service: string;
  attempts: number;
  error: string;
}

interface LogLine {
  service: string;
  event_type: string;
  event_id: string;
  order_id: string;
  message_id: string;
  attempt: number;
  outcome: string;
  effects: string[];
  error?: { message: string };
}

/** More receives than a queue with a dead-letter queue allows (`maxReceiveCount` is 3). */
const TOO_MANY_RECEIVES = 4;
/** Services that write to tables or the bucket; analytics only counts. */
const STATEFUL = new Set(['inventory', 'payment', 'fulfillment']);

/** Collects errors and repeated effects from the services' log lines. Lines may be missing, so none depends on another. */
export class LogReading {
  readonly #failed = new Map<string, LoggedError>();
  readonly #done = new Set<string>();
  /** Writes of each event by each service, by message and attempt: one handling has several lines. */
  readonly #writes = new Map<string, { line: LogLine; effect: string; handlings: Set<string> }>();
  #overDelivered: OverDelivered | undefined;

  add(text: string): void {
    const line = parseLine(text);
    if (line === undefined) return;
    const { service, event_type, event_id, order_id, attempt, outcome } = line;
    const slot = `${service} ${event_id}`;
    const error = line.error?.message ?? '';
    if (outcome === 'failed') this.#failed.set(slot, { service, event_type, event_id, order_id, error });
    else if (outcome !== 'poison') this.#done.add(slot);
    if (attempt >= TOO_MANY_RECEIVES && attempt > (this.#overDelivered?.attempts ?? 0)) {
      this.#overDelivered = { service, attempts: attempt, error: error === '' ? 'nothing wrong with it' : error };
    }
    if (outcome === 'handled' && STATEFUL.has(service)) this.#written(slot, line);
  }

  #written(slot: string, line: LogLine): void {
    const effect = line.effects.find((each) => each.startsWith('write '));
    if (effect === undefined) return;
    const known = this.#writes.get(slot) ?? { line, effect, handlings: new Set() };
    known.handlings.add(`${line.message_id} ${line.attempt}`);
    this.#writes.set(slot, known);
  }

  errors(): LoggedError[] {
    return [...this.#failed].filter(([slot]) => !this.#done.has(slot)).map(([, error]) => error);
  }

  repeated(): Repeated[] {
    const often = [...this.#writes.values()].filter(({ handlings }) => handlings.size > 1);
    return often.map(({ line: { service, event_type, order_id }, effect, handlings }) => {
      return { service, event_type, order_id, effect, times: handlings.size };
    });
  }

  overDelivered(): OverDelivered | undefined {
    return this.#overDelivered;
  }
}

function parseLine(text: string): LogLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    if (!isFields(line)) return undefined;
    const { event_type = '', event_id = '', order_id = '', message_id = '', effects = [] } = line;
    return { ...line, event_type, event_id, order_id, message_id, effects } as LogLine;
  } catch {
    return undefined;
  }
}
