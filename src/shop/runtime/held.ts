import type { ServiceName } from '../../domain/names.ts';
import { queueOf } from '../../domain/names.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import type { Clock } from './clock.ts';
import { byQueue, type InHand, startHeartbeat } from './heartbeat.ts';

/** Messages in a person's hand: the one shown, and those left for later, which stay invisible until the end. */
export class Held {
  readonly #messages = new Map<string, InHand>();
  readonly #ports: Ports;
  readonly #heart: { stop(): Promise<void> };

  constructor(deps: { ports: Ports; clock: Clock }) {
    this.#ports = deps.ports;
    this.#heart = startHeartbeat(deps, () => [...this.#messages.values()]);
  }

  add(service: ServiceName, { messageId, receiptHandle }: ReceivedMessage): void {
    this.#messages.set(messageId, { queue: queueOf(service), receiptHandle });
  }

  has(messageId: string): boolean {
    return this.#messages.has(messageId);
  }

  drop(messageId: string): void {
    this.#messages.delete(messageId);
  }

  countIn(queue: string): number {
    return [...this.#messages.values()].filter((held) => held.queue === queue).length;
  }

  /** Makes all of them ready again. */
  async release(): Promise<void> {
    await this.#heart.stop();
    const grouped = byQueue(this.#messages.values());
    this.#messages.clear();
    for (const [queue, handles] of grouped) {
      const entries = handles.map((receiptHandle) => ({ receiptHandle, seconds: 0 }));
      // A handle that is no longer valid belongs to a message which somebody else has received since: it is not ours.
      await this.#ports.queues.changeVisibility(queue, entries);
    }
  }
}
