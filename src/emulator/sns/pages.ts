import { invalidParameter } from './errors.ts';

// SNS lists up to 100 topics or subscriptions a call.
const PAGE_SIZE = 100;

/** One page of `entries`, which are in order of making; the token is the last one's place in that order. */
export function page<T extends { order: number }>(
  entries: Iterable<T>,
  token: string | undefined,
): { entries: T[]; nextToken: string | undefined } {
  const after = token === undefined || token === '' ? -1 : decode(token);
  const found: T[] = [];
  for (const entry of entries) {
    if (entry.order <= after) continue;
    if (found.length === PAGE_SIZE) return { entries: found, nextToken: encode(found.at(-1)!.order) };
    found.push(entry);
  }
  return { entries: found, nextToken: undefined };
}

const encode = (order: number) => Buffer.from(`after:${order}`).toString('base64');

function decode(token: string): number {
  const order = /^after:(\d{1,15})$/.exec(Buffer.from(token, 'base64').toString('latin1'))?.[1];
  if (order === undefined) throw invalidParameter('NextToken');
  return Number(order);
}
