import { elapsed } from '../../clock.ts';
import { CliffracerError } from '../../errors.ts';
import { fieldsOf } from '../../expression/parser.ts';
import type { BatchFailure, OutgoingMessage, QueuePort, ReceivedMessage } from '../../ports.ts';
import { type DeadLetter, deadLetterOf } from './dead-letter.ts';
import { InspectedMessages } from './inspected-messages.ts';
import type { Labels, Tell } from './knowledge.ts';
import { matches, valuesOf } from './matching.ts';
import type { Moved, RedriveDeps, RedriveOptions } from './redrive-facts.ts';

const BATCH = 10;
/** Loops side by side: enough to keep an engine busy while answers travel. */
const LANES = 4;
/** Looks that find nothing, each a long poll of a second, before the queue counts as empty. */
const EMPTY_LOOKS = 3;
const SHOWN = 20;
/** What the log knows best. */
const LOGGED_FIELDS = ['reason', 'error', 'attempts'];

/**
 * Moves messages one batch at a time: received, sent with all their attributes, deleted. No more are looked at than
 * were there at the start, lest a message that fails again at once goes round for ever.
 */
export class Mover {
  readonly #options: RedriveOptions;
  readonly #deps: RedriveDeps;
  readonly #from: string;
  readonly #queues: QueuePort;
  readonly #held: InspectedMessages;
  readonly #result: Moved = {
    ...{ way: 'receive_send_delete', ended: 'done', moved: 0, skipped: 0, failed: 0, duplicates: 0 },
    ...{ failures: [], sample: [], fields: [] },
  };
  readonly #fields: readonly string[];
  #withLog: Promise<Tell> | undefined;
  /** Messages that may still be looked at, and moved; what a lane has in hand is taken off. */
  #unseen = 0;
  #wanted: number;
  /** When the next message may be sent, by the rate. */
  #due = 0;

  constructor(options: RedriveOptions, deps: RedriveDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#from = deps.from.queue;
    this.#queues = deps.from.queues;
    this.#held = new InspectedMessages(this.#from, this.#queues);
    this.#wanted = options.max ?? Number.POSITIVE_INFINITY;
    this.#fields = [...(options.where === undefined ? [] : fieldsOf(options.where))];
  }

  async run(): Promise<Moved> {
    const { ready } = await this.#queues.depth(this.#from);
    this.#unseen = ready;
    const inTurn = this.#options.perSecond !== undefined || isFifo(this.#options.to);
    const lanes = Math.min(LANES, inTurn ? 1 : Math.ceil(ready / BATCH));
    const running = await Promise.allSettled(Array.from({ length: lanes }, () => this.#lane()));
    const failed = running.find((lane) => lane.status === 'rejected');
    // Time makes visible what an engine that fails does not.
    await this.#held.release().catch(() => undefined);
    if (failed !== undefined) throw this.#broken(failed.reason);
    if (this.#options.signal?.aborted) this.#result.ended = 'interrupted';
    else if (this.#wanted === 0) this.#result.ended = 'max';
    return this.#result;
  }

  async #lane(): Promise<void> {
    for (let empty = 0; empty < EMPTY_LOOKS && !this.#options.signal?.aborted; ) {
      const most = Math.min(BATCH, Math.ceil(this.#options.perSecond ?? BATCH), this.#unseen, this.#wanted);
      if (most <= 0) return;
      this.#unseen -= most;
      this.#wanted -= most;
      const { received, looked, chosen } = await this.#batch(most);
      this.#unseen += most - looked;
      this.#wanted += most - chosen;
      // What was looked at long ago may be visible again; it is hidden anew, and the next look finds others.
      empty = received === 0 ? empty + 1 : 0;
    }
  }

  async #batch(max: number): Promise<{ received: number; looked: number; chosen: number }> {
    const signal = this.#options.signal;
    const received = await this.#queues.receive(this.#from, {
      ...{ max, waitSeconds: 1, whole: true },
      ...this.#held.visibility,
      ...(signal && { signal }),
    });
    const fresh = this.#held.keep(received);
    const chosen = await this.#choose(fresh);
    this.#result.skipped += fresh.length - chosen.length;
    if (this.#options.dryRun) this.#result.moved += chosen.length;
    else if (chosen.length > 0) await this.#move(chosen);
    return { received: received.length, looked: fresh.length, chosen: chosen.length };
  }

  async #choose(messages: readonly ReceivedMessage[]): Promise<ReceivedMessage[]> {
    const tell = await this.#tell();
    const chosen: ReceivedMessage[] = [];
    for (const message of messages) {
      const letter = await deadLetterOf(this.#from, message, tell);
      this.#noteFields(letter);
      if (!isChosen(letter, this.#options)) continue;
      chosen.push(message);
      if (this.#result.sample.length < SHOWN) this.#result.sample.push(shown(letter));
    }
    return chosen;
  }

  /** The log is read once, and only when somebody asks for what it knows best. */
  #tell(): Promise<Tell> | Tell {
    const { knowledge } = this.#deps.from;
    const asked = this.#options.dryRun || this.#fields.some((field) => LOGGED_FIELDS.includes(field));
    if (!asked) return knowledge.tell;
    this.#withLog ??= knowledge.withLog({ since: 0, stacks: false });
    return this.#withLog;
  }

  #noteFields(letter: DeadLetter): void {
    const found = this.#result.fields!;
    for (const field of this.#fields) {
      if (!found.includes(field) && valuesOf(letter, field) !== undefined) found.push(field);
    }
  }

  async #move(messages: readonly ReceivedMessage[]): Promise<void> {
    const queues = this.#queues;
    const { to } = this.#options;
    if (!(await this.#pace(messages.length))) return;
    const unsent = new Map(
      (await queues.send(to, isFifo(to) ? messages.map(asNew) : messages)).map((failure) => [failure.index, failure]),
    );
    for (const [index, failure] of unsent) this.#fail(messages[index]!, failure);
    const sent = messages.filter((_, index) => !unsent.has(index));
    // Until they are deleted they are in both queues, whatever comes.
    this.#result.duplicates += sent.length;
    const handles = sent.map(({ receiptHandle }) => receiptHandle);
    const undeleted = new Set((await queues.delete(this.#from, handles)).map(({ index }) => index));
    this.#result.duplicates -= sent.length - undeleted.size;
    this.#result.moved += sent.length;
    this.#held.forget(sent.filter((_, index) => !undeleted.has(index)));
    this.#options.onProgress?.(this.#result.moved);
  }

  #fail({ messageId: message_id }: ReceivedMessage, { code, message }: BatchFailure): void {
    this.#result.failed++;
    if (this.#result.failures.length < SHOWN) this.#result.failures.push({ message_id, code, message });
  }

  /** Waits for its turn; false when it was stopped meanwhile. */
  async #pace(count: number): Promise<boolean> {
    const { perSecond, signal } = this.#options;
    if (perSecond === undefined) return true;
    const { clock } = this.#deps;
    const now = elapsed(clock);
    const wait = Math.max(0, this.#due - now);
    this.#due = Math.max(now, this.#due) + (count * 1_000) / perSecond;
    if (wait > 0) await clock.sleep(wait, signal);
    return !signal?.aborted;
  }

  /** What was moved before is part of what a person needs to know. */
  #broken(error: unknown): unknown {
    const { moved, duplicates } = this.#result;
    if (!(error instanceof CliffracerError) || moved + duplicates === 0 || this.#options.dryRun) return error;
    const { code, message, hint, retryable } = error;
    const both = duplicates === 0 ? '' : `, ${duplicates} may be in both queues`;
    const told = `${message}; ${moved} had been moved${both}, the others are where they were`;
    return new CliffracerError(code, told, { ...(hint !== undefined && { hint }), retryable, cause: error });
  }
}

const isFifo = (queue: string) => queue.endsWith('.fifo');

/**
 * A FIFO queue drops what it was sent within five minutes under the same deduplication id (SQS Developer Guide, Using the
 * message deduplication ID). The id here is another one for each dead letter, and the same when it is moved again.
 */
const asNew = (message: ReceivedMessage): OutgoingMessage => ({ ...message, deduplication: message.messageId });

function isChosen(letter: DeadLetter, { source, labels = {}, where }: RedriveOptions): boolean {
  if (source !== undefined && letter.source !== source) return false;
  return hasLabels(letter, labels) && (where === undefined || matches(where, letter));
}

const hasLabels = (letter: DeadLetter, labels: Labels) =>
  Object.entries(labels).every(([name, value]) => value === undefined || letter.labels[name] === value);

const shown = ({ message_id, labels, reason, attempts }: DeadLetter): Moved['sample'][number] => ({
  ...{ message_id, labels, reason, attempts },
});
