import { cancelRequest, isCancellable, requestCancel } from '../../domain/order.ts';
import type { OrderRecord } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import { storyOf } from '../audit/stories.ts';
import type { OrderStory } from '../audit/story.ts';
import { type PublishDeps, publishEvents } from './publish-again.ts';
import { toWrite } from './transaction.ts';

export interface CancelledOrder {
  order: OrderRecord;
  event_id: string;
  /** It had been asked for before; the request was published again. */
  asked_before: boolean;
  warnings: string[];
}

const TRIES = 5;

/**
 * Asks for an order to be cancelled: the request is written into its record and published. Who comes first, the request
 * or the parcel, is decided where the goods are: inventory releases what is held, and what has shipped stays shipped.
 * Rejects with `not_found`, or with `conflict` when the order has come too far.
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
    const story = await storyOf(ports, id);
    const { order } = story;
    if (order.status === 'cancelling') return { order, askedBefore: true };
    const objection = objectionTo(story);
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

function objectionTo({ order, reservation }: OrderStory): string | undefined {
  if (reservation?.status === 'shipped' || reservation?.status === 'committed') {
    return `is ${order.status === 'fulfilled' ? 'fulfilled' : 'shipped'}`;
  }
  return isCancellable(order.status) ? undefined : `is ${order.status}`;
}

const conflict = (id: string, objection: string) =>
  new CliffracerError('conflict', `order ${id} ${objection}: it cannot be cancelled`, {
    hint: `cliffracer order show ${id}`,
  });

/** Writes the changed order unless somebody else has changed it since. */
export async function replaceOrder({ tables }: Pick<Ports, 'tables'>, before: OrderRecord, after: OrderRecord) {
  const where = { version: before.version };
  const outcome = await tables.write([toWrite({ op: 'replace', table: 'orders', item: after, where })]);
  return outcome.written;
}
