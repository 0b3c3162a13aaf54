import type { Receipt } from '../domain/receipt.ts';
import type { View } from './context.ts';
import { table } from './table.ts';
import { safe, time } from './text.ts';

export interface ReceiptRow {
  order_id: string;
  /** Of a receipt that can be read. */
  customer_id?: string;
  total_amount?: string;
  items?: number;
  fulfilled_at?: string;
  key: string;
  size: number;
  stored_at: string;
  /** Why it is no receipt of an order; absent where it is one. */
  problem?: string;
}

export const receiptsView: View<{ receipts: readonly ReceiptRow[]; more: boolean }> = ({ receipts, more }, context) => {
  if (receipts.length === 0) return 'No receipts. An order has one once it is fulfilled: cliffracer drain';
  const grid = table(
    [
      { title: 'order', text: (row: ReceiptRow) => row.order_id, shrinks: 20 },
      { title: 'customer', text: (row) => row.customer_id ?? '-', shrinks: true },
      { title: 'total', text: (row) => row.total_amount ?? '-', align: 'right' },
      { title: 'pieces', text: (row) => String(row.items ?? '-'), align: 'right' },
      { title: 'fulfilled', text: (row) => time(row.fulfilled_at ?? row.stored_at, context) },
      ...(receipts.some(({ problem }) => problem !== undefined)
        ? [
            {
              title: 'problem',
              text: (row: ReceiptRow) => row.problem ?? '',
              paint: (text: string) => context.paint.yellow(text),
              wraps: true,
            },
          ]
        : []),
      { title: 'key', text: (row) => row.key, paint: (text) => context.paint.dim(text), yields: true },
    ],
    receipts,
    context,
  );
  return more ? `${grid}\n${context.paint.dim('There are more: give --limit.')}` : grid;
};

export const receiptView: View<{ receipt: Receipt }> = ({ receipt }, context) => {
  const { paint } = context;
  const lines = table(
    [
      { title: 'item', text: (line: Receipt['items'][number]) => line.name, shrinks: true },
      { title: 'quantity', text: (line) => String(line.quantity), align: 'right' },
      { title: 'unit price', text: (line) => line.unit_price, align: 'right' },
      { title: 'amount', text: (line) => line.line_total, align: 'right' },
    ],
    receipt.items,
    context,
  );
  const field = (label: string, value: string) => `${paint.dim(label.padEnd(12))} ${safe(value)}`;
  return [
    paint.bold(`Receipt for ${safe(receipt.order_id)}`),
    field('customer', `${receipt.customer_name} (${receipt.customer_id})`),
    field('paid', `${time(receipt.paid_at, context)}, payment ${receipt.payment_id}`),
    field('fulfilled', time(receipt.fulfilled_at, context)),
    field('correlation', receipt.correlation_id),
    '',
    lines,
    `${paint.dim('TOTAL')}  ${paint.bold(safe(receipt.total_amount))}`,
  ].join('\n');
};
