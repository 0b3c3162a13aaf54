import { PackedText } from '../core/packed-text.ts';

/** An attribute value in DynamoDB's wire form; keys are strings, numbers or bytes. */
type KeyValue = { S?: string; N?: string; B?: Uint8Array } | undefined;

/** The key of an item as text: its values in the order of `keys`, joined by slashes, bytes in base64. */
export function itemKey(keys: readonly string[], given: object | undefined): string {
  const item = given instanceof PackedText ? given.value : given;
  return keys
    .map((name) => {
      const value = (item as Record<string, KeyValue> | undefined)?.[name];
      return value?.S ?? value?.N ?? (value?.B === undefined ? '' : Buffer.from(value.B).toString('base64'));
    })
    .join('/');
}
