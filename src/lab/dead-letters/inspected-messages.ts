import type { QueuePort, ReceivedMessage } from '../../ports.ts';

/** Visibility timeout of inspected messages: how long they stay hidden if this program dies meanwhile. */
const VISIBILITY_SECONDS = 300;

/** Messages received only for inspection, hidden until they are released. */
export class InspectedMessages {
  readonly visibility = { visibilitySeconds: VISIBILITY_SECONDS };
  readonly #queue: string;
  readonly #queues: QueuePort;
  readonly #handles = new Map<string, string>();

  constructor(queue: string, queues: QueuePort) {
    this.#queue = queue;
    this.#queues = queues;
  }

  /** Adds messages, and returns those that are new. */
  keep(messages: readonly ReceivedMessage[]): ReceivedMessage[] {
    const fresh = messages.filter(({ messageId }) => !this.#handles.has(messageId));
    for (const { messageId, receiptHandle } of messages) this.#handles.set(messageId, receiptHandle);
    return fresh;
  }

  /** Drops messages that are not to be released. */
  forget(messages: readonly ReceivedMessage[]): void {
    for (const { messageId } of messages) this.#handles.delete(messageId);
  }

  /** Makes all of them visible again. An invalid receipt handle means that another receiver has the message now. */
  async release(): Promise<void> {
    const entries = [...this.#handles.values()].map((receiptHandle) => ({ receiptHandle, seconds: 0 }));
    this.#handles.clear();
    await this.#queues.changeVisibility(this.#queue, entries);
  }
}
