import type { Opened } from '../expression/envelope.ts';
import { type Fields, isFields } from '../expression/values.ts';
import { CATALOGUE } from './catalogue.ts';
import { derivedId } from './ids.ts';
import { totalOf } from './lines.ts';
import { formatMoney, parseMoney } from './money.ts';
import { receiptKeyOf } from './names.ts';
import type { OrderLine } from './records.ts';
import { parseTimestamp } from './timestamp.ts';

/**
 * Fills in what publishers before this version left out. Everything derived is the same for every delivery of the
 * message, so that handling it twice does the same twice.
 */
export function completeEvent(opened: Opened, eventType: string): Fields {
  const { fields, attributes } = opened;
  const order_id = fields.order_id ?? attributes.order_id;
  const order = typeof order_id === 'string' ? order_id : '';
  const items = Array.isArray(fields.items) ? fields.items.map(completeLine) : fields.items;
  // Each field by its name: what is not known here is not looked at, and objects of one shape are read the fastest.
  return {
    event_type: eventType,
    order_id,
    customer_id: fields.customer_id,
    event_id: fields.event_id ?? derivedId(order, eventType),
    correlation_id: fields.correlation_id ?? attributes.correlation_id ?? derivedId(order, 'correlation'),
    causation_id: fields.causation_id ?? null,
    customer_name: fields.customer_name ?? fields.customer_id,
    timestamp: fields.timestamp ?? isoTime(publishedAt(opened)),
    schema_version: fields.schema_version ?? 1,
    payment: fields.payment ?? 'approve',
    items,
    total_amount: decimal(fields.total_amount) ?? sumOf(items),
    reason: fields.reason ?? 'not given',
    shortages: fields.shortages ?? [],
    payment_id: fields.payment_id ?? (eventType.startsWith('payment_') ? derivedId(order, 'payment') : undefined),
    receipt_key: fields.receipt_key ?? receiptKeyOf(order),
  };
}

/** By the topic's own word, where it gave one that can be read. */
const publishedAt = ({ publishedAt: text, sentAt }: Opened): number =>
  (text === undefined ? undefined : parseTimestamp(text)) ?? sentAt;

const isoTime = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString() : undefined);

function completeLine(raw: unknown): unknown {
  if (!isFields(raw)) return raw;
  if (typeof raw.name === 'string' && typeof raw.unit_price === 'string') return raw;
  const product = CATALOGUE.find(({ sku }) => sku === raw.sku);
  return {
    ...raw,
    name: raw.name ?? product?.name ?? raw.sku,
    unit_price: decimal(raw.unit_price) ?? (product && formatMoney(product.price)),
  };
}

/** Prices as JSON numbers, which older publishers sent, are taken when they are whole cents. */
function decimal(amount: unknown): unknown {
  if (typeof amount !== 'number') return amount ?? undefined;
  const written = amount.toFixed(2);
  return Number(written) === amount ? written : amount;
}

function sumOf(items: unknown): string | undefined {
  if (!Array.isArray(items) || !items.every(isPriced)) return undefined;
  const total = totalOf(items);
  return total === undefined ? undefined : formatMoney(total);
}

const isPriced = (line: unknown): line is OrderLine =>
  isFields(line) &&
  Number.isSafeInteger(line.quantity) &&
  typeof line.unit_price === 'string' &&
  parseMoney(line.unit_price) !== undefined;
