import { deadLetterQueueOf, queueOf, SERVICES } from '../../domain/names.ts';
import type { InventoryRecord, OrderRecord, PaymentRecord, ReservationRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { type LoggedError, LogReading, type Repeated, type Tireless } from './log-reading.ts';

/** What is stored, as far as it tells how the services work. */
export interface Evidence {
  orders: ReadonlyMap<string, OrderFacts>;
  products: readonly ProductFacts[];
  /** Failures that no log line says were made good. */
  errors: readonly LoggedError[];
  /** Events that a service did more than once. */
  repeated: readonly Repeated[];
  /** The message that was received most often, if that was too often. */
  tireless: Tireless | undefined;
  /** Orders about which there is still a message. */
  waiting: ReadonlySet<string>;
}

export interface OrderFacts {
  order_id: string;
  /** Ids of the events that its record knows of. */
  events: ReadonlySet<string>;
  reservation: string | undefined;
  instruction: string;
  payment: string | undefined;
  paidAt: string | undefined;
  shippedAt: string | undefined;
}

export interface ProductFacts extends Pick<InventoryRecord, 'sku' | 'stock' | 'reserved' | 'available' | 'received'> {
  /** Pieces in open reservations, and in those whose goods have left. */
  held: number;
  gone: number;
  buyers: string[];
}

export async function gather(ports: Ports): Promise<Evidence> {
  const { tables } = ports;
  const [orders, payments, reservations, inventory] = await Promise.all([
    all<OrderRecord>(tables.scan('orders')),
    all<PaymentRecord>(tables.scan('payments')),
    all<ReservationRecord>(tables.scan('reservations')),
    all<InventoryRecord>(tables.scan('inventory')),
  ]);
  const logs = new LogReading();
  for await (const { message } of ports.logs.filter({})) logs.add(message);
  const paid = new Map(payments.map((payment) => [payment.order_id, payment]));
  const reserved = new Map(reservations.map((reservation) => [reservation.order_id, reservation]));
  return {
    orders: new Map(
      orders.map((order) => {
        const { order_id: id } = order;
        return [id, factsOf(order, paid.get(id), reserved.get(id))];
      }),
    ),
    products: inventory.map((record) => productFacts(record, reservations)),
    errors: logs.errors(),
    repeated: logs.repeated(),
    tireless: logs.tireless(),
    waiting: await ordersInQueues(ports),
  };
}

async function all<T>(items: AsyncIterable<unknown>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item as T);
  return found;
}

function factsOf(
  order: OrderRecord,
  payment: PaymentRecord | undefined,
  reservation: ReservationRecord | undefined,
): OrderFacts {
  const { order_id, history, payment: instruction } = order;
  const at = (status: string) => history.find((fact) => fact.status === status)?.at;
  return {
    order_id,
    events: new Set(history.map(({ event_id }) => event_id)),
    reservation: reservation?.status,
    instruction,
    payment: payment?.status,
    paidAt: earliest(at('paid'), payment !== undefined && CHARGED.has(payment.status) ? payment.created_at : undefined),
    shippedAt: at('fulfilled'),
  };
}

const CHARGED: ReadonlySet<string> = new Set(['succeeded', 'refunded']);

const earliest = (...times: (string | undefined)[]) => times.filter((time) => time !== undefined).sort()[0];

function productFacts(
  { sku, stock, reserved, available, received }: InventoryRecord,
  reservations: readonly ReservationRecord[],
): ProductFacts {
  const facts: ProductFacts = { sku, stock, reserved, available, received, held: 0, gone: 0, buyers: [] };
  for (const { order_id, status, items } of reservations) {
    const pieces = items.find((line) => line.sku === sku)?.quantity ?? 0;
    if (pieces === 0) continue;
    facts.buyers.push(order_id);
    if (status === 'committed') facts.gone += pieces;
    if (status === 'held' || status === 'shipped') facts.held += pieces;
  }
  return facts;
}

const LOOK_SECONDS = 30;

/** Orders that messages in queues and dead-letter queues are about. The messages are given back. */
async function ordersInQueues({ queues }: Ports): Promise<Set<string>> {
  const found = new Set<string>();
  for (const queue of SERVICES.flatMap((service) => [queueOf(service), deadLetterQueueOf(service)])) {
    const handles: string[] = [];
    for (;;) {
      const messages = await queues.receive(queue, { max: 10, waitSeconds: 0, visibilitySeconds: LOOK_SECONDS });
      if (messages.length === 0) break;
      for (const { attributes, receiptHandle } of messages) {
        handles.push(receiptHandle);
        if (attributes.order_id !== undefined) found.add(attributes.order_id);
      }
    }
    await queues.changeVisibility(
      queue,
      handles.map((receiptHandle) => ({ receiptHandle, seconds: 0 })),
    );
  }
  return found;
}
