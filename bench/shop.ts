import { provisionStack } from '../src/commands/provision.ts';
import { type Connection, connectTo } from '../src/connection.ts';
import { CATALOGUE } from '../src/domain/catalogue.ts';
import { validateOrder } from '../src/domain/order-input.ts';
import { createEmulator } from '../src/emulator/index.ts';
import { requestHandler } from '../src/emulator/request-handler.ts';
import { placeOrders } from '../src/shop/runtime/create-order.ts';
import { drain } from '../src/shop/runtime/drain.ts';
import { flawedHandlers } from '../src/shop/storms/flawed/flaws.ts';

/** The shop as the benchmark drives it: through the same ports as the program. */
export interface Shop {
  /** Places so many orders of one keyboard each. */
  place(count: number): Promise<void>;
  /** Places one order and follows it; resolves with the milliseconds up to the last of its messages. */
  oneOrder(): Promise<number>;
  /** Handles messages until the queues are empty; `naive`: without markers, and with stock read and written back. */
  drain(handlers?: 'right' | 'naive'): Promise<{ handled: number; ms: number }>;
  close(): void;
}

const PLENTY = 1_000_000;
const MESSAGES_PER_ORDER = 11;

const clock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};
const ids = {
  uuid: () => crypto.randomUUID(),
  bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
};

/** A shop on an engine inside this process, or on the one that answers at `endpoint`. */
export async function openShop(endpoint?: string): Promise<Shop> {
  const target = {
    kind: 'local',
    engine: 'embedded',
    account: '000000000000',
    endpoint: endpoint ?? 'http://127.0.0.1:4566',
    region: 'us-east-1',
  } as const;
  const emulator = endpoint === undefined ? createEmulator() : undefined;
  const handler = emulator && { requestHandler: requestHandler(emulator) };
  const connection = await connectTo(target, undefined, { clock, ...handler });
  for await (const _fact of provisionStack(connection));
  await stockUp(connection);
  return {
    place: (count) => place(connection, count),
    oneOrder: () => oneOrder(connection),
    drain: (handlers = 'right') => drainAll(connection, handlers),
    close() {
      connection.clients.close();
      emulator?.engine.stop();
    },
  };
}

/** Every order is to be fulfilled, however many there are. */
async function stockUp({ ports }: Connection): Promise<void> {
  const stock = { stock: PLENTY, available: PLENTY, received: PLENTY, reserved: 0 };
  await ports.tables.putMany('inventory', [{ sku: 'keyboard', ...stock }]);
}

async function place({ ports }: Connection, count: number): Promise<void> {
  const items = [{ sku: 'keyboard', quantity: 1 }];
  const order = validateOrder({ customer: { id: 'ada' }, items, payment: 'approve' }, CATALOGUE);
  for await (const _placed of placeOrders(order, count, { ports, clock, ids }));
}

async function oneOrder(connection: Connection): Promise<number> {
  const start = performance.now();
  await place(connection, 1);
  let handled = 0;
  let ms = Number.NaN;
  for await (const fact of drain({ ports: connection.ports, clock })) {
    if (fact.kind === 'step' && ++handled === MESSAGES_PER_ORDER) ms = performance.now() - start;
  }
  if (handled !== MESSAGES_PER_ORDER) throw new Error(`an order is ${MESSAGES_PER_ORDER} messages, not ${handled}`);
  return ms;
}

const NAIVE = flawedHandlers(new Set(['no_deduplication', 'read_then_write']), 1).services;

async function drainAll({ ports }: Connection, handlers: 'right' | 'naive') {
  const start = performance.now();
  for await (const fact of drain({ ports, clock, ...(handlers === 'naive' && { services: NAIVE }) })) {
    if (fact.kind !== 'summary') continue;
    const { handled, failed, ended } = fact;
    if (failed > 0 || ended !== 'empty' || handled % MESSAGES_PER_ORDER !== 0) {
      throw new Error(`the drain went wrong: ${JSON.stringify(fact)}`);
    }
    return { handled, ms: performance.now() - start };
  }
  throw new Error('the drain ended without a summary');
}
