import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../calls/call.ts';
import type { QueueState } from '../queues/port.ts';
import { Conversations } from './conversations.ts';
import { type Describe, eventsOf, lineOf, type WatchedCall, type WatchedEvent } from './event.ts';
import type { SeenClock, SeenTopic } from './port.ts';

/** Events and calls that are remembered. */
const MOST_LINES = 1_000;
/** Looks at a queue's depth that are remembered, one a second. */
const HISTORY = 60;

/** A program that receives from queues. */
export interface SeenConsumer {
  caller: string;
  queues: string[];
  received: number;
  /** Of its latest receive, ISO 8601. */
  at: string;
}

export interface WatchedQueue extends QueueState {
  /** Messages in its dead-letter queue; null when it has none. */
  dead_letters: number | null;
  /** How many were ready, a second apart, the latest last. */
  history: number[];
}

/** A line of a list, by the number under which it is remembered. */
export type Line<T> = T & { line: number };

/** A whole system as the call log and the control interface tell it; grows with {@link WatchedSystem.add} and the like. */
export class WatchedSystem {
  readonly #describe: Describe;
  #conversations = new Conversations();
  #history = new Map<string, number[]>();
  #lines = 0;
  queues: WatchedQueue[] = [];
  topics: SeenTopic[] = [];
  consumers: SeenConsumer[] = [];
  /** Oldest first. */
  events: Line<WatchedEvent>[] = [];
  calls: Line<WatchedCall>[] = [];
  /** Calls that were gone before they could be read. */
  dropped = 0;
  /** Calls that were read. */
  seen = 0;
  clock: SeenClock | undefined;

  constructor(describe: Describe) {
    this.#describe = describe;
  }

  /** Takes calls in, oldest first; resolves with the events that they made. */
  add(calls: readonly Call[]): WatchedEvent[] {
    const events = calls.flatMap((call) => eventsOf(call, this.#conversations, this.#describe));
    this.events = this.#latest(this.events, events);
    this.calls = this.#latest(
      this.calls,
      calls.map((call) => lineOf(call, this.#conversations)),
    );
    this.seen += calls.length;
    return events;
  }

  #latest<T>(before: readonly Line<T>[], more: readonly T[]): Line<T>[] {
    return [...before, ...more.map((each) => ({ ...each, line: ++this.#lines }))].slice(-MOST_LINES);
  }

  /** Queues by name, those for dead letters behind the others. */
  setQueues(states: readonly QueueState[]): void {
    const byName = new Map(states.map((state) => [state.queue, state]));
    const known = new Map(this.queues.map((queue) => [queue.queue, queue]));
    this.queues = states
      .map((state) => {
        const history = this.#history.get(state.queue) ?? [];
        this.#history.set(state.queue, history);
        const dead = byName.get(state.dead_letter_queue ?? '');
        const queue = { ...state, history, dead_letters: dead === undefined ? null : total(dead) };
        const before = known.get(state.queue);
        // The same object as long as nothing changed, so that what was made of it is not made again.
        return before !== undefined && isDeepStrictEqual(before, queue) ? before : queue;
      })
      .sort((a, b) => rank(a) - rank(b) || (a.queue < b.queue ? -1 : 1));
    for (const name of this.#history.keys()) if (!byName.has(name)) this.#history.delete(name);
    this.consumers = consumersOf(states);
  }

  /** Keeps how many messages are ready in each queue; called once a second. */
  tick(): void {
    for (const { history, ready } of this.queues) {
      history.push(ready);
      if (history.length > HISTORY) history.shift();
    }
  }

  /** The whole state was replaced: of what was seen, only these calls count. */
  replaced(calls: readonly Call[]): void {
    const { seen } = this;
    this.#conversations = new Conversations();
    Object.assign(this, { events: [], calls: [] });
    this.add(calls);
    this.seen = seen;
  }

  /** Another engine answers at the address: nothing that was seen is there any more. */
  forget(): void {
    this.#conversations = new Conversations();
    this.#history = new Map();
    Object.assign(this, { queues: [], topics: [], consumers: [], events: [], calls: [], dropped: 0 });
  }
}

const total = ({ ready, in_flight, delayed }: QueueState) => ready + in_flight + delayed;
const rank = ({ dead_letters_of }: QueueState) => (dead_letters_of.length > 0 ? 1 : 0);

function consumersOf(states: readonly QueueState[]): SeenConsumer[] {
  const found = new Map<string, SeenConsumer>();
  for (const { queue, consumers } of states) {
    for (const { caller, at, received } of consumers ?? []) {
      const known = found.get(caller);
      if (known === undefined) found.set(caller, { caller, at, received, queues: [queue] });
      else {
        known.queues.push(queue);
        known.received += received;
        if (at > known.at) known.at = at;
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.caller < b.caller ? -1 : 1));
}
