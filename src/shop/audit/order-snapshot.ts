import { lineTotal, sameLines, totalOf } from '../../domain/lines.ts';
import { formatMoney, parseMoney } from '../../domain/money.ts';
import { isTerminal } from '../../domain/order.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type {
  OrderRecord,
  OrderStatus,
  PaymentInstruction,
  PaymentRecord,
  PaymentStatus,
  ReservationRecord,
  ReservationStatus,
} from '../../domain/records.ts';
import type { InvariantId } from './checks.ts';

/** The records of one order: its own, the reservation and the payment. */
export interface OrderSnapshot {
  order: OrderRecord;
  reservation: ReservationRecord | undefined;
  payment: PaymentRecord | undefined;
}

/** One check of an order; `detail` says what is wrong, undefined that nothing is. */
export type Finding = readonly [invariant: InvariantId, detail: string | undefined];

/** Judges an order by its records alone; pure. */
export function findingsOf(snapshot: OrderSnapshot): Finding[] {
  try {
    return judge(snapshot);
  } catch (error) {
    // Not written by the shop, whose records are always complete.
    return [['records_agree', `a record cannot be read: ${String(error)}`]];
  }
}

function judge(snapshot: OrderSnapshot): Finding[] {
  const { order, payment } = snapshot;
  const findings: Finding[] = [];
  if (payment !== undefined || MUST_BE_PAID.has(order.status)) findings.push(['one_payment', paymentFault(snapshot)]);
  if (payment?.status === 'refunded' || (payment?.status === 'succeeded' && WENT_BACK.has(order.status))) {
    findings.push(['refunds_match', refundFault(snapshot)]);
  }
  if (hasShipped(snapshot)) {
    const paid = payment?.status === 'succeeded';
    findings.push(['shipped_is_paid', paid ? undefined : `shipped, payment ${payment?.status ?? 'missing'}`]);
    findings.push(['shipped_is_reserved', reservationFault(snapshot)]);
  }
  findings.push(['records_agree', disagreement(snapshot)]);
  findings.push(['orders_finished', isTerminal(order.status) ? undefined : `still ${order.status}`]);
  return findings;
}

export const hasShipped = ({ order, reservation }: OrderSnapshot): boolean =>
  order.status === 'fulfilled' || reservation?.status === 'shipped' || reservation?.status === 'committed';

const MUST_BE_PAID: ReadonlySet<OrderStatus> = new Set(['paid', 'fulfilled', 'payment_failed', 'refunded']);
const WENT_BACK: ReadonlySet<OrderStatus> = new Set(['cancelled', 'refunded', 'rejected']);

function paymentFault({ order, payment }: OrderSnapshot): string | undefined {
  if (payment === undefined) return `${order.status} without a payment`;
  if (payment.amount !== order.total_amount) return `charged ${payment.amount} for ${order.total_amount}`;
  return (MAY_END[order.payment] as ReadonlySet<PaymentStatus> | undefined)?.has(payment.status) !== false
    ? undefined
    : `ordered with payment "${order.payment}", which ${payment.status}`;
}

const CHARGED: ReadonlySet<PaymentStatus> = new Set(['succeeded', 'refunded', 'voided']);
const NOT_CHARGED: ReadonlySet<PaymentStatus> = new Set(['failed', 'voided']);
/** The outcome is a property of the order; one whose provider fails has none yet. */
const MAY_END: Record<PaymentInstruction, ReadonlySet<PaymentStatus>> = {
  approve: CHARGED,
  decline: NOT_CHARGED,
  timeout: NOT_CHARGED,
  error: new Set<PaymentStatus>(['voided']),
};

function refundFault({ order, payment }: OrderSnapshot): string | undefined {
  if (payment!.status === 'succeeded') return `${order.status}, but its payment of ${payment!.amount} was kept`;
  if (WENT_BACK.has(order.status)) return undefined;
  return `${payment!.amount} refunded, but the order is ${order.status}`;
}

function reservationFault({ order, reservation }: OrderSnapshot): string | undefined {
  if (reservation === undefined) return 'shipped without a reservation';
  if (reservation.status !== 'shipped' && reservation.status !== 'committed') {
    return `shipped, reservation ${reservation.status}`;
  }
  return sameLines(order.items, reservation.items) ? undefined : 'the reservation is for other items';
}

/** What is wrong with the receipt of an order; `unreadable` when an object is there that is no receipt. */
export function receiptFault(snapshot: OrderSnapshot, receipt: Receipt | 'unreadable' | undefined): string | undefined {
  const { order } = snapshot;
  if (receipt === undefined) return 'shipped without a receipt';
  if (receipt === 'unreadable') return 'the receipt cannot be read';
  if (receipt.order_id !== order.order_id) return `the receipt is for ${receipt.order_id}`;
  const sum = totalOf(receipt.items);
  const worth = sum === undefined ? 'out of range' : formatMoney(sum);
  if (receipt.total_amount !== order.total_amount || worth !== order.total_amount) {
    return `receipt over ${receipt.total_amount}, items ${worth}, order ${order.total_amount}`;
  }
  return receipt.items.every((line) => parseMoney(line.line_total) === lineTotal(line))
    ? undefined
    : 'a line of the receipt does not add up';
}

type Pair = readonly [ReservationStatus | undefined, PaymentStatus | undefined];

/** What reservation and payment may say beside each status of an order, once every message is handled. */
const AGREE: Record<OrderStatus, readonly Pair[]> = {
  created: [[undefined, undefined]],
  reserved: [['held', undefined]],
  payment_failed: [['held', 'failed']],
  paid: [['held', 'succeeded']],
  cancelling: [
    [undefined, undefined],
    ['held', undefined],
    ['held', 'succeeded'],
  ],
  refunded: [['released', 'refunded']],
  rejected: [['rejected', undefined]],
  cancelled: [
    ['released', 'failed'],
    ['released', 'refunded'],
    ['released', 'voided'],
    ['withdrawn', 'voided'],
  ],
  fulfilled: [['committed', 'succeeded']],
};

function disagreement({ order, reservation, payment }: OrderSnapshot): string | undefined {
  const pairs = AGREE[order.status] as readonly Pair[] | undefined;
  if (pairs === undefined) return `unknown status ${order.status}`;
  const agrees = pairs.some(([held, paid]) => held === reservation?.status && paid === payment?.status);
  if (!agrees) {
    return `${order.status}, reservation ${reservation?.status ?? 'missing'}, payment ${payment?.status ?? 'missing'}`;
  }
  const ends = order.history.filter(({ status }) => isTerminal(status));
  return ends.length > 1 ? `ended as ${ends.map(({ status }) => status).join(' and ')}` : undefined;
}
