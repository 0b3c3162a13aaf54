import type { ShopEvent } from '../../domain/events.ts';
import type { ServiceName } from '../../domain/names.ts';
import type { Remedy } from '../../errors.ts';
import { type PublishDeps, publishEvents } from '../runtime/publish-again.ts';
import { isStuckOnPayment, receiptDeliveries } from '../runtime/retry-order.ts';
import { analyticsEvidence } from './analytics.ts';
import type { AuditOptions, Examination } from './audit.ts';
import { isCertain } from './checks.ts';
import type { SeenByAnalytics } from './conservation.ts';
import { type Delivery, deliveriesOf } from './deliveries.ts';
import { hasShipped, type OrderSnapshot } from './order-snapshot.ts';
import { snapshotsIn } from './order-snapshots.ts';
import { doubtfulReceipts, receiptFaults } from './receipts.ts';

/** One order that was repaired, or could not be. */
export interface RepairedOrder {
  kind: 'repaired' | 'not_repaired';
  order_id: string;
  /** Types of the events that were published again. */
  published: string[];
  /** What was missing. */
  reason: string;
  /** What helps instead. */
  remedy?: Remedy;
}

export interface RepairSummary {
  kind: 'repair';
  orders: number;
  events: number;
  not_repaired: number;
  /** Services whose messages still wait: what they miss may be among these. */
  left_alone: ServiceName[];
  /** After a repair messages are on their way, and only another audit can tell. */
  verdict: 'holds' | 'violated' | 'not_settled';
  warnings: string[];
}

export type RepairFact = RepairedOrder | RepairSummary;

/**
 * Repairs what an audit found: publishes events again that were lost or never published, as the records show, and has
 * missing or wrong receipts rewritten. Publishing an event again is harmless, so this may run twice, and while workers run.
 * Wrong sums are not changed.
 */
export async function* repair(
  { report, receipts }: Examination,
  deps: PublishDeps,
  options: AuditOptions,
): AsyncGenerator<RepairFact> {
  const losers = report.deliveries.filter(({ lost }) => lost > 0);
  const run = new Repair(deps);
  if (losers.length > 0) {
    const services = new Set(losers.filter(({ waiting }) => waiting === 0).map(({ service }) => service));
    yield* run.lostMessages(services, options);
  }
  if (report.checks.some(({ id, ok }) => id === 'receipts_match' && !ok)) yield* run.receipts(receipts, options);
  const certain = report.checks.some(({ id, ok }) => !ok && isCertain(id));
  yield {
    kind: 'repair',
    orders: run.orders,
    events: run.events,
    not_repaired: run.notRepaired,
    left_alone: losers.filter(({ waiting }) => waiting > 0).map(({ service }) => service),
    verdict: run.orders > 0 && !certain ? 'not_settled' : report.verdict,
    warnings: [...run.warnings],
  };
}

class Repair {
  orders = 0;
  events = 0;
  notRepaired = 0;
  readonly warnings = new Set<string>();
  readonly #deps: PublishDeps;

  constructor(deps: PublishDeps) {
    this.#deps = deps;
  }

  async *lostMessages(services: ReadonlySet<ServiceName>, options: AuditOptions): AsyncGenerator<RepairedOrder> {
    if (services.size === 0) return;
    const { ports } = this.#deps;
    const seen = services.has('analytics') ? (await analyticsEvidence(ports.logs, options)).seen : () => undefined;
    for await (const { snapshots } of snapshotsIn(ports, options)) {
      for (const snapshot of snapshots) {
        const lost = lostDeliveries(snapshot, seen).filter(({ service }) => services.has(service));
        if (lost.length > 0) yield await this.#repair(snapshot, lost, reasonOf(lost));
      }
    }
  }

  async *receipts(ledger: Examination['receipts'], options: AuditOptions): AsyncGenerator<RepairedOrder> {
    for await (const { snapshot, detail } of this.#badReceipts(ledger, options)) {
      yield await this.#repair(snapshot, receiptDeliveries(snapshot), detail);
    }
  }

  async *#badReceipts(
    ledger: Examination['receipts'],
    options: AuditOptions,
  ): AsyncGenerator<{ snapshot: OrderSnapshot; detail: string }> {
    const { ports } = this.#deps;
    if (ledger !== undefined) {
      for await (const { snapshot, detail } of doubtfulReceipts(ports, ledger)) {
        // No service deletes a receipt that should not exist.
        if (snapshot !== undefined) yield { snapshot, detail };
      }
      return;
    }
    for await (const { snapshots } of snapshotsIn(ports, options)) {
      const shipped = snapshots.filter(hasShipped);
      const faults = await receiptFaults(ports.bucket, shipped);
      for (const [index, snapshot] of shipped.entries()) {
        const detail = faults[index];
        if (detail !== undefined) yield { snapshot, detail };
      }
    }
  }

  async #repair(snapshot: OrderSnapshot, deliveries: readonly Delivery[], reason: string): Promise<RepairedOrder> {
    const { order_id } = snapshot.order;
    const events = eventsOf(deliveries).filter((event) => !cannotSucceed(event, snapshot));
    if (events.length === 0) {
      this.notRepaired++;
      const action = isStuckOnPayment(snapshot) ? 'retry_order' : 'show_order';
      return { kind: 'not_repaired', order_id, published: [], reason, remedy: { action, id: order_id } };
    }
    const said = { action: 'published_again', message: `published again: ${reason}` };
    for (const warning of await publishEvents(events, this.#deps, said)) this.warnings.add(warning);
    this.orders++;
    this.events += events.length;
    return { kind: 'repaired', order_id, published: events.map(({ event_type }) => event_type), reason };
  }
}

function lostDeliveries(snapshot: OrderSnapshot, seen: SeenByAnalytics): Delivery[] {
  try {
    return deliveriesOf(snapshot).filter(({ event, handled = seen(event) }) => handled === false);
  } catch {
    // An incomplete record, which the audit reports.
    return [];
  }
}

/** Whether the payment provider would fail again. */
const cannotSucceed = ({ event_type }: ShopEvent, snapshot: OrderSnapshot): boolean =>
  event_type === 'inventory_reserved' && isStuckOnPayment(snapshot);

const eventsOf = (deliveries: readonly Delivery[]): ShopEvent[] => [
  ...new Map(deliveries.map(({ event }) => [event.event_id, event])).values(),
];

const reasonOf = (lost: readonly Delivery[]): string =>
  lost.map(({ service, event }) => `${service} has not handled ${event.event_type}`).join(', ');
