import type { QueuePort, ReceivedMessage } from '../../ports.ts';

/** How long others do not see what is looked at; a program that dies meanwhile leaves them hidden for so long. */
const VISIBILITY_SECONDS = 300;

/** Messages that were received only to be looked at, hidden until they are given back. */
export class HeldBack {
  readonly visibility = { visibilitySeconds: VISIBILITY_SECONDS };
  readonly #queue: string;
  readonly #queues: QueuePort;
  readonly #handles = new Map<string, string>();

  constructor(queue: string, queues: QueuePort) {
    this.#queue = queue;
    this.#queues = queues;
  }

  /** Keeps them from now on, and tells those that were not here before. */
  keep(messages: readonly ReceivedMessage[]): ReceivedMessage[] {
    const fresh = messages.filter(({ messageId }) => !this.#handles.has(messageId));
    for (const { messageId, receiptHandle } of messages) this.#handles.set(messageId, receiptHandle);
    return fresh;
  }

  /** Those that will not come back. */
  forget(messages: readonly ReceivedMessage[]): void {
    for (const { messageId } of messages) this.#handles.delete(messageId);
  }

  /** Makes all of them visible again. A handle that is no longer valid belongs to somebody else's delivery. */
  async release(): Promise<void> {
    const entries = [...this.#handles.values()].map((receiptHandle) => ({ receiptHandle, seconds: 0 }));
    this.#handles.clear();
    await this.#queues.changeVisibility(this.#queue, entries);
  }
}
