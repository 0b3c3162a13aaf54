// The only file that imports zod, in its small form, which is a third of the other; only the path of messages imports this file.
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import { type Opened, openMessage, type RawMessage } from '../expression/envelope.ts';
import { EVENT_TYPES, SCHEMA_VERSION, type ShopEvent } from './events.ts';
import { mergeLines, totalOf } from './lines.ts';
import { formatMoney, parseMoney } from './money.ts';
import { completeEvent } from './older-event.ts';
import { PAYMENT_INSTRUCTIONS } from './records.ts';
import { parseTimestamp } from './timestamp.ts';

export type Problem = 'not_json' | 'not_event' | 'newer_schema' | 'unknown_type';

/** What can be told of a message that could not be read as an event. */
export type Known = Partial<Record<'event_type' | 'event_id' | 'order_id' | 'correlation_id', string>>;

export type ParsedMessage = { event: ShopEvent } | ({ problem: Problem; detail: string } & Known);

// The small form of zod has no words of its own for what it finds.
z.config(en());

// Ids become keys, attributes, object names and headers: printable, without what any of these would have to escape.
const id = z.string().check(z.regex(/^[A-Za-z0-9._:@+-]{1,128}$/, 'not an id'));
const text = z.string().check(z.maxLength(1000));
const money = z.string().check(z.refine((amount) => parseMoney(amount) !== undefined, 'not an amount of money'));
const quantity = z.int().check(z.minimum(1), z.maximum(1_000_000));
const line = z.object({ sku: id, name: text, quantity, unit_price: money });
const shortage = z.object({ sku: id, requested: z.int(), available: z.int() });
const base = {
  event_id: id,
  order_id: id,
  customer_id: id,
  customer_name: text,
  correlation_id: id,
  causation_id: z.nullable(id),
  timestamp: z
    .string()
    .check(
      z.refine(
        (time) => parseTimestamp(time) !== undefined,
        'not a time with its offset, such as 2026-01-31T12:00:00Z',
      ),
    ),
  schema_version: z.int().check(z.minimum(1)),
  items: z.array(line).check(z.minLength(1)),
  total_amount: money,
  payment: z.enum(PAYMENT_INSTRUCTIONS),
};
const schema = z.discriminatedUnion('event_type', [
  z.object({ event_type: z.literal('order_created'), ...base }),
  z.object({ event_type: z.literal('inventory_reserved'), ...base }),
  z.object({ event_type: z.literal('inventory_rejected'), ...base, reason: text, shortages: z.array(shortage) }),
  z.object({ event_type: z.literal('payment_succeeded'), ...base, payment_id: id }),
  z.object({ event_type: z.literal('payment_failed'), ...base, payment_id: id, reason: text }),
  z.object({ event_type: z.literal('inventory_released'), ...base, reason: text }),
  z.object({ event_type: z.literal('order_fulfilled'), ...base, receipt_key: text }),
  z.object({ event_type: z.literal('cancel_requested'), ...base, reason: text }),
  z.object({ event_type: z.literal('payment_refunded'), ...base, payment_id: id, reason: text }),
]);

/** Reads a message as an event. Unknown fields are ignored, and what an older publisher leaves out is derived. */
export function parseMessage(message: RawMessage): ParsedMessage {
  const opened = openMessage(message);
  if ('problem' in opened) return opened;
  const known = knownOf(opened);
  const { schema_version: version } = opened.fields;
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    const detail = `schema_version ${version} is newer than ${SCHEMA_VERSION}, the newest known here`;
    return { problem: 'newer_schema', detail, ...known };
  }
  const eventType = opened.fields.event_type ?? opened.attributes.event_type;
  if (typeof eventType !== 'string') return { problem: 'not_event', detail: 'event_type is missing', ...known };
  if (!(EVENT_TYPES as readonly string[]).includes(eventType)) {
    return {
      problem: 'unknown_type',
      detail: `unknown event_type ${JSON.stringify(eventType.slice(0, 60))}`,
      ...known,
    };
  }
  const parsed = schema.safeParse(completeEvent(opened, eventType));
  if (!parsed.success) return { problem: 'not_event', detail: firstIssue(parsed.error), ...known };
  return settle(parsed.data as ShopEvent, known);
}

/** Checks what spans several fields: lines of one product become one, and the total is their sum. */
function settle(event: ShopEvent, known: Known): ParsedMessage {
  const items = mergeLines(event.items.map((item) => ({ ...item, unit_price: canonical(item.unit_price) })));
  if (items === undefined) {
    return { problem: 'not_event', detail: 'items: too many, or one product at two prices', ...known };
  }
  const total = totalOf(items);
  if (total === undefined || total !== parseMoney(event.total_amount)) {
    const sum = total === undefined ? 'out of range' : formatMoney(total);
    return {
      problem: 'not_event',
      detail: `total_amount ${event.total_amount} is not the items' sum, ${sum}`,
      ...known,
    };
  }
  const timestamp = new Date(parseTimestamp(event.timestamp)!).toISOString();
  return { event: { ...event, items, total_amount: formatMoney(total), timestamp } };
}

/** `5` and `5.0` are `5.00`. */
const canonical = (amount: string) => formatMoney(parseMoney(amount)!);

function knownOf({ fields, attributes }: Opened): Known {
  const known: Known = {};
  for (const name of ['event_type', 'event_id', 'order_id', 'correlation_id'] as const) {
    const value = fields[name] ?? attributes[name];
    if (typeof value === 'string') known[name] = value.slice(0, 128);
  }
  return known;
}

function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not an event';
  const path = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return `${path.replace(/^\./, '')}: ${issue.message}`.slice(0, 300);
}
