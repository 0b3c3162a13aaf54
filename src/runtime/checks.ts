/** What always holds when no message is on its way, by id, in the order in which it is reported. */
export const INVARIANTS = {
  stock_not_negative: 'stock, reserved and available are never below zero',
  stock_adds_up: 'available = stock - reserved',
  reservations_add_up: 'reserved = sum of open reservations',
  stock_conserved: 'received = stock + what has left',
  one_payment: 'one payment for each reserved order, of its total',
  shipped_is_paid: 'nothing has shipped unpaid',
  shipped_is_reserved: 'nothing has shipped that was not reserved',
  receipts_match: 'one receipt for each fulfilled order, equal to the cent',
  records_agree: 'order, reservation and payment tell the same story',
  orders_finished: 'every order has come to its end',
  messages_done: 'no message is waiting, in flight or dead-lettered',
} as const;
export type InvariantId = keyof typeof INVARIANTS;

export interface Offender {
  /** An order, a product or a queue. */
  id: string;
  detail: string;
}

export interface Check {
  id: InvariantId;
  title: string;
  /** How many orders, products or queues it was checked for. */
  examined: number;
  ok: boolean;
  violations: number;
  /** The first few. */
  offenders: Offender[];
}

const SHOWN = 20;

/** Counts examinations and violations of each invariant; needs no more memory for more orders. */
export class Checks {
  readonly #checks = new Map<InvariantId, Check>();

  constructor() {
    for (const [id, title] of Object.entries(INVARIANTS) as [InvariantId, string][]) {
      this.#checks.set(id, { id, title, examined: 0, ok: true, violations: 0, offenders: [] });
    }
  }

  /** Records one examination; `detail` says what is wrong, undefined that nothing is. */
  examine(invariant: InvariantId, id: string, detail: string | undefined): void {
    const check = this.#checks.get(invariant)!;
    check.examined++;
    if (detail !== undefined) this.violate(invariant, id, detail);
  }

  violate(invariant: InvariantId, id: string, detail: string): void {
    const check = this.#checks.get(invariant)!;
    check.ok = false;
    check.violations++;
    if (check.offenders.length < SHOWN) check.offenders.push({ id, detail });
  }

  results(): Check[] {
    return [...this.#checks.values()];
  }
}
