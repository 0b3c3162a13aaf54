import type { ServiceName } from '../domain/names.ts';
import { CliffracerError } from '../errors.ts';
import type { QueueState } from '../lab/queues/port.ts';
import type { HeldMessage, Laboratory } from '../lab/step/port.ts';
import { deliver } from '../lab/step/step.ts';
import { historyOf } from '../lab/why/history.ts';
import { ofMessages } from './conversation.ts';
import type {
  Ability,
  Conversation,
  Debuggee,
  Delivered,
  Depth,
  HowToDeliver,
  ShownMessage,
  WaitingMessage,
} from './model.ts';

export interface AnyConsumerOptions {
  /** Full names; every queue but those for dead letters when there are none. */
  queues: readonly string[];
  /** Real milliseconds that somebody has to take a message. */
  timeoutMs: number;
  onReleased?(message: WaitingMessage): Promise<void>;
  onTaken?(caller: string): void;
  onOver?(): void;
}

const HISTORY = 1_000;
const LONGEST_WAIT_MS = 20_000;

/** Whatever consumers run, on held queues of the embedded engine: the oldest message comes first. */
export class AnyConsumer implements Debuggee {
  readonly belongings: string = 'conversation';
  readonly abilities: ReadonlySet<Ability> = new Set(['twice', 'fail', 'undo']);
  protected readonly lab: Laboratory;
  readonly #options: AnyConsumerOptions;
  /** Queues whose hold was made here. */
  readonly #holds = new Set<string>();
  /** As they stood when the latest message was looked for. */
  #states: readonly QueueState[] = [];

  constructor(lab: Laboratory, options: AnyConsumerOptions) {
    this.lab = lab;
    this.#options = options;
  }

  async open(): Promise<{ held: string[] }> {
    await this.#hold();
    return { held: [...this.#holds] };
  }

  async close(): Promise<string[]> {
    const released: string[] = [];
    for (const queue of this.#holds) {
      // A queue or an engine that is gone holds nothing any more.
      const ended = await this.lab.holds.end(queue).catch((error: unknown) => {
        if (error instanceof CliffracerError) return undefined;
        throw error;
      });
      if (ended !== undefined) released.push(queue);
    }
    this.#holds.clear();
    return released;
  }

  async depths(): Promise<Depth[]> {
    const states = await this.lab.holds.queues();
    return this.#of(states).map(({ queue, ready, in_flight, delayed }) => ({ queue, ready, in_flight, delayed }));
  }

  async next(isMeant: (message: WaitingMessage) => boolean): Promise<WaitingMessage | undefined> {
    await this.#hold();
    const waiting = this.#states.filter(({ hold, held }) => hold !== null && held > 0);
    const firsts = await Promise.all(waiting.map(({ queue }) => this.#first(queue, isMeant)));
    return this.choose(firsts.filter((message) => message !== undefined));
  }

  /** Which of the first messages of the queues comes next. */
  protected choose(firsts: readonly WaitingMessage[]): WaitingMessage | undefined {
    return [...firsts].sort((a, b) => (a.sent_at < b.sent_at ? -1 : a.sent_at > b.sent_at ? 1 : 0))[0];
  }

  async arrival(signal: AbortSignal): Promise<void> {
    let { next: after } = await this.lab.log.page({ last: true, limit: 1 });
    while (!signal.aborted) {
      const page = await this.lab.log.page({ after, limit: 1_000, wait: LONGEST_WAIT_MS }, signal).catch((error) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (page === undefined) return;
      if (page.calls.some(({ effects }) => effects.some(({ kind }) => kind === 'message' || kind === 'world'))) return;
      after = page.next;
    }
  }

  async show(message: WaitingMessage, edited: boolean): Promise<ShownMessage> {
    const { calls } = await this.lab.log.page({ message: message.message_id, present: true, limit: HISTORY });
    const { sent, published, deliveries } = historyOf(message.message_id, calls);
    const state = this.#states.find(({ queue }) => queue === message.queue);
    const consumers = (state?.consumers ?? []).map(({ caller, at }) => ({ caller, at }));
    return { ...message, edited, history: { sent, published, deliveries }, consumers, shop: null };
  }

  async deliver(message: WaitingMessage, how: HowToDeliver, signal: AbortSignal): Promise<Delivered> {
    const { timeoutMs, onReleased, onTaken, onOver } = this.#options;
    await onReleased?.(message);
    try {
      const place = { queue: message.queue, message: message.message_id };
      const {
        queue: _,
        message_id: __,
        ...delivered
      } = await deliver(place, { ...how, timeoutMs, signal, ...(onTaken && { onTaken }) }, this.lab);
      const deliveries = delivered.deliveries.map((delivery) => ({ ...delivery, handled: null }));
      return { ...delivered, deliveries };
    } finally {
      onOver?.();
    }
  }

  /** A held message that is not released stays where it is. */
  leave(_message: WaitingMessage): void {}

  serviceOf(_message: WaitingMessage): ServiceName | undefined {
    return undefined;
  }

  deadLetterQueue({ queue }: WaitingMessage): string | null {
    return this.#states.find((state) => state.queue === queue)?.dead_letter_queue ?? null;
  }

  async deadLetter({ queue, message_id }: WaitingMessage): Promise<void> {
    await this.lab.deadLetter(queue, message_id);
  }

  async conversation(message: WaitingMessage): Promise<Conversation> {
    return ofMessages(message, this.lab.log);
  }

  save(name: string): Promise<void> {
    return this.lab.saveSnapshot(name);
  }

  load(name: string): Promise<void> {
    return this.lab.loadSnapshot(name);
  }

  forget(name: string): Promise<void> {
    return this.lab.deleteSnapshot(name);
  }

  /** Holds what is not held, queues that were made since among them. */
  async #hold(): Promise<void> {
    const states = this.#of(await this.lab.holds.queues());
    for (const { queue } of states.filter(({ hold }) => hold === null)) {
      await this.lab.holds.hold(queue);
      this.#holds.add(queue);
    }
    const isNew = states.some(({ hold }) => hold === null);
    this.#states = isNew ? this.#of(await this.lab.holds.queues()) : states;
  }

  #of(states: readonly QueueState[]): QueueState[] {
    const { queues } = this.#options;
    return states.filter(({ queue, dead_letters_of }) => {
      return queues.length === 0 ? dead_letters_of.length === 0 : queues.includes(queue);
    });
  }

  /** In a FIFO queue nothing is delivered before what was there before it in its group. */
  async #first(queue: string, isMeant: (message: WaitingMessage) => boolean): Promise<WaitingMessage | undefined> {
    const blocked = new Set<string>();
    const found = await this.lab.firstHeld(queue, (held) => {
      if (held.group !== null && blocked.has(held.group)) return false;
      const meant = isMeant(waiting(queue, held));
      if (!meant && held.group !== null) blocked.add(held.group);
      return meant;
    });
    return found && waiting(queue, found);
  }
}

const waiting = (queue: string, { message_id, body, attributes, receive_count, sent_at, group }: HeldMessage) => ({
  ...{ queue, message_id, body, attempt: receive_count + 1, sent_at, group },
  attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
});
