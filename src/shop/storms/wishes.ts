import { CATALOGUE, DEMO_CUSTOMERS, inventoryRecord } from '../../domain/catalogue.ts';
import { type NewOrder, validateOrder } from '../../domain/order-input.ts';
import type { InventoryRecord, PaymentInstruction } from '../../domain/records.ts';
import type { Dice } from './dice.ts';

export interface Wish {
  order: NewOrder;
  /** The order is cancelled after about so many calls. */
  regret?: number;
}

/** Two products that are not there for everybody; of the others there is plenty. */
const SCARCE = CATALOGUE.slice(0, 2).map(({ sku }) => sku);
const OTHERS = CATALOGUE.slice(2).map(({ sku }) => sku);
/** How often each way of paying is chosen. */
const PAYMENTS: readonly [PaymentInstruction, number][] = [
  ['approve', 12],
  ['decline', 3],
  ['timeout', 2],
  ['error', 1],
];
const WAYS = PAYMENTS.flatMap(([payment, times]) => Array.from({ length: times }, () => payment));
const REGRETS = 0.15;

/** What customer `number` orders: always something scarce, sometimes more, and a payment that may fail. */
export function wishOf(number: number, dice: Dice): Wish {
  const quantity = dice.between(1, 3, 'quantity', number);
  const items = [{ sku: dice.pick(SCARCE, 'scarce', number), quantity }];
  if (dice.draw('more', number) < 0.4) items.push({ sku: dice.pick(OTHERS, 'other', number), quantity: 1 });
  const { customer_id: id, name } = dice.pick(DEMO_CUSTOMERS, 'customer', number);
  const payment = dice.pick(WAYS, 'payment', number);
  const order = validateOrder({ customer: { id, name }, items, payment }, CATALOGUE);
  return dice.draw('regrets', number) < REGRETS ? { order, regret: dice.between(0, 150, 'regret', number) } : { order };
}

/** Stock for which so many orders compete: a half to all of what they want of the scarce products. */
export function scarceStock(orders: number, dice: Dice): InventoryRecord[] {
  return SCARCE.map((sku) => inventoryRecord(sku, Math.ceil((orders * dice.between(5, 12, 'stock', sku)) / 10)));
}
