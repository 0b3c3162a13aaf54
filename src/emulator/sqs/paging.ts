import { invalidParameter } from './errors.ts';

/**
 * One page of names in their order. The token holds the last name, so that names coming and going in between neither
 * repeat nor hide others.
 */
export function page(names: readonly string[], input: { NextToken?: string; MaxResults?: number }) {
  const { NextToken: token, MaxResults: max } = input;
  if (max !== undefined && (max < 1 || max > 1000)) {
    throw invalidParameter(
      'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.',
    );
  }
  if (token !== undefined && max === undefined) {
    throw invalidParameter('MaxResults is a mandatory parameter when you provide a value for NextToken.');
  }
  const after = token === undefined ? '' : readToken(token);
  const rest = names.filter((name) => name > after).sort();
  const items = rest.slice(0, max ?? 1000);
  const more = max !== undefined && rest.length > items.length;
  return { items, NextToken: more ? Buffer.from(`after:${items.at(-1)}`).toString('base64') : undefined };
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith('after:')) throw invalidParameter('Invalid or expired next token.');
  return text.slice('after:'.length);
}
