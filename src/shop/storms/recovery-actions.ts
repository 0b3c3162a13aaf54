import { deadLetterQueueOf, queueOf, SERVICES } from '../../domain/names.ts';
import { isTerminal } from '../../domain/order.ts';
import type { OrderRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { type AuditReport, examine } from '../audit/audit.ts';
import { repair } from '../audit/repair.ts';
import type { PublishDeps } from '../runtime/publish-again.ts';
import { retryOrder } from '../runtime/retry-order.ts';

/** As `order retry`: orders whose payment provider failed get one that works. */
export async function retryPayments(deps: PublishDeps): Promise<number> {
  let retried = 0;
  for await (const item of deps.ports.tables.scan('orders')) {
    const { order_id, payment, status } = item as OrderRecord;
    if (payment !== 'error' || isTerminal(status)) continue;
    if ((await retryOrder(order_id, deps)).payment_repaired) retried++;
  }
  return retried;
}

/**
 * As `audit --repair`: publishes events that were lost when a process died between a write and its publication. Resolves
 * with the number of events and the audit before the repair.
 */
export async function republishLost(deps: PublishDeps): Promise<{ events: number; report: AuditReport }> {
  const options = { now: deps.clock.now() };
  const examination = await examine(deps.ports, options);
  const { report } = examination;
  let events = 0;
  if (report.ok) return { events, report };
  for await (const fact of repair(examination, deps, options)) if (fact.kind === 'repair') events = fact.events;
  return { events, report };
}

/** As `dlq redrive`: receive, send, delete, in this order, so that an interruption duplicates a message and never loses it. */
export async function redriveDeadLetters({ queues }: Ports): Promise<{ redriven: number; discarded: number }> {
  let [redriven, discarded] = [0, 0];
  for (const service of SERVICES) {
    const source = deadLetterQueueOf(service);
    for (;;) {
      const messages = await queues.receive(source, { max: 10, waitSeconds: 0 });
      if (messages.length === 0) break;
      const readable = messages.filter(({ attributes }) => attributes.poison === undefined);
      await queues.send(queueOf(service), readable);
      await queues.delete(
        source,
        messages.map(({ receiptHandle }) => receiptHandle),
      );
      redriven += readable.length;
      discarded += messages.length - readable.length;
    }
  }
  return { redriven, discarded };
}
