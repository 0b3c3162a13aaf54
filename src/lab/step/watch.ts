import type { Call, Effect, MessageEffect } from '../calls/call.ts';
import { isReplacement } from '../calls/undone.ts';
import type { Laboratory } from './port.ts';
import type { Outcome, WatchedDelivery } from './report.ts';

/** The most that the engine waits with one answer. */
const LONGEST_WAIT_MS = 30_000;
const PAGE = 1_000;

export interface Watched {
  queue: string;
  message: string;
  /** Cursor of the call log from before the release. */
  after: number;
  /** Real milliseconds that somebody has to take it; then there is no limit, for every delivery ends by itself. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Told once somebody has it. */
  onTaken?(caller: string): void;
}

export interface Followed {
  delivery: WatchedDelivery;
  /** Cursor behind the call that ended it. */
  next: number;
}

/**
 * Follows one delivery of a message until it was answered or its time is up, by the cursor of the call log. Undefined when
 * nobody took the message in time, or on `signal`.
 */
export async function watchDelivery(
  watched: Watched,
  { log, elapsed }: Pick<Laboratory, 'log' | 'elapsed'>,
): Promise<Followed | undefined> {
  const progress = new Progress(watched);
  let { after, timeoutMs: left } = watched;
  while (!watched.signal.aborted) {
    const started = elapsed();
    const wait = Math.max(1, progress.isTaken ? LONGEST_WAIT_MS : Math.min(left, LONGEST_WAIT_MS));
    const page = await log.page({ after, limit: PAGE, wait }, watched.signal).catch((error) => {
      if (watched.signal.aborted) return undefined;
      throw error;
    });
    if (page === undefined) return undefined;
    for (const call of page.calls) {
      const delivery = progress.add(call);
      if (delivery !== undefined) return { delivery, next: call.seq };
    }
    after = page.next;
    left -= page.calls.length === 0 ? wait : elapsed() - started;
    if (!progress.isTaken && left <= 0) return undefined;
  }
  return undefined;
}

const ENDS: Readonly<Record<string, Outcome>> = {
  deleted: 'acknowledged',
  returned: 'returned',
  visible: 'expired',
  dead_lettered: 'dead_lettered',
  expired: 'purged',
  moved: 'purged',
};

/** What is known of the delivery so far. */
class Progress {
  readonly #watched: Watched;
  readonly #calls: Call[] = [];
  #taken: { id: string; attempt: number; caller: string; at: string; at_ms: number } | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  get isTaken(): boolean {
    return this.#taken !== undefined;
  }

  /** Takes the next call in; the delivery, once it is over. */
  add(call: Call): WatchedDelivery | undefined {
    if (this.#taken !== undefined && call.deliveries.some(({ id }) => id === this.#taken?.id)) this.#calls.push(call);
    for (const effect of call.effects) {
      const outcome = this.#outcomeOf(call, effect);
      if (outcome !== undefined) return this.#over(call, outcome);
    }
    return undefined;
  }

  #outcomeOf(call: Call, effect: Effect): Outcome | undefined {
    if (effect.kind === 'world') {
      if (effect.change === 'purged' && effect.name === this.#watched.queue) return 'purged';
      return isReplacement(effect) ? 'replaced' : undefined;
    }
    if (effect.kind !== 'message' || !this.#isOurs(effect)) return undefined;
    if (effect.change !== 'received') return ENDS[effect.change];
    if (this.#taken === undefined) {
      const { at, at_ms, caller } = call;
      const id = `${effect.message_id}:${effect.receives}`;
      this.#taken = { id, attempt: effect.receives, caller, at, at_ms };
      this.#watched.onTaken?.(caller);
      // A visibility timeout of zero: it is over with the receive.
      if (effect.until === null) return 'returned';
    }
    return undefined;
  }

  #isOurs({ message_id, queue }: MessageEffect): boolean {
    return message_id === this.#watched.message && queue === this.#watched.queue;
  }

  #over({ at, at_ms, caller: by }: Call, outcome: Outcome): WatchedDelivery {
    const { id = null, attempt = 0, caller = by, ...taken } = this.#taken ?? { at, at_ms };
    return { id, attempt, caller, outcome, taken, ended: { at, at_ms }, calls: this.#calls };
  }
}
