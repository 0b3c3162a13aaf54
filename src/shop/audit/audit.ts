import { orderCreated } from '../../domain/events.ts';
import { receiptKeyOf } from '../../domain/names.ts';
import { receiptFor } from '../../domain/receipt.ts';
import type { InventoryRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { type QueueState, queueStates } from '../runtime/drain-facts.ts';
import { analyticsEvidence } from './analytics.ts';
import { type Check, Checks, OVER_ALL_ORDERS } from './checks.ts';
import { Conservation, type ServiceBalance } from './conservation.ts';
import { type Finding, findingsOf, hasShipped, type OrderSnapshot } from './order-snapshot.ts';
import { readAgain, type Scope, type SnapshotPage, snapshotsIn } from './order-snapshots.ts';
import { ReceiptLedger } from './receipt-ledger.ts';
import { doubtfulReceipts, listReceipts, receiptFaults } from './receipts.ts';
import { StockSums } from './stock-sums.ts';

export interface AuditReport {
  /** Every invariant holds. */
  ok: boolean;
  /** No message is waiting or in flight; before that, some violations may only be pending. */
  settled: boolean;
  verdict: 'holds' | 'violated' | 'not_settled';
  orders: number;
  checks: Check[];
  /** Published x subscribers = handled + waiting + dead-lettered, service by service. */
  deliveries: ServiceBalance[];
  queues: QueueState[];
  /** What could not be checked. */
  notes: string[];
}

export interface AuditOptions extends Scope {
  /** The time now, without which log lines are taken to be kept for ever and to be there at once. */
  now?: number;
  /** How long a log line may take to be found: some time on AWS, none on an engine. */
  logDelayMs?: number;
}

/** Checks every invariant over the stored data, page by page, in constant memory. Changes nothing. */
export async function audit(ports: Ports, options: AuditOptions = {}): Promise<AuditReport> {
  return (await examine(ports, options)).report;
}

/** A report, with what a repair needs. */
export interface Examination {
  report: AuditReport;
  /** Tells which receipts are in doubt; undefined where they were read one by one. */
  receipts: ReceiptLedger | undefined;
}

export async function examine(ports: Ports, options: AuditOptions): Promise<Examination> {
  const before = await queueStates(ports);
  const run = new Audit(ports, options);
  const evidence = await analyticsEvidence(ports.logs, options);
  const conservation = new Conservation(evidence.seen);
  const orders = await run.orders(conservation);
  const queues = await queueStates(ports);
  const settled = isAtRest(before) && isAtRest(queues) && !evidence.early;
  const deliveries = conservation.conclude(run.checks, queues);
  for (const queue of queues) examineQueue(run.checks, queue);
  const checks = run.checks.results(settled, run.isWhole ? undefined : OVER_ALL_ORDERS);
  const ok = checks.every((check) => check.ok);
  const violated = checks.some(({ result }) => result === 'fail');
  const verdict = violated ? 'violated' : ok && settled ? 'holds' : 'not_settled';
  const report = { ok, settled, verdict, orders, checks, deliveries, queues, notes: evidence.notes } as const;
  return { report, receipts: run.isWhole ? run.receipts : undefined };
}

const isAtRest = (queues: readonly QueueState[]): boolean =>
  queues.every(({ ready, in_flight, delayed }) => ready + in_flight + delayed === 0);

function examineQueue(checks: Checks, { queue, ready, in_flight, delayed, dead_lettered }: QueueState): void {
  const counts = { ready, 'in flight': in_flight, delayed, 'dead-lettered': dead_lettered };
  const left = Object.entries(counts).filter(([, count]) => count > 0);
  const detail = left.map(([name, count]) => `${count} ${name}`).join(', ');
  const kind = dead_lettered > 0 ? 'dead_letters' : 'queue';
  checks.examine('messages_done', kind, queue, detail === '' ? undefined : detail);
}

class Audit {
  readonly checks = new Checks();
  /** All orders are checked, not a selection. */
  readonly isWhole: boolean;
  readonly receipts = new ReceiptLedger();
  readonly #ports: Ports;
  readonly #options: AuditOptions;
  readonly #sums = new StockSums(this.checks);

  constructor(ports: Ports, options: AuditOptions) {
    this.#ports = ports;
    this.#options = options;
    this.isWhole = options.order === undefined && options.since === undefined;
  }

  /** Checks every order, and returns their number. */
  async orders(conservation: Conservation): Promise<number> {
    const { bucket } = this.#ports;
    let count = 0;
    if (this.isWhole) await Promise.all([this.#inventory(), listReceipts(bucket, this.receipts)]);
    for await (const page of snapshotsIn(this.#ports, this.#options)) {
      for (const snapshot of page.snapshots) conservation.order(snapshot);
      const shipped = (await this.#judge(page.snapshots)).filter(hasShipped);
      if (this.isWhole) for (const snapshot of shipped) this.#expectReceipt(snapshot);
      else await this.#readReceipts(shipped);
      this.#orphans(page);
      count += page.snapshots.length;
    }
    if (!this.isWhole) return count;
    this.#sums.conclude();
    this.checks.passed('receipts_match', this.receipts.expectedCount);
    if (this.receipts.balanced) return count;
    for await (const { order_id, detail } of doubtfulReceipts(this.#ports, this.receipts)) {
      this.checks.violate('receipts_match', 'order', order_id, detail);
    }
    return count;
  }

  async #inventory(): Promise<void> {
    for await (const item of this.#ports.tables.scan('inventory')) this.#sums.inventory(item as InventoryRecord);
  }

  /** Reads orders with violations again, because their records may have changed between two reads. */
  async #judge(snapshots: readonly OrderSnapshot[]): Promise<OrderSnapshot[]> {
    const findings = snapshots.map(findingsOf);
    const odd = [...findings.keys()].filter((index) => findings[index]!.some(isOdd));
    const again = await readAgain(
      this.#ports.tables,
      odd.map((index) => snapshots[index]!),
    );
    const judged = [...snapshots];
    odd.forEach((place, index) => {
      judged[place] = again[index]!;
      findings[place] = findingsOf(again[index]!);
    });
    judged.forEach(({ order, reservation }, index) => {
      for (const [id, detail] of findings[index]!) this.checks.examine(id, 'order', order.order_id, detail);
      if (reservation !== undefined) this.#sums.reservation(reservation);
    });
    return judged;
  }

  #expectReceipt({ order, reservation, payment }: OrderSnapshot): void {
    if (reservation === undefined || payment === undefined) {
      this.receipts.expected(receiptKeyOf(order.order_id), '');
      return;
    }
    let text = '';
    try {
      text = receiptFor(orderCreated(order), payment, reservation);
    } catch {
      // Incomplete records are reported by another check; the receipt is read.
    }
    this.receipts.expected(receiptKeyOf(order.order_id), text);
  }

  async #readReceipts(shipped: readonly OrderSnapshot[]): Promise<void> {
    const faults = await receiptFaults(this.#ports.bucket, shipped);
    shipped.forEach(({ order }, index) => {
      this.checks.examine('receipts_match', 'order', order.order_id, faults[index]);
    });
  }

  #orphans({ orphans }: SnapshotPage): void {
    for (const orphan of orphans) {
      if ('payment' in orphan) {
        this.checks.examine('one_payment', 'order', String(orphan.payment.order_id), 'a payment without an order');
      } else {
        this.#sums.reservation(orphan.reservation);
        const id = String(orphan.reservation.order_id);
        this.checks.examine('records_agree', 'order', id, 'a reservation without an order');
      }
    }
  }
}

const isOdd = ([id, detail]: Finding): boolean => detail !== undefined && id !== 'orders_finished';
