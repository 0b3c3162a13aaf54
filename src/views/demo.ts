import type { AuditReport } from '../shop/audit/audit.ts';
import type { MetricsView } from '../shop/metrics.ts';
import type { DrainFact } from '../shop/runtime/drain-facts.ts';
import { auditView } from './audit.ts';
import type { View, ViewContext } from './context.ts';
import { type LogLine, logLineView } from './logs.ts';
import { metricsView } from './metrics.ts';
import { type OrderRow, ordersView, type PlacedView, placedView } from './orders.ts';
import type { ResourceChange } from './provision.ts';
import { type ReceiptRow, receiptsView } from './receipts.ts';
import { drainSummaryView, stepView } from './steps.ts';
import { type InventoryRow, inventoryView } from './stock.ts';
import { duration, plural } from './text.ts';

/** What the demo tells, in this order. */
export type DemoFact =
  | { kind: 'provisioned'; stack: string; resources: readonly ResourceChange[] }
  | ({ kind: 'placed' } & PlacedView)
  | DrainFact
  | { kind: 'orders'; orders: readonly OrderRow[]; more: boolean }
  | { kind: 'inventory'; inventory: readonly InventoryRow[] }
  | { kind: 'receipts'; receipts: readonly ReceiptRow[]; more: boolean }
  | ({ kind: 'metrics' } & MetricsView)
  | { kind: 'logs'; lines: readonly LogLine[] }
  | ({ kind: 'audit' } & AuditReport)
  | { kind: 'done'; duration_ms: number };

export const demoView: View<DemoFact> = (fact, context) => {
  switch (fact.kind) {
    case 'provisioned':
      return (
        section(
          'The shop',
          context,
          `${plural(fact.resources.length, 'resource')} provisioned on an engine inside this process.`,
        ) +
        '\n' +
        section('Orders placed, and each message as it is handled', context)
      );
    case 'placed':
      return placedView(fact, { ...context, terminal: false });
    case 'step':
      return stepView(fact, context);
    case 'summary':
      return drainSummaryView(fact, context);
    case 'orders':
      return section('Orders', context, ordersView(fact, context));
    case 'inventory':
      return section('Inventory', context, inventoryView(fact, context));
    case 'receipts':
      return section('Receipts', context, receiptsView(fact, context));
    case 'metrics':
      return section('Metrics', context, metricsView(fact, context));
    case 'logs':
      return section('The latest log lines', context, fact.lines.map((line) => logLineView(line, context)).join('\n'));
    case 'audit':
      return section('Invariants', context, auditView(fact, context));
    case 'done':
      return `\n${context.paint.dim(`Done in ${duration(fact.duration_ms)}; nothing was left behind. By hand: cliffracer up`)}`;
  }
};

const section = (title: string, { paint }: ViewContext, body = '') =>
  `\n${paint.bold(title)}${body === '' ? '' : `\n${body}`}`;
