import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { type ItemRequest, validateOrder } from '../../../src/domain/order-input.ts';
import type { OrderRecord, PaymentInstruction } from '../../../src/domain/records.ts';
import type { Ports } from '../../../src/ports.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { placeOrders } from '../../../src/shop/runtime/create-order.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import type { DrainFact, DrainSummary } from '../../../src/shop/runtime/drain-facts.ts';
import type { StepFact } from '../../../src/shop/runtime/facts.ts';
import { testIds, type World } from './memory-ports.ts';

export interface Wish {
  items: ItemRequest[];
  payment: PaymentInstruction;
}

export const LAPTOP_WISH: Wish = { items: [{ sku: 'laptop-pro', quantity: 1 }], payment: 'approve' };
export const DECLINED_WISH: Wish = { items: [{ sku: 'keyboard', quantity: 2 }], payment: 'decline' };
export const TIMEOUT_WISH: Wish = { items: [{ sku: 'headphones', quantity: 1 }], payment: 'timeout' };
/** Its payment provider fails until the order is retried. */
export const ERROR_WISH: Wish = { items: [{ sku: 'headphones', quantity: 1 }], payment: 'error' };
export const HUGE_WISH: Wish = { items: [{ sku: 'tablet-air', quantity: 101 }], payment: 'approve' };

/** Places orders as the program does, with ids that depend on nothing but their number. */
export async function place(world: World, wishes: readonly Wish[]): Promise<OrderRecord[]> {
  const ids = testIds();
  const orders: OrderRecord[] = [];
  for (const { items, payment } of wishes) {
    const input = validateOrder({ customer: { id: 'ada', name: 'Ada Lovelace' }, items, payment }, CATALOGUE);
    for await (const { order } of placeOrders(input, 1, { ports: world, clock: world.clock, ids })) orders.push(order);
  }
  return orders;
}

export async function collect<T>(facts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const fact of facts) all.push(fact);
  return all;
}

export async function drainAll(
  world: World,
  ports: Ports = world,
): Promise<{ steps: StepFact[]; summary: DrainSummary }> {
  const facts: DrainFact[] = await collect(drain({ ports, clock: world.clock }));
  const steps = facts.filter((fact): fact is StepFact => fact.kind === 'step');
  return { steps, summary: facts.at(-1) as DrainSummary };
}

/** Ids of the invariants that do not hold. */
export async function broken(world: World): Promise<string[]> {
  const { checks } = await audit(world);
  return checks.filter(({ ok }) => !ok).map(({ id, offenders }) => `${id}: ${JSON.stringify(offenders)}`);
}

export async function statuses(world: World): Promise<string[]> {
  const orders = await collect(world.tables.scan('orders'));
  return orders.map(({ status }) => String(status)).sort();
}
