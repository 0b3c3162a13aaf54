import type { Clock } from '../../clock.ts';
import type { ServiceName } from '../../domain/names.ts';
import { queueOf } from '../../domain/names.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import { byQueue, type Lease, startHeartbeat } from './heartbeat.ts';

/** Messages received for stepping: the one shown, and those left for later, which stay invisible until the end. */
export class LeasedMessages {
  readonly #messages = new Map<string, Lease>();
  readonly #ports: Ports;
  readonly #heartbeat: { stop(): Promise<void> };

  constructor(deps: { ports: Ports; clock: Clock }) {
    this.#ports = deps.ports;
    this.#heartbeat = startHeartbeat(deps, () => [...this.#messages.values()]);
  }

  add(service: ServiceName, { messageId, receiptHandle }: ReceivedMessage): void {
    this.#messages.set(messageId, { queue: queueOf(service), receiptHandle });
  }

  has(messageId: string): boolean {
    return this.#messages.has(messageId);
  }

  remove(messageId: string): void {
    this.#messages.delete(messageId);
  }

  countIn(queue: string): number {
    return [...this.#messages.values()].filter((lease) => lease.queue === queue).length;
  }

  /** Makes all of them visible again. */
  async release(): Promise<void> {
    await this.#heartbeat.stop();
    const grouped = byQueue(this.#messages.values());
    this.#messages.clear();
    for (const [queue, handles] of grouped) {
      const entries = handles.map((receiptHandle) => ({ receiptHandle, seconds: 0 }));
      // An invalid receipt handle means that another receiver has the message now.
      await this.#ports.queues.changeVisibility(queue, entries);
    }
  }
}
