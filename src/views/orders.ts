import type { NewOrder } from '../domain/order-input.ts';
import type { OrderRecord, PaymentRecord, ReservationRecord } from '../domain/records.ts';
import type { View, ViewContext } from './context.ts';
import { type Column, table } from './table.ts';
import { heading, plural, safe, status, time } from './text.ts';

export type OrderRow = Pick<
  OrderRecord,
  'order_id' | 'customer_id' | 'customer_name' | 'status' | 'items' | 'total_amount' | 'created_at'
> & { reason?: string };

/** `1 × laptop-pro, 2 × keyboard` */
export const itemsText = (items: readonly { sku: string; quantity: number }[]) =>
  items.map(({ sku, quantity }) => `${quantity} × ${safe(sku)}`).join(', ');

const orderColumns = (context: ViewContext): Column<OrderRow>[] => [
  { title: 'order', text: (row) => row.order_id },
  { title: 'customer', text: (row) => row.customer_id, shrinks: true },
  {
    title: 'status',
    text: (row) => row.status,
    paint: (text, row) => status(row.status, context).replace(row.status, text),
  },
  { title: 'total', text: (row) => row.total_amount, align: 'right' },
  { title: 'items', text: (row) => itemsText(row.items), shrinks: 14, yields: true },
  { title: 'placed', text: (row) => time(row.created_at, context), paint: (text) => context.paint.dim(text) },
];

export const ordersView: View<{ orders: readonly OrderRow[]; more: boolean }> = ({ orders, more }, context) => {
  if (orders.length === 0) return 'No orders.';
  const rest = more ? `\n${context.paint.dim('There are more: give --limit.')}` : '';
  return table(orderColumns(context), orders, context) + rest;
};

export interface OrderDetail {
  order: OrderRecord;
  reservation?: ReservationRecord | undefined;
  payment?: PaymentRecord | undefined;
  receipt?: { key: string; size: number; stored_at: string } | undefined;
}

const field = (label: string, value: string, { paint }: ViewContext) => `${paint.dim(label.padEnd(12))} ${value}`;

/** What an order that has come to an end without it will never have. */
const absent = ({ status }: OrderRecord) => (status === 'rejected' || status === 'cancelled' ? 'none' : 'none yet');

export const orderView: View<OrderDetail> = ({ order, reservation, payment, receipt }, context) => {
  const none = context.paint.dim(absent(order));
  const lines = [
    `${context.paint.bold(safe(order.order_id))}  ${status(order.status, context)}${order.reason ? `  ${context.paint.dim(safe(order.reason))}` : ''}`,
    field('customer', `${safe(order.customer_name)} (${safe(order.customer_id)})`, context),
    field('placed', time(order.created_at, context), context),
    field('correlation', safe(order.correlation_id), context),
    field('reservation', reservation ? status(reservation.status, context) : none, context),
    field('payment', payment ? paymentText(payment, context) : none, context),
    field('receipt', receipt ? safe(receipt.key) : none, context),
  ];
  return [lines.join('\n'), itemsTable(order, context), historyTable(order, context)].join('\n\n');
};

function paymentText(payment: PaymentRecord, context: ViewContext): string {
  const reason = payment.reason === undefined ? '' : ` (${safe(payment.reason)})`;
  return `${status(payment.status, context)} ${safe(payment.amount)}${reason}`;
}

export function itemsTable(order: Pick<OrderRecord, 'items' | 'total_amount'>, context: ViewContext): string {
  const columns: Column<OrderRecord['items'][number]>[] = [
    { title: 'item', text: (line) => line.sku, shrinks: 8 },
    { title: 'product', text: (line) => line.name, shrinks: true },
    { title: 'quantity', text: (line) => String(line.quantity), align: 'right' },
    { title: 'unit price', text: (line) => line.unit_price, align: 'right' },
  ];
  const pieces = order.items.reduce((sum, line) => sum + line.quantity, 0);
  const total = `${context.paint.bold(safe(order.total_amount))} for ${plural(pieces, 'piece')}`;
  return `${table(columns, order.items, context)}\n${context.paint.dim('TOTAL')}  ${total}`;
}

function historyTable(order: OrderRecord, context: ViewContext): string {
  const columns: Column<OrderRecord['history'][number]>[] = [
    { title: 'status', text: (fact) => fact.status, paint: (text) => status(text, context) },
    { title: 'when', text: (fact) => time(fact.at, context) },
    { title: 'event', text: (fact) => fact.event_id, paint: (text) => context.paint.dim(text), yields: true },
    { title: 'reason', text: (fact) => fact.reason ?? '', wraps: true },
  ];
  return `${heading('History', context)}\n${table(columns, order.history, context)}`;
}

/** An order before it is placed. */
export const orderTotalView: View<NewOrder> = (order, context) => {
  const { customer_name, customer_id, customer_email } = order;
  const email = customer_email === undefined ? '' : `, ${safe(customer_email)}`;
  return [
    '',
    field('customer', `${safe(customer_name)} (${safe(customer_id)})${email}`, context),
    field('payment', order.payment, context),
    '',
    itemsTable(order, context),
    '',
  ].join('\n');
};

export interface PlacedView {
  order: OrderRecord;
  warnings: readonly string[];
}

/** Many orders that are the same. */
export const placedManyView: View<PlacedView & { placed: number }> = ({ order, warnings, placed }, context) => {
  const { paint } = context;
  const each = `${itemsText(order.items)}, ${paint.bold(safe(order.total_amount))}${placed === 1 ? '' : ' each'}`;
  return [
    `${paint.green('✓')} ${plural(placed, 'order')} for ${safe(order.customer_id)}: ${each}; the last is ${paint.bold(safe(order.order_id))}`,
    ...warnings.map((warning) => paint.yellow(`  warning: ${safe(warning)}`)),
    paint.dim('  Next: cliffracer drain'),
  ].join('\n');
};

export const placedView: View<PlacedView> = ({ order, warnings }, context) => {
  const { paint, terminal } = context;
  const lines = [
    `${paint.green('✓')} ${paint.bold(safe(order.order_id))} for ${safe(order.customer_id)}: ${itemsText(order.items)}, ${paint.bold(safe(order.total_amount))}`,
    ...warnings.map((warning) => paint.yellow(`  warning: ${safe(warning)}`)),
  ];
  if (terminal)
    lines.push(paint.dim('  order_created waits for inventory and analytics. Next: cliffracer drain --step'));
  return lines.join('\n');
};
