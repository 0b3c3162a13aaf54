import type { OutgoingMessage, TypedValue } from '../ports.ts';

/** Attributes of an outgoing message in the form that SQS and SNS share; all of ours are strings. */
export function stringAttributes(
  attributes: Record<string, string> = {},
): Record<string, { DataType: string; StringValue: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

/** All attributes of a message for SQS, those of other types than String as they came. */
export function messageAttributes({ attributes, typed = {} }: OutgoingMessage) {
  const others = Object.entries(typed).map(([name, { type, value }]) => [
    name,
    typeof value === 'string' ? { DataType: type, StringValue: value } : { DataType: type, BinaryValue: value },
  ]);
  return { ...stringAttributes(attributes), ...Object.fromEntries(others) };
}

/** Names, types and values of attributes count towards the limits of SQS and SNS. */
export function messageBytes({ body, attributes = {}, typed = {} }: OutgoingMessage): number {
  const plain = Object.entries(attributes).map(([name, value]): [string, TypedValue] => [
    name,
    { type: 'String', value },
  ]);
  let bytes = Buffer.byteLength(body);
  for (const [name, { type, value }] of Object.entries({ ...Object.fromEntries(plain), ...typed })) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
  }
  return bytes;
}
