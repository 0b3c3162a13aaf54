import { orderCreated } from '../../domain/events.ts';
import { receiptKeyOf } from '../../domain/names.ts';
import { receiptFor } from '../../domain/receipt.ts';
import type { InventoryRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { type QueueState, queueStates } from '../runtime/drain-facts.ts';
import { analyticsEvidence } from './analytics.ts';
import { type Check, Checks, OVER_ALL_ORDERS } from './checks.ts';
import { Conservation, type ServiceBalance } from './conservation.ts';
import { ReceiptLedger } from './receipt-ledger.ts';
import { doubtfulReceipts, listReceipts, receiptFaults } from './receipts.ts';
import { StockSums } from './stock-sums.ts';
import { readAgain, type Scope, type StoryPage, storiesIn } from './stories.ts';
import { type Finding, findingsOf, hasShipped, type OrderStory } from './story.ts';

export interface AuditReport {
  /** Every invariant holds. */
  ok: boolean;
  /** No message waits or is in flight: only then a violation of what takes messages to hold is certain. */
  settled: boolean;
  verdict: 'holds' | 'violated' | 'not_settled';
  orders: number;
  checks: Check[];
  /** Published x subscribers = handled + waiting + dead-lettered, service by service. */
  deliveries: ServiceBalance[];
  queues: QueueState[];
  /** What could not be looked at. */
  notes: string[];
}

export interface AuditOptions extends Scope {
  /** The time now, without which log lines are taken to be kept for ever and to be there at once. */
  now?: number;
  /** How long a log line may take to be found: some time on AWS, none on an engine. */
  logDelayMs?: number;
}

/** Checks every invariant over what is stored, page by page, in constant memory. Changes nothing. */
export async function audit(ports: Ports, options: AuditOptions = {}): Promise<AuditReport> {
  return (await examine(ports, options)).report;
}

/** A report, and what is needed to go back to what it found. */
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
  /** Everything is looked at, not some orders. */
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

  /** Judges every order, and gives their number. */
  async orders(conservation: Conservation): Promise<number> {
    const { bucket } = this.#ports;
    let count = 0;
    if (this.isWhole) await Promise.all([this.#inventory(), listReceipts(bucket, this.receipts)]);
    for await (const page of storiesIn(this.#ports, this.#options)) {
      for (const story of page.stories) conservation.order(story);
      const shipped = (await this.#judge(page.stories)).filter(hasShipped);
      if (this.isWhole) for (const story of shipped) this.#expectReceipt(story);
      else await this.#readReceipts(shipped);
      this.#orphans(page);
      count += page.stories.length;
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

  /** What seems wrong may have changed between two reads: it is read again, in the order in which it is written. */
  async #judge(stories: readonly OrderStory[]): Promise<OrderStory[]> {
    const findings = stories.map(findingsOf);
    const odd = [...findings.keys()].filter((index) => findings[index]!.some(isOdd));
    const again = await readAgain(
      this.#ports.tables,
      odd.map((index) => stories[index]!),
    );
    const judged = [...stories];
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

  #expectReceipt({ order, reservation, payment }: OrderStory): void {
    if (reservation === undefined || payment === undefined) {
      this.receipts.expected(receiptKeyOf(order.order_id), '');
      return;
    }
    let text = '';
    try {
      text = receiptFor(orderCreated(order), payment, reservation);
    } catch {
      // Records that are not whole are found fault with elsewhere; the receipt is read.
    }
    this.receipts.expected(receiptKeyOf(order.order_id), text);
  }

  async #readReceipts(shipped: readonly OrderStory[]): Promise<void> {
    const faults = await receiptFaults(this.#ports.bucket, shipped);
    shipped.forEach(({ order }, index) => {
      this.checks.examine('receipts_match', 'order', order.order_id, faults[index]);
    });
  }

  #orphans({ orphans }: StoryPage): void {
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
