import type { OrderRecord } from '../domain/records.ts';
import { columnsOf } from './columns.ts';
import type { ViewContext } from './context.ts';
import { safe, time } from './text.ts';

/** Rows as lines whose columns stand below each other, as in a list to choose from; the last column is not padded. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(safe));
  const widths: number[] = [];
  for (const row of cells)
    row.forEach((text, column) => {
      widths[column] = Math.max(widths[column] ?? 0, columnsOf(text));
    });
  return cells.map((row) =>
    row
      .map((text, column) => text + ' '.repeat(widths[column]! - columnsOf(text)))
      .join('  ')
      .trimEnd(),
  );
}

export const orderChoice = (order: OrderRecord, context: ViewContext): string[] => [
  order.order_id,
  order.status,
  time(order.created_at, context),
  `${order.total_amount} for ${order.customer_id}`,
];
