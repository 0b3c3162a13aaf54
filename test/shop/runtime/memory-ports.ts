import { createHash } from 'node:crypto';
import type { Clock } from '../../../src/clock.ts';
import { CATALOGUE, inventoryRecord } from '../../../src/domain/catalogue.ts';
import { SERVICES, type ServiceName } from '../../../src/domain/names.ts';
import type {
  BatchFailure,
  LogEntry,
  Measurement,
  OutgoingEvent,
  Ports,
  QueuePort,
  ReceivedMessage,
} from '../../../src/ports.ts';
import { SERVICE_MODULES } from '../../../src/services/registry.ts';
import { MemoryTables } from './memory-tables.ts';

const VISIBILITY_MS = 30_000;
const MAX_RECEIVES = 3;

interface Stored {
  id: string;
  body: string;
  attributes: Record<string, string>;
  receives: number;
  visibleAt: number;
  receipt: string;
}

/** Time that moves only when somebody sleeps or a test says so. */
export class TestClock implements Clock {
  time = Date.UTC(2026, 0, 1);
  readonly slept: number[] = [];

  now(): number {
    return this.time;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.time += ms;
  }
}

/** A world of the shop's ports in memory, with SQS's rules for visibility, receive counts and dead letters. */
export class World implements Ports {
  readonly clock = new TestClock();
  readonly stored = new Map<string, Stored[]>();
  readonly objects = new Map<string, { body: string; metadata: Record<string, string> }>();
  readonly measured: Measurement[] = [];
  readonly logged: (LogEntry & { stream: string })[] = [];
  readonly published: OutgoingEvent[] = [];
  readonly tables = new MemoryTables();
  /** Which of the visible messages is received next; the oldest unless a test says otherwise. */
  pick: (visible: number) => number = () => 0;
  #sequence = 0;

  constructor(stock = 100) {
    void this.tables.putMany(
      'inventory',
      CATALOGUE.map(({ sku }) => inventoryRecord(sku, stock)),
    );
  }

  readonly queues: QueuePort = {
    receive: async (queue, { max }) => this.#receive(queue, max),
    delete: async (queue, handles) => this.#withHandles(queue, handles, (messages, index) => messages.splice(index, 1)),
    changeVisibility: async (queue, entries) => {
      const handles = entries.map(({ receiptHandle }) => receiptHandle);
      return this.#withHandles(queue, handles, (messages, index, position) => {
        messages[index]!.visibleAt = this.clock.now() + entries[position]!.seconds * 1000;
      });
    },
    send: async (queue, messages) => {
      for (const { body, attributes = {} } of messages) this.enqueue(queue, body, attributes);
      return [];
    },
    depth: async (queue) => {
      const all = this.messages(queue);
      const ready = all.filter(({ visibleAt }) => visibleAt <= this.clock.now()).length;
      return { ready, inFlight: all.length - ready, delayed: 0 };
    },
    purge: async (queue) => void this.stored.delete(queue),
    startMove: async () => undefined,
    moveProgress: async () => undefined,
    cancelMove: async () => {},
  };

  readonly topic = {
    publish: async (events: readonly OutgoingEvent[]): Promise<BatchFailure[]> => {
      for (const event of events) {
        this.published.push(event);
        for (const service of SERVICES) {
          if (!subscribed(service, event.attributes.event_type!)) continue;
          this.enqueue(`${service}-queue`, event.body, event.attributes);
        }
      }
      return [];
    },
  };

  readonly bucket = {
    put: async (key: string, body: string, { metadata = {} }: { metadata?: Record<string, string> }) => {
      this.objects.set(key, { body, metadata });
    },
    get: async (key: string) => this.objects.get(key),
    list: (prefix: string) => this.#list(prefix),
    deleteMany: async (keys: readonly string[]) => {
      for (const key of keys) this.objects.delete(key);
    },
  };

  readonly metrics = {
    put: async (measurements: readonly Measurement[]) => void this.measured.push(...measurements),
    statistics: async () => [],
    list: async () => [],
  };

  readonly logs = {
    put: async (stream: string, entries: readonly LogEntry[]) => {
      this.logged.push(...entries.map((entry) => ({ ...entry, stream })));
    },
    filter: (query: { streams?: readonly string[] }) => this.#filter(query),
  };

  messages(queue: string): Stored[] {
    const messages = this.stored.get(queue) ?? [];
    this.stored.set(queue, messages);
    return messages;
  }

  enqueue(queue: string, body: string, attributes: Record<string, string> = {}): void {
    const id = `m${++this.#sequence}`;
    this.messages(queue).push({ id, body, attributes, receives: 0, visibleAt: 0, receipt: '' });
  }

  /** Everything that must not depend on how messages were delivered. */
  state(): unknown {
    const tables = [...this.tables.tables].map(([name, items]) => [name, [...items].sort()] as const);
    return { tables: tables.filter(([, items]) => items.length > 0).sort(), objects: [...this.objects].sort() };
  }

  async *#list(prefix: string) {
    for (const [key, { body }] of [...this.objects].filter(([key]) => key.startsWith(prefix))) {
      const etag = `"${createHash('md5').update(body).digest('hex')}"`;
      yield { key, size: body.length, modifiedAt: 0, etag };
    }
  }

  async *#filter({ streams }: { streams?: readonly string[] }) {
    for (const [index, entry] of this.logged.entries()) {
      if (streams?.includes(entry.stream) ?? true) yield { ...entry, id: String(index) };
    }
  }

  #receive(queue: string, max: number): ReceivedMessage[] {
    const received: ReceivedMessage[] = [];
    while (received.length < max) {
      const messages = this.messages(queue);
      const visible = messages.filter(({ visibleAt }) => visibleAt <= this.clock.now());
      if (visible.length === 0) break;
      const message = visible[this.pick(visible.length) % visible.length]!;
      if (message.receives >= MAX_RECEIVES && !queue.endsWith('-dlq')) {
        messages.splice(messages.indexOf(message), 1);
        this.messages(`${queue}-dlq`).push(message);
        continue;
      }
      message.receives++;
      message.visibleAt = this.clock.now() + VISIBILITY_MS;
      message.receipt = `${message.id}#${message.receives}`;
      received.push(receivedFrom(message));
    }
    return received;
  }

  #withHandles(
    queue: string,
    handles: readonly string[],
    act: (messages: Stored[], index: number, position: number) => void,
  ): BatchFailure[] {
    const messages = this.messages(queue);
    return handles.flatMap((handle, position) => {
      const index = messages.findIndex(({ receipt }) => receipt === handle);
      if (index >= 0) act(messages, index, position);
      const failure = { index: position, code: 'ReceiptHandleIsInvalid', message: 'unknown handle', senderFault: true };
      return index >= 0 ? [] : [failure];
    });
  }
}

function receivedFrom({ id, receipt, body, attributes, receives }: Stored): ReceivedMessage {
  return { messageId: id, receiptHandle: receipt, body, attributes, receiveCount: receives, sentAt: 0 };
}

const subscribed = (service: ServiceName, type: string) =>
  service === 'analytics' || (SERVICE_MODULES[service].consumes as readonly string[]).includes(type);

/** A counted source of ids. */
export function testIds(): { uuid(): string } {
  let count = 0;
  return { uuid: () => `${(count++ * 1000).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000` };
}
