import type { Clock } from '../../clock.ts';
import { encodeEvent, orderCreated } from '../../domain/events.ts';
import { type Ids, newOrderIds } from '../../domain/ids.ts';
import { describeLines } from '../../domain/lines.ts';
import { logStreamOf } from '../../domain/names.ts';
import { newOrder } from '../../domain/order.ts';
import type { NewOrder } from '../../domain/order-input.ts';
import type { OrderRecord } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import type { Change } from '../../services/effects.ts';
import { stepErrorOf } from './failure.ts';
import { logEntry } from './log-lines.ts';
import { toWrite } from './transaction.ts';

export interface PlaceDeps {
  ports: Ports;
  clock: Clock;
  ids: Ids;
  /** Stops between two chunks of orders, each of them complete. */
  signal?: AbortSignal;
}

export interface PlacedOrder {
  order: OrderRecord;
  event_id: string;
  /** Problems that do not affect the order. */
  warnings: string[];
}

/** Orders of one transaction; the customer is one more write, and a transaction takes 100. */
const CHUNK = 50;
const CHUNKS_AT_ONCE = 4;
const DRAWS = 3;
/** SNS's limit for a message with its attributes (SNS Developer Guide, Publish). */
const MAX_MESSAGE_BYTES = 256 * 1024;

/** Places one order: see {@link placeOrders}. */
export async function placeOrder(input: NewOrder, deps: PlaceDeps): Promise<PlacedOrder> {
  for await (const placed of placeOrders(input, 1, deps)) return placed;
  throw new CliffracerError('internal', 'no order was placed');
}

/**
 * Places `count` orders of what `validateOrder` let through. The record (with its customer, if new) is written before
 * the event is published: a crash in between leaves an order that can be seen and published again, never an event
 * about an order that does not exist.
 */
export async function* placeOrders(
  input: NewOrder,
  count: number,
  deps: PlaceDeps,
): AsyncGenerator<PlacedOrder, void, undefined> {
  for (let placed = 0; placed < count && !deps.signal?.aborted; ) {
    // The customer is written with the first orders alone: two transactions that write one item conflict on AWS.
    const first = placed === 0;
    const chunks: Promise<PlacedOrder[]>[] = [];
    for (let chunk = 0; chunk < (first ? 1 : CHUNKS_AT_ONCE) && placed < count; chunk++) {
      const size = Math.min(CHUNK, count - placed);
      chunks.push(placeChunk(input, size, first, deps));
      placed += size;
    }
    const settled = await Promise.allSettled(chunks);
    for (const chunk of settled) if (chunk.status === 'fulfilled') yield* chunk.value;
    for (const chunk of settled) if (chunk.status === 'rejected') throw chunk.reason;
  }
}

async function placeChunk(
  input: NewOrder,
  size: number,
  withCustomer: boolean,
  deps: PlaceDeps,
): Promise<PlacedOrder[]> {
  const orders = await writeOrders(input, size, withCustomer, deps);
  await publishOrders(orders, deps.ports);
  const warnings = await logOrders(orders, deps);
  return orders.map((order) => ({ order, event_id: orderCreated(order).event_id, warnings }));
}

/** Publishes the events that start orders; publishing one again is harmless. */
export async function publishOrders(orders: readonly OrderRecord[], ports: Ports): Promise<void> {
  const failures = await ports.topic.publish(orders.map((order) => encodeEvent(orderCreated(order))));
  const [first] = failures;
  if (first === undefined) return;
  const { order_id } = orders[first.index]!;
  const others = failures.length > 1 ? ` and ${failures.length - 1} more` : '';
  throw new CliffracerError(
    'aws_error',
    `order ${order_id}${others} was written, but not published: ${first.code}: ${first.message}`,
    { hint: { action: 'retry_order', id: order_id }, retryable: !first.senderFault },
  );
}

async function writeOrders(
  input: NewOrder,
  count: number,
  withCustomer: boolean,
  { ports, clock, ids }: PlaceDeps,
): Promise<OrderRecord[]> {
  const customer: Change = {
    op: 'ensure',
    table: 'customers',
    item: {
      customer_id: input.customer_id,
      name: input.customer_name,
      ...(input.customer_email !== undefined && { email: input.customer_email }),
    },
  };
  for (let draw = 1; ; draw++) {
    const now = clock.now();
    const orders = newOrderIds(count, now, ids).map((id) => newOrder(id, input, now));
    checkSize(orders[0]!);
    const changes: Change[] = orders.map((order) => ({ op: 'insert', table: 'orders', item: order }));
    const outcome = await ports.tables.write((withCustomer ? [...changes, customer] : changes).map(toWrite));
    if (outcome.written) return orders;
    // Two programs drew the same id in the same millisecond.
    const taken = outcome.conflicts.map(({ label }) => label).join(', ');
    if (draw === DRAWS) throw new CliffracerError('conflict', `${taken}: already there`, { retryable: true });
  }
}

function checkSize(order: OrderRecord): void {
  const { body, attributes } = encodeEvent(orderCreated(order));
  const text = [body, ...Object.entries(attributes).flat()].join('');
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_MESSAGE_BYTES) return;
  throw new CliffracerError('invalid_input', `the order's message has ${bytes} bytes, above ${MAX_MESSAGE_BYTES}`, {
    hint: 'order fewer products at a time',
  });
}

async function logOrders(orders: readonly OrderRecord[], { ports, clock }: PlaceDeps): Promise<string[]> {
  const at = clock.now();
  const entries = orders.map((order) => {
    const { event_type, event_id, order_id, correlation_id, causation_id } = orderCreated(order);
    return logEntry(at, {
      level: 'info',
      service: 'order',
      action: 'order_placed',
      message: `${order.customer_id} ordered ${describeLines(order.items)} for ${order.total_amount}`,
      order_id,
      correlation_id,
      event_type,
      event_id,
      causation_id,
      attempt: 1,
      outcome: 'handled',
      duration_ms: Math.max(0, at - Date.parse(order.created_at)),
      effects: ['write order created', 'publish order_created'],
    });
  });
  try {
    await ports.logs.put(logStreamOf('order'), entries);
    return [];
  } catch (error) {
    return [`log lines were not written: ${stepErrorOf(error).message}`];
  }
}
