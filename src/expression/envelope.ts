import { type Fields, isFields } from './values.ts';

export interface RawMessage {
  body: string;
  attributes: Record<string, string>;
  /** Milliseconds since the epoch. */
  sentAt: number;
}

/** The fields of what was published, with the attributes and the times of the message and of its publication. */
export interface Opened {
  fields: Fields;
  attributes: Record<string, string>;
  /** Milliseconds since the epoch. */
  sentAt: number;
  /** As SNS wrote it; undefined without an envelope. */
  publishedAt?: string;
}

export type Sealed = { problem: 'not_json' | 'not_event'; detail: string };

/** Opens a message, raw or in SNS's envelope (SNS Developer Guide, Raw message delivery). */
export function openMessage(message: RawMessage): Opened | Sealed {
  const outer = parseJson(message.body);
  if (outer === undefined) return { problem: 'not_json', detail: 'the body is not JSON' };
  if (!isFields(outer)) return { problem: 'not_event', detail: 'the body is JSON, but not an object' };
  if (outer.Type !== 'Notification' || typeof outer.Message !== 'string') {
    return { fields: outer, attributes: message.attributes, sentAt: message.sentAt };
  }
  const inner = parseJson(outer.Message);
  if (inner === undefined) return { problem: 'not_json', detail: "the SNS envelope's Message is not JSON" };
  if (!isFields(inner))
    return { problem: 'not_event', detail: "the SNS envelope's Message is JSON, but not an object" };
  return {
    fields: inner,
    attributes: { ...message.attributes, ...envelopeAttributes(outer.MessageAttributes) },
    sentAt: message.sentAt,
    ...(typeof outer.Timestamp === 'string' && { publishedAt: outer.Timestamp }),
  };
}

function envelopeAttributes(attributes: unknown): Record<string, string> {
  const found: [string, string][] = [];
  for (const [name, attribute] of Object.entries(isFields(attributes) ? attributes : {})) {
    if (isFields(attribute) && typeof attribute.Value === 'string') found.push([name, attribute.Value]);
  }
  return Object.fromEntries(found);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
