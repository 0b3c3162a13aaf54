import { CATALOGUE, DEMO_CUSTOMERS, inventoryRecord } from '../../domain/catalogue.ts';
import { type NewOrder, validateOrder } from '../../domain/order-input.ts';
import type { InventoryRecord, PaymentInstruction } from '../../domain/records.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface OrderScenario {
  order: NewOrder;
  /** The order is cancelled after about this many calls. */
  cancelAfter?: number;
}

/** Two products of which there are too few for all orders; of the others there are enough. */
const SCARCE = CATALOGUE.slice(0, 2).map(({ sku }) => sku);
const OTHERS = CATALOGUE.slice(2).map(({ sku }) => sku);
/** How often each way of paying is chosen. */
const PAYMENTS: readonly [PaymentInstruction, number][] = [
  ['approve', 12],
  ['decline', 3],
  ['timeout', 2],
  ['error', 1],
];
const WEIGHTED_PAYMENTS = PAYMENTS.flatMap(([payment, times]) => Array.from({ length: times }, () => payment));
const CANCEL_RATE = 0.15;

/** The order of customer `number`: a scarce product, sometimes another one, and a payment that may fail. */
export function orderScenario(number: number, random: SeededRandom): OrderScenario {
  const quantity = random.between(1, 3, 'quantity', number);
  const items = [{ sku: random.pick(SCARCE, 'scarce', number), quantity }];
  if (random.draw('more', number) < 0.4) items.push({ sku: random.pick(OTHERS, 'other', number), quantity: 1 });
  const { customer_id: id, name } = random.pick(DEMO_CUSTOMERS, 'customer', number);
  const payment = random.pick(WEIGHTED_PAYMENTS, 'payment', number);
  const order = validateOrder({ customer: { id, name }, items, payment }, CATALOGUE);
  return random.draw('regrets', number) < CANCEL_RATE
    ? { order, cancelAfter: random.between(0, 150, 'regret', number) }
    : { order };
}

/** Stock of the scarce products for this many orders: between half and all of what they need. */
export function scarceStock(orders: number, random: SeededRandom): InventoryRecord[] {
  return SCARCE.map((sku) => inventoryRecord(sku, Math.ceil((orders * random.between(5, 12, 'stock', sku)) / 10)));
}
