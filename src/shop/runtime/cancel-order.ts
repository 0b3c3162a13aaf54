import { cancelRequest, isCancellable, requestCancel } from '../../domain/order.ts';
import type { OrderRecord } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import type { OrderSnapshot } from '../audit/order-snapshot.ts';
import { snapshotOf } from '../audit/order-snapshots.ts';
import { type PublishDeps, publishEvents } from './publish-again.ts';
import { toWrite } from './transaction.ts';

export interface CancelledOrder {
  order: OrderRecord;
  event_id: string;
  /** It had been requested before; the request was published again. */
  asked_before: boolean;
  warnings: string[];
}

const TRIES = 5;

/**
 * Requests the cancellation of an order: writes the request into its record and publishes it. The reservation decides
 * between cancelling and shipping: inventory releases a held one, and a shipped one stays shipped.
 * Rejects with `not_found`, or with `conflict` when the order can no longer be cancelled.
 */
export async function cancelOrder(id: string, deps: PublishDeps): Promise<CancelledOrder> {
  const { order, askedBefore } = await writeRequest(id, deps);
  const event = cancelRequest(order)!;
  const message = askedBefore ? 'asked again to cancel the order' : 'asked to cancel the order';
  const wrote = askedBefore ? [] : ['write order cancelling'];
  const warnings = await publishEvents([event], deps, { action: 'cancel_requested', message, wrote });
  return { order, event_id: event.event_id, asked_before: askedBefore, warnings };
}

async function writeRequest(
  id: string,
  { ports, clock }: PublishDeps,
): Promise<{ order: OrderRecord; askedBefore: boolean }> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const snapshot = await snapshotOf(ports, id);
    const { order } = snapshot;
    if (order.status === 'cancelling') return { order, askedBefore: true };
    const objection = objectionTo(snapshot);
    if (objection !== undefined) throw conflict(id, objection);
    const changed = requestCancel(order, clock.now());
    if (changed === undefined) return { order, askedBefore: true };
    if (await replaceOrder(ports, order, changed)) return { order: changed, askedBefore: false };
  }
  throw new CliffracerError('conflict', `order ${id} changed ${TRIES} times while it was to be cancelled`, {
    hint: 'try again',
    retryable: true,
  });
}

function objectionTo({ order, reservation }: OrderSnapshot): string | undefined {
  if (reservation?.status === 'shipped' || reservation?.status === 'committed') {
    return `is ${order.status === 'fulfilled' ? 'fulfilled' : 'shipped'}`;
  }
  return isCancellable(order.status) ? undefined : `is ${order.status}`;
}

const conflict = (id: string, objection: string) =>
  new CliffracerError('conflict', `order ${id} ${objection}: it cannot be cancelled`, {
    hint: { action: 'show_order', id },
  });

/** Writes the changed order unless somebody else has changed it since. */
export async function replaceOrder({ tables }: Pick<Ports, 'tables'>, before: OrderRecord, after: OrderRecord) {
  const where = { version: before.version };
  const outcome = await tables.write([toWrite({ op: 'replace', table: 'orders', item: after, where })]);
  return outcome.written;
}
