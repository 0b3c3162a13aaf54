import type { Value } from '../../topology/resources.ts';

/** Attributes that SQS and SNS send as text, by what the text says. */
export interface AttributeTypes {
  NUMBERS: ReadonlySet<string>;
  BOOLEANS: ReadonlySet<string>;
  /** JSON. */
  DOCUMENTS: ReadonlySet<string>;
}

export const wireValue = (value: Value): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

export function readAttributes(
  attributes: Record<string, string> | undefined,
  { NUMBERS, BOOLEANS, DOCUMENTS }: AttributeTypes,
): Record<string, Value> {
  const read = (name: string, text: string): Value => {
    if (NUMBERS.has(name)) return Number(text);
    if (BOOLEANS.has(name)) return text === 'true';
    return DOCUMENTS.has(name) ? (JSON.parse(text) as Value) : text;
  };
  const present = Object.entries(attributes ?? {}).filter(([, text]) => text !== '');
  return Object.fromEntries(present.map(([name, text]) => [name, read(name, text)]));
}
