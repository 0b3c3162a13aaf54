import { EVENT_TYPES } from '../../domain/events.ts';
import type { OutgoingEvent, ReceivedMessage, Write } from '../../ports.ts';

/** One call through the ports: a point at which a fault can be injected and another process can run. */
export interface Call {
  /** The service that makes it; `customer` for calls that place or cancel orders. */
  caller: string;
  /** As `queues.receive`. */
  name: string;
  args: readonly unknown[];
  /** The same in every run, so without ids and times: `payment_succeeded of order 3`. */
  subject: string;
  /** The same in every run of the same storm: caller, name, subject, and the count of such calls. */
  key: string;
}

/** Calls that change something: it stays changed when the response is lost. */
const WRITES: ReadonlySet<string> = new Set([
  'queues.delete',
  'queues.changeVisibility',
  'queues.send',
  'topic.publish',
  'tables.write',
  'bucket.put',
  'metrics.put',
  'logs.put',
]);

export const isWrite = ({ name }: Call): boolean => WRITES.has(name);

const ORDER_ID = /ord_[0-9a-z]{16}/g;

/** Gives each call its subject and key, and counts equal calls. */
export class CallNames {
  readonly #orders = new Map<string, string>();
  readonly #messages = new Map<string, string>();
  readonly #times = new Map<string, number>();

  /** `order 3` instead of an id that depends on when it was placed. */
  order(id: string, number: number): void {
    this.#orders.set(id, `order ${number}`);
  }

  /** Remembers which event a receipt handle belongs to. */
  received(messages: readonly ReceivedMessage[]): void {
    for (const message of messages) this.#messages.set(message.receiptHandle, this.#event(message.attributes));
  }

  call(caller: string, name: string, args: readonly unknown[]): Call {
    const subject = this.#subject(name, args);
    const what = `${caller} ${name} ${subject}`;
    const time = (this.#times.get(what) ?? 0) + 1;
    this.#times.set(what, time);
    return { caller, name, args, subject, key: `${what} #${time}` };
  }

  /** Text with the ids of orders replaced. */
  plain(text: string): string {
    return text.includes('ord_') ? text.replace(ORDER_ID, (id) => this.#orders.get(id) ?? id) : text;
  }

  #subject(name: string, args: readonly unknown[]): string {
    const [first, second] = args as [unknown, unknown];
    switch (name) {
      case 'queues.delete':
        return this.#messageOf((second as string[])[0]);
      case 'queues.changeVisibility':
        return this.#messageOf((second as { receiptHandle: string }[])[0]?.receiptHandle);
      case 'topic.publish':
        return this.#event((first as OutgoingEvent[])[0]?.attributes ?? {});
      case 'tables.write':
        return this.plain((first as Write[])[0]?.label ?? '');
      case 'tables.getMany': {
        const key = (first as { table: string; key: Record<string, unknown> }[])[0];
        return key === undefined ? '' : this.plain(`${key.table} ${String(Object.values(key.key)[0])}`);
      }
      default:
        return typeof first === 'string' ? this.plain(first) : '';
    }
  }

  #messageOf(receiptHandle: string | undefined): string {
    return this.#messages.get(receiptHandle ?? '') ?? 'a message';
  }

  #event({ event_type = '', order_id = '' }: Record<string, string>): string {
    const type = (EVENT_TYPES as readonly string[]).includes(event_type) ? event_type : 'something';
    return `${type} of ${this.#orders.get(order_id) ?? 'no order'}`;
  }
}
