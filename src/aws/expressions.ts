import type { Expression } from '../ports.ts';
import { type Attributes, attributeValue } from './attribute-values.ts';

/** Names and values of all the expressions of one request, which share them; DynamoDB refuses empty ones. */
export function placeholders(...expressions: (Expression | undefined)[]) {
  const names: Record<string, string> = {};
  const values: Attributes = {};
  for (const expression of expressions) {
    Object.assign(names, expression?.names);
    for (const [name, value] of Object.entries(expression?.values ?? {})) values[name] = attributeValue(value);
  }
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
