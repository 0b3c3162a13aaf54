import { CATALOGUE } from '../domain/catalogue.ts';
import { type ItemRequest, validateOrder } from '../domain/order-input.ts';
import type { Ports } from '../ports.ts';
import { audit } from '../shop/audit/audit.ts';
import { type PlacedOrder, placeOrders } from '../shop/runtime/create-order.ts';
import { drain } from '../shop/runtime/drain.ts';
import type { DrainSummary } from '../shop/runtime/drain-facts.ts';
import { AS_AWS, differs, type Trial, type TrialStack, type Verdict } from './behaviour.ts';

export const wish = (sku: string, quantity: number): ItemRequest[] => [{ sku, quantity }];

export async function place(
  { clock, uuid }: Trial,
  { ports }: Pick<TrialStack, 'ports'>,
  items: ItemRequest[],
  options: { count?: number; payment?: 'approve' | 'decline' } = {},
): Promise<PlacedOrder[]> {
  const { count = 1, payment = 'approve' } = options;
  const order = validateOrder({ customer: { id: 'ada', name: 'Ada Lovelace' }, items, payment }, CATALOGUE);
  return collect(placeOrders(order, count, { ports, clock, ids: { uuid } }));
}

export async function drainAll({ clock }: Trial, ports: Ports): Promise<DrainSummary> {
  const facts = await collect(drain({ ports, clock }));
  return facts.at(-1) as DrainSummary;
}

/** How many orders have each status. */
export async function statuses(ports: Ports): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const { status } of ports.tables.scan('orders')) {
    counts[String(status)] = (counts[String(status)] ?? 0) + 1;
  }
  return counts;
}

/** Every invariant of the shop holds, but for those named. */
export async function sound(ports: Ports, except: readonly string[] = []): Promise<Verdict> {
  const { checks } = await audit(ports);
  const broken = checks.filter(({ ok, id }) => !ok && !except.includes(id));
  return broken.length === 0 ? AS_AWS : differs(`the audit finds: ${broken.map(({ id }) => id).join(', ')}`);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
