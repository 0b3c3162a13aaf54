import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { StoredItem } from '../../lab/calls/call.ts';

/** An item of the SDK as DynamoDB's JSON has it on the wire: bytes as base64. */
export const fromWire = (item: Readonly<Record<string, AttributeValue>>): StoredItem =>
  mapped(item, (bytes) => Buffer.from(bytes as Uint8Array).toString('base64'));

/** The way back. */
export const toWire = (item: StoredItem): Record<string, AttributeValue> =>
  mapped(item, (text) => Buffer.from(String(text), 'base64')) as unknown as Record<string, AttributeValue>;

type Convert = (bytes: unknown) => unknown;

function mapped(item: object, convert: Convert): StoredItem {
  const made: Record<string, Record<string, unknown>> = Object.create(null);
  for (const [name, value] of Object.entries(item)) made[name] = mappedValue(value as object, convert);
  return made;
}

function mappedValue(value: object, convert: Convert): Record<string, unknown> {
  const [type, content] = Object.entries(value)[0] ?? ['NULL', true];
  return { [type]: contentOf(type, content, convert) };
}

function contentOf(type: string, content: unknown, convert: Convert): unknown {
  switch (type) {
    case 'B':
      return convert(content);
    case 'BS':
      return [...(content as Iterable<unknown>)].map(convert);
    case 'L':
      return (content as object[]).map((each) => mappedValue(each, convert));
    case 'M':
      return mapped(content as object, convert);
    default:
      return content;
  }
}
