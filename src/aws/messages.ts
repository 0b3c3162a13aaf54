import type { OutgoingMessage, TypedValue } from '../ports.ts';

/** Attributes of an outgoing message in the form that SQS and SNS share; all of ours are strings. */
export function stringAttributes(
  attributes: Record<string, string> = {},
): Record<string, { DataType: string; StringValue: string }> {
  const found: Record<string, { DataType: string; StringValue: string }> = {};
  for (const name in attributes) found[name] = { DataType: 'String', StringValue: attributes[name]! };
  return found;
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
  let bytes = Buffer.byteLength(body);
  const add = (name: string, { type, value }: TypedValue) => {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
  };
  for (const name in attributes) {
    if (!Object.hasOwn(typed, name)) add(name, { type: 'String', value: attributes[name]! });
  }
  for (const [name, value] of Object.entries(typed)) add(name, value);
  return bytes;
}
