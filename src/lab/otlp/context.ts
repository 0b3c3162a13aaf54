import { createHash } from 'node:crypto';
import type { Call } from '../calls/call.ts';

/** Where a span belongs: ids in hex, of 32 and 16 characters. */
export interface SpanContext {
  traceId: string;
  spanId: string;
}

const hex = (text: string, length: number) => createHash('sha256').update(text).digest('hex').slice(0, length);

/** Ids follow from what is named, so that the same log exported twice makes the same spans. */
export const traceIdOf = ({ at_ms, seq }: Call) => hex(`trace ${at_ms} ${seq}`, 32);
export const spanIdOf = (what: string) => hex(`span ${what}`, 16);
export const callSpanId = ({ at_ms, seq }: Call) => spanIdOf(`call ${at_ms} ${seq}`);

/** The context that the program itself gave a message: `traceparent` (W3C Trace Context), else X-Ray's header. */
export function contextGiven(call: Call, input: unknown): SpanContext | undefined {
  const traceparent = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/.exec(traceparentIn(input) ?? '');
  if (traceparent !== null) return { traceId: traceparent[1]!, spanId: traceparent[2]! };
  for (const effect of call.effects) {
    if (effect.kind !== 'message' || effect.change !== 'sent' || effect.trace === null) continue;
    const root = /Root=1-([\da-f]{8})-([\da-f]{24})/i.exec(effect.trace);
    const parent = /Parent=([\da-f]{16})/i.exec(effect.trace);
    if (root !== null)
      return { traceId: `${root[1]}${root[2]}`.toLowerCase(), spanId: parent?.[1]?.toLowerCase() ?? '' };
  }
  return undefined;
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

function traceparentIn(input: unknown): string | undefined {
  const fields = fieldsOf(input);
  const entries = [fields.Entries, fields.PublishBatchRequestEntries].flat();
  for (const entry of [fields, ...entries]) {
    const { StringValue: value } = fieldsOf(fieldsOf(fieldsOf(entry).MessageAttributes).traceparent);
    if (typeof value === 'string') return value;
  }
  return undefined;
}
