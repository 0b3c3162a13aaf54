import type { ShopEvent } from '../../domain/events.ts';
import type { ServiceName } from '../../domain/names.ts';
import type { OrderStatus } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import { type Delivery, deliveriesOf } from '../audit/deliveries.ts';
import { receiptFaults } from '../audit/receipts.ts';
import { storyOf } from '../audit/stories.ts';
import { hasShipped, type OrderStory } from '../audit/story.ts';
import { replaceOrder } from './cancel-order.ts';
import { type PublishDeps, publishEvents } from './publish-again.ts';

export interface RetriedOrder {
  order_id: string;
  status: OrderStatus;
  /** The order's payment goes through from now on. */
  payment_repaired: boolean;
  /** What was published again, and who has not handled it. */
  published: { event_type: string; event_id: string; unhandled_by: ServiceName[] }[];
  warnings: string[];
}

const TRIES = 5;

/**
 * Publishes again what an order is waiting for, told by its records. An order whose payment provider fails is given one
 * that works. Harmless when nothing is missing, and while the messages are merely on their way: who has done something
 * finds that it has. Rejects with `not_found`.
 */
export async function retryOrder(id: string, deps: PublishDeps): Promise<RetriedOrder> {
  const { story, repaired } = await withWorkingPayment(id, deps);
  const missing = [...unhandled(deliveriesOf(story)), ...(await withoutReceipt(story, deps))];
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
    status: story.order.status,
    payment_repaired: repaired,
    published: again.map(({ event: { event_type, event_id }, services }) => ({
      event_type,
      event_id,
      unhandled_by: services,
    })),
    warnings,
  };
}

/** Deliveries whose effects are not there. */
export const unhandled = (deliveries: readonly Delivery[]): Delivery[] =>
  deliveries.filter(({ handled }) => handled === false);

/** Whether nothing but a working payment provider is missing to an order. */
export const isStuckOnPayment = ({ order, reservation, payment }: OrderStory): boolean =>
  order.payment === 'error' &&
  payment === undefined &&
  reservation?.status === 'held' &&
  !order.history.some(({ status }) => status === 'cancelling');

async function withWorkingPayment(
  id: string,
  { ports }: PublishDeps,
): Promise<{ story: OrderStory; repaired: boolean }> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const story = await storyOf(ports, id);
    if (!isStuckOnPayment(story)) return { story, repaired: false };
    const { order } = story;
    const working = { ...order, payment: 'approve' as const, version: order.version + 1 };
    if (await replaceOrder(ports, order, working)) return { story: { ...story, order: working }, repaired: true };
  }
  throw new CliffracerError('conflict', `order ${id} changed ${TRIES} times while it was to be retried`, {
    hint: 'try again',
    retryable: true,
  });
}

/** Fulfillment writes the receipt of what has shipped again when it hears of the payment again. */
async function withoutReceipt(story: OrderStory, { ports }: PublishDeps): Promise<Delivery[]> {
  if (!hasShipped(story)) return [];
  const [fault] = await receiptFaults(ports.bucket, [story]);
  return fault === undefined ? [] : receiptDeliveries(story);
}

export const receiptDeliveries = (story: OrderStory): Delivery[] =>
  deliveriesOf(story).filter(({ service }) => service === 'fulfillment');
