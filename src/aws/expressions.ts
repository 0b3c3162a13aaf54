import type { Expression, Item } from '../ports.ts';

/** Names and values of all the expressions of one request, which share them; DynamoDB refuses empty ones. */
export function placeholders(...expressions: (Expression | undefined)[]) {
  const names = Object.assign({}, ...expressions.map((each) => each?.names)) as Record<string, string>;
  const values = Object.assign({}, ...expressions.map((each) => each?.values)) as Item;
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
