import { lineTotal, sameLines, totalOf } from '../domain/lines.ts';
import { formatMoney, parseMoney } from '../domain/money.ts';
import { isTerminal } from '../domain/order.ts';
import type { Receipt } from '../domain/receipt.ts';
import type {
  InventoryRecord,
  OrderRecord,
  OrderStatus,
  PaymentRecord,
  ReservationRecord,
  ReservationStatus,
} from '../domain/records.ts';
import { type Check, Checks } from './checks.ts';
import type { QueueState } from './drain-facts.ts';

/** An order with all that other services recorded about it; `unreadable` when an object is there that is no receipt. */
export interface OrderStory {
  order: OrderRecord;
  reservation: ReservationRecord | undefined;
  payment: PaymentRecord | undefined;
  receipt: Receipt | 'unreadable' | undefined;
}

/** Judges records that are handed in one by one, in any order; pure, and of constant size but for the products. */
export class Invariants {
  readonly #checks = new Checks();
  readonly #inventory = new Map<string, InventoryRecord>();
  readonly #open = new Map<string, number>();
  readonly #gone = new Map<string, number>();

  inventory(record: InventoryRecord): void {
    const { sku, stock, reserved, available } = record;
    this.#inventory.set(sku, record);
    const negative = Object.entries({ stock, reserved, available }).filter(([, count]) => !(count >= 0));
    const detail = negative.map(([name, count]) => `${name} is ${count}`).join(', ');
    this.#checks.examine('stock_not_negative', sku, detail === '' ? undefined : detail);
    const adds = available === stock - reserved;
    this.#checks.examine('stock_adds_up', sku, adds ? undefined : `${available} is not ${stock} - ${reserved}`);
  }

  reservation({ order_id, status, items }: ReservationRecord): void {
    const sums = OPEN.has(status) ? this.#open : status === 'committed' ? this.#gone : undefined;
    if (!Array.isArray(items)) this.#checks.violate('reservations_add_up', order_id, 'a reservation without items');
    else for (const { sku, quantity } of items) sums?.set(sku, (sums.get(sku) ?? 0) + quantity);
  }

  order(story: OrderStory): void {
    try {
      this.#judge(story);
    } catch (error) {
      // Somebody else's hand: records that the shop writes are always whole.
      this.#checks.violate('records_agree', String(story.order.order_id), `a record cannot be read: ${String(error)}`);
    }
  }

  #judge(story: OrderStory): void {
    const { order } = story;
    const examine = (id: Parameters<Checks['examine']>[0], detail: string | undefined) =>
      this.#checks.examine(id, order.order_id, detail);
    if (story.payment !== undefined || mustBePaid(story)) examine('one_payment', paymentFault(story));
    if (hasShipped(story)) {
      const { payment } = story;
      const paid = payment?.status === 'succeeded';
      examine('shipped_is_paid', paid ? undefined : `shipped, payment ${payment?.status ?? 'missing'}`);
      examine('shipped_is_reserved', reservationFault(story));
    }
    if (hasShipped(story) || story.receipt !== undefined) examine('receipts_match', receiptFault(story));
    examine('records_agree', disagreement(story));
    examine('orders_finished', isTerminal(order.status) ? undefined : `still ${order.status}`);
  }

  /** A record that is about no order there is. */
  orphan(kind: 'reservation' | 'payment', orderId: string): void {
    const id = kind === 'payment' ? 'one_payment' : 'records_agree';
    this.#checks.examine(id, orderId, `a ${kind} without an order`);
  }

  /** A receipt for an order that is not fulfilled. */
  strayReceipt(orderId: string, order: OrderRecord | undefined): void {
    const detail =
      order === undefined ? 'a receipt without an order' : `a receipt for an order that is ${order.status}`;
    this.#checks.examine('receipts_match', orderId, detail);
  }

  queue({ queue, ready, in_flight, delayed, dead_lettered }: QueueState): void {
    const counts = { ready, 'in flight': in_flight, delayed, 'dead-lettered': dead_lettered };
    const left = Object.entries(counts).filter(([, count]) => count > 0);
    const detail = left.map(([name, count]) => `${count} ${name}`).join(', ');
    this.#checks.examine('messages_done', queue, detail === '' ? undefined : detail);
  }

  /** Judges what needs all records, and tells the results. */
  results(): Check[] {
    for (const sku of new Set([...this.#inventory.keys(), ...this.#open.keys(), ...this.#gone.keys()])) {
      const record = this.#inventory.get(sku);
      const [open, gone] = [this.#open.get(sku) ?? 0, this.#gone.get(sku) ?? 0];
      const { reserved = 0, received = 0, stock = 0 } = record ?? {};
      const adds = reserved === open;
      this.#checks.examine(
        'reservations_add_up',
        sku,
        adds ? undefined : `${reserved} reserved, ${open} in open orders`,
      );
      const kept = received === stock + gone;
      this.#checks.examine('stock_conserved', sku, kept ? undefined : `${received} came, ${stock} there, ${gone} left`);
    }
    return this.#checks.results();
  }
}

/** Reservations whose pieces are still in `reserved`. */
const OPEN: ReadonlySet<ReservationStatus> = new Set(['held', 'shipped']);

const hasShipped = ({ order, reservation }: OrderStory) =>
  order.status === 'fulfilled' || reservation?.status === 'shipped' || reservation?.status === 'committed';

const mustBePaid = ({ order }: OrderStory) =>
  order.status === 'paid' || order.status === 'fulfilled' || order.status === 'payment_failed';

function paymentFault({ order, payment }: OrderStory): string | undefined {
  if (payment === undefined) return `${order.status} without a payment`;
  return payment.amount === order.total_amount ? undefined : `charged ${payment.amount} for ${order.total_amount}`;
}

function reservationFault({ order, reservation }: OrderStory): string | undefined {
  if (reservation === undefined) return 'shipped without a reservation';
  if (reservation.status !== 'shipped' && reservation.status !== 'committed') {
    return `shipped, reservation ${reservation.status}`;
  }
  return sameLines(order.items, reservation.items) ? undefined : 'the reservation is for other items';
}

function receiptFault(story: OrderStory): string | undefined {
  const { order, receipt } = story;
  if (receipt === undefined) return 'shipped without a receipt';
  if (receipt === 'unreadable') return 'the receipt cannot be read';
  if (!hasShipped(story)) return `a receipt for an order that is ${order.status}`;
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

type Story = { reservation: readonly (ReservationStatus | undefined)[]; payment: readonly (string | undefined)[] };

/** What other records may say beside each status of an order, once every message is handled. */
const AGREE: Record<OrderStatus, Story> = {
  created: { reservation: [undefined], payment: [undefined] },
  reserved: { reservation: ['held'], payment: [undefined] },
  payment_failed: { reservation: ['held'], payment: ['failed'] },
  paid: { reservation: ['held'], payment: ['succeeded'] },
  rejected: { reservation: ['rejected'], payment: [undefined] },
  cancelled: { reservation: ['released'], payment: ['failed'] },
  fulfilled: { reservation: ['committed'], payment: ['succeeded'] },
};

function disagreement({ order, reservation, payment }: OrderStory): string | undefined {
  const may = AGREE[order.status] as Story | undefined;
  if (may === undefined) return `unknown status ${order.status}`;
  if (!may.reservation.includes(reservation?.status)) {
    return `${order.status}, reservation ${reservation?.status ?? 'missing'}`;
  }
  if (!may.payment.includes(payment?.status)) return `${order.status}, payment ${payment?.status ?? 'missing'}`;
  const ends = order.history.filter(({ status }) => isTerminal(status));
  return ends.length > 1 ? `ended as ${ends.map(({ status }) => status).join(' and ')}` : undefined;
}
