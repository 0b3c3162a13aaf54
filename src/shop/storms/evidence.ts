import { deadLetterQueueOf, queueOf, SERVICES } from '../../domain/names.ts';
import type { InventoryRecord, OrderRecord, PaymentRecord, ReservationRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { type LoggedError, LogReading, type OverDelivered, type Repeated } from './log-reading.ts';

/** Facts from tables, queues and logs that show how the services work. */
export interface Evidence {
  orders: ReadonlyMap<string, OrderFacts>;
  products: readonly ProductFacts[];
  /** Errors of events that no later log line reports as handled. */
  errors: readonly LoggedError[];
  /** Events whose effects a service wrote more than once. */
  repeated: readonly Repeated[];
  /** The message received most often, if more often than `maxReceiveCount` allows. */
  overDelivered: OverDelivered | undefined;
  /** Orders with a message in some queue. */
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
  /** Pieces in open reservations, and in committed ones. */
  held: number;
  shipped: number;
  buyers: string[];
}

export async function gatherEvidence(ports: Ports): Promise<Evidence> {
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
    overDelivered: logs.overDelivered(),
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
  const facts: ProductFacts = { sku, stock, reserved, available, received, held: 0, shipped: 0, buyers: [] };
  for (const { order_id, status, items } of reservations) {
    const pieces = items.find((line) => line.sku === sku)?.quantity ?? 0;
    if (pieces === 0) continue;
    facts.buyers.push(order_id);
    if (status === 'committed') facts.shipped += pieces;
    if (status === 'held' || status === 'shipped') facts.held += pieces;
  }
  return facts;
}

const LOOK_SECONDS = 30;

/** Orders of the messages in queues and dead-letter queues. The messages are made visible again. */
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
