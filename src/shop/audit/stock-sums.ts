import type { InventoryRecord, ReservationRecord, ReservationStatus } from '../../domain/records.ts';
import type { Checks } from './checks.ts';

/** Reservations whose pieces are still in `reserved`. */
const OPEN: ReadonlySet<ReservationStatus> = new Set(['held', 'shipped']);

/** Compares reserved and shipped pieces with the inventory; its size depends on the number of products only. */
export class StockSums {
  readonly #checks: Checks;
  readonly #inventory = new Map<string, InventoryRecord>();
  readonly #open = new Map<string, number>();
  readonly #gone = new Map<string, number>();

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  inventory(record: InventoryRecord): void {
    const { sku, stock, reserved, available } = record;
    this.#inventory.set(sku, record);
    const negative = Object.entries({ stock, reserved, available }).filter(([, count]) => !(count >= 0));
    const detail = negative.map(([name, count]) => `${name} is ${count}`).join(', ');
    this.#checks.examine('stock_not_negative', 'product', sku, detail === '' ? undefined : detail);
    const wrong = available === stock - reserved ? undefined : `${available} is not ${stock} - ${reserved}`;
    this.#checks.examine('stock_adds_up', 'product', sku, wrong);
  }

  reservation({ order_id, status, items }: ReservationRecord): void {
    const sums = OPEN.has(status) ? this.#open : status === 'committed' ? this.#gone : undefined;
    if (!Array.isArray(items)) {
      this.#checks.violate('reservations_add_up', 'order', order_id, 'a reservation without items');
    } else for (const { sku, quantity } of items) sums?.set(sku, (sums.get(sku) ?? 0) + quantity);
  }

  /** Checks the sums, after every record was added. */
  conclude(): void {
    for (const sku of new Set([...this.#inventory.keys(), ...this.#open.keys(), ...this.#gone.keys()])) {
      const [open, gone] = [this.#open.get(sku) ?? 0, this.#gone.get(sku) ?? 0];
      const { reserved = 0, received = 0, stock = 0 } = this.#inventory.get(sku) ?? {};
      const held = reserved === open ? undefined : `${reserved} reserved, ${open} in open orders`;
      this.#checks.examine('reservations_add_up', 'product', sku, held);
      const kept = received === stock + gone ? undefined : `${received} came, ${stock} there, ${gone} left`;
      this.#checks.examine('stock_conserved', 'product', sku, kept);
    }
  }
}
