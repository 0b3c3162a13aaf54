import type { ShopEvent } from '../../domain/events.ts';
import type { ServiceName } from '../../domain/names.ts';
import type { OrderStatus } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import { type Delivery, deliveriesOf } from '../audit/deliveries.ts';
import { hasShipped, type OrderSnapshot } from '../audit/order-snapshot.ts';
import { snapshotOf } from '../audit/order-snapshots.ts';
import { receiptFaults } from '../audit/receipts.ts';
import { replaceOrder } from './cancel-order.ts';
import { type PublishDeps, publishEvents } from './publish-again.ts';

export interface RetriedOrder {
  order_id: string;
  status: OrderStatus;
  /** The order's payment provider works from now on. */
  payment_repaired: boolean;
  /** The events published again, and the services that had not handled them. */
  published: { event_type: string; event_id: string; unhandled_by: ServiceName[] }[];
  warnings: string[];
}

const TRIES = 5;

/**
 * Publishes the events again that an order is waiting for, as its records show. An order whose payment provider fails gets
 * one that works. Harmless when nothing is missing or messages are still in flight: services recognise duplicates.
 * Rejects with `not_found`.
 */
export async function retryOrder(id: string, deps: PublishDeps): Promise<RetriedOrder> {
  const { snapshot, repaired } = await withWorkingPayment(id, deps);
  const missing = [...unhandled(deliveriesOf(snapshot)), ...(await withoutReceipt(snapshot, deps))];
  const byEvent = new Map<string, { event: ShopEvent; services: ServiceName[] }>();
  for (const { event, service } of missing) {
    const known = byEvent.get(event.event_id);
    if (known === undefined) byEvent.set(event.event_id, { event, services: [service] });
    else known.services.push(service);
  }
  const again = [...byEvent.values()];
  const events = again.map(({ event }) => event);
  const warnings =
    events.length === 0
      ? []
      : await publishEvents(events, deps, {
          action: 'order_retried',
          message: 'published again on request',
          wrote: repaired ? ['write payment provider works'] : [],
        });
  return {
    order_id: id,
    status: snapshot.order.status,
    payment_repaired: repaired,
    published: again.map(({ event: { event_type, event_id }, services }) => ({
      event_type,
      event_id,
      unhandled_by: services,
    })),
    warnings,
  };
}

/** Deliveries without effects in the records. */
export const unhandled = (deliveries: readonly Delivery[]): Delivery[] =>
  deliveries.filter(({ handled }) => handled === false);

/** Whether an order waits only for a working payment provider. */
export const isStuckOnPayment = ({ order, reservation, payment }: OrderSnapshot): boolean =>
  order.payment === 'error' &&
  payment === undefined &&
  reservation?.status === 'held' &&
  !order.history.some(({ status }) => status === 'cancelling');

async function withWorkingPayment(
  id: string,
  { ports }: PublishDeps,
): Promise<{ snapshot: OrderSnapshot; repaired: boolean }> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const snapshot = await snapshotOf(ports, id);
    if (!isStuckOnPayment(snapshot)) return { snapshot, repaired: false };
    const { order } = snapshot;
    const working = { ...order, payment: 'approve' as const, version: order.version + 1 };
    if (await replaceOrder(ports, order, working)) return { snapshot: { ...snapshot, order: working }, repaired: true };
  }
  throw new CliffracerError('conflict', `order ${id} changed ${TRIES} times while it was to be retried`, {
    hint: 'try again',
    retryable: true,
  });
}

/** Fulfillment rewrites the receipt of a shipped order when it receives the payment event again. */
async function withoutReceipt(snapshot: OrderSnapshot, { ports }: PublishDeps): Promise<Delivery[]> {
  if (!hasShipped(snapshot)) return [];
  const [fault] = await receiptFaults(ports.bucket, [snapshot]);
  return fault === undefined ? [] : receiptDeliveries(snapshot);
}

export const receiptDeliveries = (snapshot: OrderSnapshot): Delivery[] =>
  deliveriesOf(snapshot).filter(({ service }) => service === 'fulfillment');
