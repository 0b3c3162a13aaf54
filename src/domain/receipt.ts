import type { EventBase } from './events.ts';
import { lineTotal } from './lines.ts';
import { formatMoney } from './money.ts';
import type { OrderLine, PaymentRecord, ReservationRecord } from './records.ts';

export interface Receipt {
  order_id: string;
  customer_id: string;
  customer_name: string;
  correlation_id: string;
  payment_id: string;
  items: (OrderLine & { line_total: string })[];
  total_amount: string;
  paid_at: string;
  fulfilled_at: string;
}

/** The receipt's text. The same order gives the same bytes, however often it is written. */
export function receiptText(receipt: Omit<Receipt, 'items'> & { items: readonly OrderLine[] }): string {
  const { order_id, customer_id, customer_name, correlation_id, payment_id } = receipt;
  const { total_amount, paid_at, fulfilled_at } = receipt;
  const items = receipt.items.map(({ sku, name, quantity, unit_price }) => {
    const line: OrderLine = { sku, name, quantity, unit_price };
    return { ...line, line_total: formatMoney(lineTotal(line)) };
  });
  const document: Receipt = {
    order_id,
    customer_id,
    customer_name,
    correlation_id,
    payment_id,
    items,
    total_amount,
    paid_at,
    fulfilled_at,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The receipt of what has shipped, made of what is recorded alone. */
export function receiptFor(
  { order_id, customer_id, customer_name, correlation_id }: EventBase,
  { payment_id, amount, created_at }: PaymentRecord,
  { items, shipped_at = created_at }: ReservationRecord,
): string {
  return receiptText({
    order_id,
    customer_id,
    customer_name,
    correlation_id,
    payment_id,
    items,
    total_amount: amount,
    paid_at: created_at,
    fulfilled_at: shipped_at,
  });
}

/** Reads a stored receipt; undefined when it is not one. */
export function parseReceipt(text: string): Receipt | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null) return undefined;
    const { order_id, total_amount, items } = document as Partial<Receipt>;
    const whole = typeof order_id === 'string' && typeof total_amount === 'string' && Array.isArray(items);
    return whole ? (document as Receipt) : undefined;
  } catch {
    return undefined;
  }
}
