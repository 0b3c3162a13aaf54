import type { Remedy } from '../../errors.ts';

/** The invariants when no message is in flight, by id, in the order of the report. */
export const INVARIANTS = {
  stock_not_negative: 'stock, reserved and available are never below zero',
  stock_adds_up: 'available = stock - reserved',
  reservations_add_up: 'reserved = sum of open reservations',
  stock_conserved: 'received = stock + what has left',
  one_payment: 'one payment for each reserved order, of its total, ending as it says',
  refunds_match: 'what was paid for a cancelled order was refunded, and nothing else was',
  shipped_is_paid: 'nothing has shipped unpaid',
  shipped_is_reserved: 'nothing has shipped that was not reserved',
  receipts_match: 'one receipt for each fulfilled order, equal to the cent',
  records_agree: 'order, reservation and payment agree',
  orders_finished: 'every order has come to its end',
  messages_conserved: 'published x subscribers = handled + waiting + dead-lettered',
  messages_done: 'no message is waiting, in flight or dead-lettered',
} as const;
export type InvariantId = keyof typeof INVARIANTS;

/** Invariants that hold at every moment, also while messages are in flight. */
const AT_ALL_TIMES: ReadonlySet<InvariantId> = new Set([
  'stock_not_negative',
  'stock_adds_up',
  'one_payment',
  'shipped_is_paid',
  'shipped_is_reserved',
]);

export const isCertain = (id: InvariantId): boolean => AT_ALL_TIMES.has(id);

/** Invariants that need every order and reservation, not a selection. */
export const OVER_ALL_ORDERS: ReadonlySet<InvariantId> = new Set([
  'stock_not_negative',
  'stock_adds_up',
  'reservations_add_up',
  'stock_conserved',
]);

export interface Offender {
  /** An order, a product or a queue. */
  id: string;
  detail: string;
  /** What shows it. */
  remedy: Remedy;
}

export interface Check {
  id: InvariantId;
  title: string;
  /** How many orders, products, queues or deliveries it was checked for. */
  examined: number;
  ok: boolean;
  /** `pending` when messages in flight may still resolve the violations. */
  result: 'pass' | 'fail' | 'pending';
  violations: number;
  /** The first few. */
  offenders: Offender[];
}

export type OffenderKind = 'order' | 'delivery' | 'product' | 'queue' | 'dead_letters';

const SHOWN_BY: Record<OffenderKind, Remedy['action']> = {
  order: 'show_order',
  delivery: 'trace_order',
  product: 'show_inventory',
  queue: 'show_queues',
  dead_letters: 'show_dead_letters',
};

const SHOWN = 20;

/** Counts examinations and violations of each invariant, in constant memory. */
export class Checks {
  readonly #checks = new Map<InvariantId, Check>();

  constructor() {
    for (const [id, title] of Object.entries(INVARIANTS) as [InvariantId, string][]) {
      this.#checks.set(id, { id, title, examined: 0, ok: true, result: 'pass', violations: 0, offenders: [] });
    }
  }

  /** Records examinations of which none found anything. */
  passed(invariant: InvariantId, count: number): void {
    this.#checks.get(invariant)!.examined += count;
  }

  /** Records one examination; `detail` says what is wrong, undefined that nothing is. */
  examine(invariant: InvariantId, kind: OffenderKind, id: string, detail: string | undefined): void {
    this.passed(invariant, 1);
    if (detail !== undefined) this.violate(invariant, kind, id, detail);
  }

  /** Records violations, of which the offender stands for one or, where they are only counted, for all. */
  violate(invariant: InvariantId, kind: OffenderKind, id: string, detail: string, count = 1): void {
    const check = this.#checks.get(invariant)!;
    check.ok = false;
    check.violations += count;
    if (check.offenders.length < SHOWN) check.offenders.push({ id, detail, remedy: { action: SHOWN_BY[kind], id } });
  }

  /** `settled` says that no message was on its way while everything was looked at. */
  results(settled: boolean, without: ReadonlySet<InvariantId> = new Set()): Check[] {
    const checks = [...this.#checks.values()].filter(({ id }) => !without.has(id));
    for (const check of checks) {
      check.result = check.ok ? 'pass' : settled || isCertain(check.id) ? 'fail' : 'pending';
    }
    return checks;
  }
}
