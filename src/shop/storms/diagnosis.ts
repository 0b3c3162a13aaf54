import type { Ports } from '../../ports.ts';
import { type Evidence, gatherEvidence, type OrderFacts, type ProductFacts } from './evidence.ts';
import { FLAW_NAMES, FLAWS, type Flaw } from './flawed/flaws.ts';
import type { LoggedError } from './log-reading.ts';

/** A flaw of the services that the stored data shows. */
export interface Finding {
  flaw: Flaw;
  title: string;
  /** What was found. */
  evidence: string;
  /** The first few orders in which it shows. */
  orders: string[];
  /** How the shop does it. */
  instead: string;
}

interface Symptom {
  evidence: string;
  orders: readonly string[];
}

const SHOWN = 3;

/**
 * Names flaws of the services behind a stack in which an audit found violations. Reads records, receipts, queues and log
 * lines only.
 */
export async function diagnose(ports: Ports): Promise<Finding[]> {
  const evidence = await gatherEvidence(ports);
  return FLAW_NAMES.flatMap((flaw) => {
    const symptom = SYMPTOMS[flaw](evidence);
    if (symptom === undefined) return [];
    const { title, instead } = FLAWS[flaw];
    return [{ flaw, title, evidence: symptom.evidence, orders: symptom.orders.slice(0, SHOWN), instead }];
  });
}

const SYMPTOMS: Record<Flaw, (evidence: Evidence) => Symptom | undefined> = {
  lost_errors({ errors, orders, waiting }) {
    // A message that is still in a queue is not lost, and a missing log line proves nothing.
    const lost = errors.filter((error) => {
      const order = orders.get(error.order_id);
      return order !== undefined && !waiting.has(error.order_id) && isUndone(error, order);
    });
    const [first] = lost;
    if (first === undefined) return undefined;
    const what = `${first.service} failed on ${first.event_type} ("${first.error}"), never handled it, and no queue has it`;
    return { evidence: what, orders: unique(lost) };
  },
  read_then_write({ products, repeated }) {
    for (const product of products) {
      const why = lostUpdate(product, repeated.length);
      if (why !== undefined) return { evidence: `${product.sku}: ${why}`, orders: product.buyers };
    }
    return undefined;
  },
  ships_unpaid({ orders }) {
    const early = [...orders.values()].filter(({ shippedAt, paidAt }) => {
      return shippedAt !== undefined && (paidAt === undefined || paidAt > shippedAt);
    });
    const [first] = early;
    if (first === undefined) return undefined;
    const paid = first.paidAt === undefined ? 'never paid' : `paid ${first.paidAt}`;
    const evidence = `${early.length} shipped before anybody paid: shipped ${first.shippedAt}, ${paid}`;
    return { evidence, orders: early.map(({ order_id }) => order_id) };
  },
  random_payments({ orders }) {
    const odd = [...orders.values()].filter(({ instruction, payment }) => {
      if (payment === undefined) return false;
      const charged = payment === 'succeeded' || payment === 'refunded';
      return instruction === 'approve' ? payment === 'failed' : charged;
    });
    const [first] = odd;
    if (first === undefined) return undefined;
    const evidence = `${odd.length} payments ended otherwise than ordered: "${first.instruction}" ${first.payment}`;
    return { evidence, orders: odd.map(({ order_id }) => order_id) };
  },
  no_deduplication({ repeated }) {
    const [first] = repeated;
    if (first === undefined) return undefined;
    const evidence = `${first.service} did the same ${first.event_type} ${first.times} times as if it were new ("${first.effect}")`;
    return { evidence, orders: unique(repeated) };
  },
  no_dead_letters({ overDelivered }) {
    if (overDelivered === undefined) return undefined;
    const { service, attempts, error } = overDelivered;
    const evidence = `${service} received the same message ${attempts} times ("${error}"), and nobody put it aside`;
    return { evidence, orders: [] };
  },
};

/** Sums that are wrong only when an older value was written over a newer one. */
function lostUpdate(product: ProductFacts, repeated: number): string | undefined {
  const { stock, reserved, available, received, held, shipped } = product;
  const below = Object.entries({ stock, reserved, available }).find(([, count]) => count < 0);
  if (below !== undefined)
    return `${below[0]} is ${below[1]}, where an addition with a condition would have been refused`;
  if (stock + shipped > received) return `of ${received} pieces ${shipped} have left, and still there are ${stock}`;
  // Repeated effects lead to wrong sums as well.
  if (repeated > 0 || reserved === held) return undefined;
  return `${reserved} are reserved, and ${held} are in open orders, though nothing was done twice`;
}

/** Whether the records show that a service never handled an event. */
function isUndone({ service, event_type, event_id }: LoggedError, order: OrderFacts): boolean {
  switch (service) {
    case 'order':
      return !order.events.has(event_id);
    case 'inventory':
      if (event_type === 'order_created') return order.reservation === undefined;
      return event_type === 'payment_failed' && order.reservation === 'held';
    case 'payment':
      return event_type === 'inventory_reserved' && order.payment === undefined;
    case 'fulfillment':
      return event_type === 'payment_succeeded' && order.reservation === 'held';
    case 'analytics':
      return true;
    default:
      return false;
  }
}

const unique = (found: readonly { order_id: string }[]) => [...new Set(found.map(({ order_id }) => order_id))];
