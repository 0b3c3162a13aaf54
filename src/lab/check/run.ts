import type { Call } from '../calls/call.ts';
import { pickUp, receiversAt, untilIdle, type WatchOptions } from './watch.ts';
import type { Contents, DeliveryFault, LabWorld, QueueState, WaitingMessage } from './world.ts';

/** What is done to one delivery of a run: `at` counts the deliveries of the undisturbed run, from 0. */
export interface Disturbance {
  at: number;
  /** The message is delivered once more after the delivery has ended. */
  again?: boolean;
  /** Of the messages that wait in the same queue, the next one goes first. */
  swap?: boolean;
  /** Faults for the calls of this delivery; they end with it. */
  faults?: Omit<DeliveryFault, 'message'>[];
}

export interface RunOptions extends WatchOptions {
  disturbance?: Disturbance;
  /** Messages to send before anything is delivered. */
  extra?: { queue: string; body: string }[];
}

/** One receive of a message by a consumer, as it happened. */
export interface RunDelivery {
  queue: string;
  messageId: string;
  body: string;
  attempt: number;
  caller: string;
  /** Calls in it, in order, without receives; the deletion of the message is one of them. */
  calls: Call[];
  end: 'deleted' | 'returned' | 'unanswered';
  /** Whether a message of the same queue was there that could have come first. */
  hasFollower: boolean;
}

export interface RunResult {
  deliveries: RunDelivery[];
  end: Contents;
  /** Whether all faults of the disturbance struck. */
  struck: boolean;
  /** Why the run did not come to its end. */
  stuck?: Stuck;
}

export type Stuck =
  | { reason: 'not_received'; queue: string; messageId: string }
  | { reason: 'not_finished'; queue: string; messageId: string; caller: string }
  | { reason: 'never_ends'; queue: string; messageId: string; attempts: number };

/** Deliveries of one message on a queue without dead letters, after which it is taken to come for ever. */
const MOST_ATTEMPTS = 6;

/**
 * Lets the consumers handle everything that waits, one message at a time in the order of sending, until all queues but
 * those for dead letters are empty. All queues are held before; what a consumer neither deletes nor returns comes again
 * when its visibility timeout ends, which takes no time as the clock is turned.
 */
export async function runExperiment(world: LabWorld, options: RunOptions): Promise<RunResult> {
  const queues = await world.queues();
  for (const { queue, body } of options.extra ?? []) await world.send(queue, body);
  const run = new Run(world, queues, options);
  const stuck = await run.toTheEnd();
  return {
    deliveries: run.deliveries,
    end: await world.contents(),
    struck: run.struck,
    ...(stuck !== undefined && { stuck }),
  };
}

class Run {
  readonly deliveries: RunDelivery[] = [];
  struck = true;
  readonly #world: LabWorld;
  readonly #options: RunOptions;
  readonly #sources: readonly string[];
  readonly #deadLettered: ReadonlySet<string>;
  #swapped = false;

  constructor(world: LabWorld, queues: readonly QueueState[], options: RunOptions) {
    this.#world = world;
    this.#options = options;
    this.#sources = queues.filter(({ dead_letters_of }) => dead_letters_of.length === 0).map(({ name }) => name);
    this.#deadLettered = new Set(
      queues.filter(({ dead_letter_queue }) => dead_letter_queue !== null).map(({ name }) => name),
    );
  }

  async toTheEnd(): Promise<Stuck | undefined> {
    for (;;) {
      this.#options.signal.throwIfAborted();
      const waiting = await this.#waiting();
      const ready = waiting.filter(({ message }) => message.state === 'ready');
      if (ready.length === 0) {
        if (waiting.length === 0) return undefined;
        // What is in flight or delayed becomes ready, or moves to the dead letters, when its time is up.
        if (!(await this.#world.nextTimer())) return undefined;
        continue;
      }
      const stuck = await this.#deliverNext(ready);
      if (stuck !== undefined) return stuck;
    }
  }

  /** What lies in the queues that consumers read, in the order of sending. */
  async #waiting(): Promise<{ queue: string; message: WaitingMessage }[]> {
    const queues = await this.#world.waiting();
    const all = this.#sources.flatMap((queue) => (queues[queue] ?? []).map((message) => ({ queue, message })));
    return all.sort((a, b) => a.message.sent_at_ms - b.message.sent_at_ms);
  }

  async #deliverNext(ready: { queue: string; message: WaitingMessage }[]): Promise<Stuck | undefined> {
    const { disturbance } = this.#options;
    const first = ready[0]!;
    const follower = ready.slice(1).find(({ queue }) => queue === first.queue);
    const own = disturbance?.at === this.deliveries.length ? disturbance : undefined;
    const swaps = own?.swap === true && !this.#swapped && follower !== undefined;
    if (swaps) this.#swapped = true;
    const { queue, message } = swaps ? follower : first;
    if (message.receives >= MOST_ATTEMPTS && !this.#deadLettered.has(queue)) {
      return { reason: 'never_ends', queue, messageId: message.message_id, attempts: message.receives };
    }
    const faults: number[] = [];
    for (const fault of own?.faults ?? []) {
      faults.push(await this.#world.addFault({ ...fault, message: message.message_id }));
    }
    const stuck = await this.#deliver(queue, message, own?.again === true, follower !== undefined);
    if (faults.length > 0) await this.#endFaults(faults);
    return stuck;
  }

  async #endFaults(ids: readonly number[]): Promise<void> {
    const struck = await this.#world.faults();
    // The last of several rules only goes on with what an earlier one began.
    this.struck = (struck.get(ids[0]!) ?? 0) > 0;
    for (const id of ids) await this.#world.removeFault(id);
  }

  async #deliver(
    queue: string,
    message: WaitingMessage,
    again: boolean,
    hasFollower: boolean,
  ): Promise<Stuck | undefined> {
    const { calls } = this.#world;
    const { signal } = this.#options;
    const { message_id: messageId, body } = message;
    const start = (await calls.page({ last: true, limit: 1 })).next;
    const receivers = await receiversAt(this.#world, queue, start, this.#options);
    if (receivers === undefined) return { reason: 'not_received', queue, messageId };
    await this.#world.release(queue, messageId, again);
    const found = await pickUp(this.#world, { queue, messageId, after: start }, this.#options);
    if (found.received === undefined) {
      // Received too often already: the receive moved it to the dead letters instead.
      if (found.deadLettered) return undefined;
      return { reason: 'not_received', queue, messageId };
    }
    const { caller, attempt } = found.received;
    const idle = await untilIdle(this.#world, { queue, caller, receivers, after: found.next }, this.#options);
    signal.throwIfAborted();
    const done = (await calls.page({ after: start, limit: 10_000, message: messageId })).calls;
    const own = done.filter(({ operation, deliveries }) => operation !== 'ReceiveMessage' && deliveries.length > 0);
    const end = endOf(own, messageId);
    this.deliveries.push({ queue, messageId, body, attempt, caller, calls: logical(own), end, hasFollower });
    return idle || end !== 'unanswered' ? undefined : { reason: 'not_finished', queue, messageId, caller };
  }
}

function endOf(calls: readonly Call[], messageId: string): RunDelivery['end'] {
  for (const { effects } of calls) {
    for (const effect of effects) {
      if (effect.kind !== 'message' || effect.message_id !== messageId) continue;
      if (effect.change === 'deleted' || effect.change === 'returned') return effect.change;
    }
  }
  return 'unanswered';
}

/** An SDK's retries of one call count as one: they share its invocation id. */
function logical(calls: readonly Call[]): Call[] {
  const seen = new Set<string>();
  return calls.filter(({ invocation_id: id }) => {
    if (id === null) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
