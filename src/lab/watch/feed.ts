import { CliffracerError } from '../../errors.ts';
import type { Call, Effect } from '../calls/call.ts';
import type { CallPage } from '../calls/port.ts';
import { isReplacement } from '../calls/undone.ts';
import type { QueueState } from '../queues/port.ts';
import type { SeenClock, SeenTopic, WatchedEngine } from './port.ts';

/** What is heard of an engine that is watched. */
export type FeedFact =
  | { kind: 'calls'; calls: Call[]; dropped: number }
  /** What was told before was undone by a loaded snapshot or a reset, but for these calls. For those that are told the state. */
  | { kind: 'replaced'; calls: Call[] }
  /** Topics and the clock only where they may be other ones. */
  | { kind: 'state'; queues: QueueState[]; clock: SeenClock | undefined; topics: SeenTopic[] | undefined }
  /** It does not answer; it is asked again. */
  | { kind: 'lost' }
  /** Another engine answers at the address, or this one with a new log. */
  | { kind: 'restarted' };

export interface FeedOptions {
  /** How many of the calls before to begin with. */
  last: number;
  /** Whether queues, topics and the clock are told, beside calls. */
  state: boolean;
  signal: AbortSignal;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds of real time. */
  elapsed(): number;
}

/** The least time between two looks at the call log, and at the queues. */
const CALLS_MS = 200;
const STATE_MS = 500;
const CLOCK_MS = 2_000;
/** The longest time without a look: a clock that was frozen makes no call. */
const WAIT_MS = 5_000;
const AGAIN_MS = 1_000;
/** More calls than this between two looks are too many to show, and only the latest of them are read. */
const PAGE = 1_000;

/**
 * Follows an engine, with no more questions than a person can see the answers of, until `signal` aborts. Goes on when the engine
 * ends and comes back; rejects with `unsupported` on engines without a call log, and with `engine_unreachable` where none is at first.
 */
export async function* followEngine(
  engine: WatchedEngine,
  options: FeedOptions,
): AsyncGenerator<FeedFact, void, undefined> {
  const { signal } = options;
  let feed = new Feed(engine, options);
  let isLost = false;
  let isMet = false;
  while (!signal.aborted) {
    try {
      for await (const fact of feed.facts()) {
        isMet = true;
        if (isLost) yield { kind: 'restarted' };
        isLost = false;
        yield fact;
        if (fact.kind === 'restarted') break;
      }
      feed = new Feed(engine, options);
    } catch (error) {
      if (signal.aborted) return;
      if (!isMet || !(error instanceof CliffracerError) || error.code !== 'engine_unreachable') throw error;
      if (!isLost) yield { kind: 'lost' };
      isLost = true;
      feed = new Feed(engine, options);
      await options.sleep(AGAIN_MS, signal);
    }
  }
}

class Feed {
  readonly #engine: WatchedEngine;
  readonly #options: FeedOptions;
  #after = 0;
  /** Whether something happened since the queues were looked at. */
  #stale = false;
  #newTopics = false;
  #stateAt = 0;
  #clockAt = Number.NEGATIVE_INFINITY;

  constructor(engine: WatchedEngine, options: FeedOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  async *facts(): AsyncGenerator<FeedFact, void, undefined> {
    const { last, signal, elapsed, sleep, state } = this.#options;
    const [page, first] = await Promise.all([
      this.#engine.log.page({ last: true, present: true, limit: Math.max(1, last) }, signal),
      state ? this.#state(true) : undefined,
    ]);
    this.#after = page.next;
    if (first !== undefined) yield first;
    yield { kind: 'calls', calls: last > 0 ? page.calls : [], dropped: 0 };
    while (!signal.aborted) {
      const asked = elapsed();
      const since = asked - this.#stateAt;
      if (state && this.#stale && since >= STATE_MS) yield await this.#state(this.#newTopics);
      const wait = this.#stale && state ? Math.max(1, STATE_MS - since) : WAIT_MS;
      // A clock that was frozen makes no call: a look is due now and then.
      this.#stale ||= since >= WAIT_MS;
      const next = await this.#engine.log.page({ after: this.#after, limit: PAGE, wait }, signal);
      if (next.next < this.#after) return yield { kind: 'restarted' };
      yield* this.#calls(next);
      const rest = CALLS_MS - (elapsed() - asked);
      if (rest > 0) await sleep(rest, signal);
    }
  }

  async *#calls(page: CallPage): AsyncGenerator<FeedFact, void, undefined> {
    let { calls, dropped, next } = page;
    if (calls.length === PAGE) {
      const newest = await this.#engine.log.page({ last: true, limit: PAGE }, this.#options.signal);
      const skipped = newest.calls.filter(({ seq }) => seq > next);
      dropped += newest.next - next - skipped.length;
      calls = [...calls, ...skipped];
      next = newest.next;
    }
    this.#after = next;
    this.#stale ||= calls.length > 0 || dropped > 0;
    this.#newTopics ||= calls.some(({ effects }) => effects.some(isOfTopics));
    if (calls.length > 0 || dropped > 0) yield { kind: 'calls', calls, dropped };
    if (this.#options.state && calls.some(({ effects }) => effects.some(isReplacement))) yield* this.#replaced();
  }

  async *#replaced(): AsyncGenerator<FeedFact, void, undefined> {
    const { last, signal } = this.#options;
    const { next, calls } = await this.#engine.log.page({ last: true, present: true, limit: last }, signal);
    this.#after = next;
    yield { kind: 'replaced', calls };
  }

  async #state(withTopics: boolean): Promise<FeedFact> {
    this.#stale = false;
    this.#newTopics = false;
    const { holds, clock, topics } = this.#engine;
    const { elapsed } = this.#options;
    const isClockDue = elapsed() - this.#clockAt >= CLOCK_MS;
    const [queues, time, found] = await Promise.all([
      holds.queues(),
      isClockDue ? clock() : undefined,
      withTopics ? topics() : undefined,
    ]);
    this.#stateAt = elapsed();
    if (isClockDue) this.#clockAt = this.#stateAt;
    return { kind: 'state', queues, clock: time, topics: found };
  }
}

const isOfTopics = (effect: Effect) => effect.kind === 'resource' || isReplacement(effect);
