import { hash } from 'node:crypto';
import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import type { DynamoState } from './state.ts';
import { bytesText, type Item } from './value.ts';

/** "A client token is valid for 10 minutes after the first request that uses it is completed" (API reference). */
const TOKEN_LIFE_MS = 10 * 60_000;

/**
 * What makes two requests the same one; how capacity is reported does not. The order of members does not count: the maps
 * of some languages have none, so that the same request is written differently when it is sent again.
 */
export function digestOf(transactItems: unknown): string {
  return hash('sha1', orderedText(transactItems), 'base64');
}

/** Text that says the same of all that is equal, and nothing else: strings come with their length, so need no quotes. */
function orderedText(value: unknown): string {
  if (typeof value === 'string') return `${value.length}:${value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return orderedText(bytesText(value));
  let text = '';
  if (Array.isArray(value)) {
    for (const element of value) text += `${orderedText(element)},`;
    return `[${text}]`;
  }
  const names = Object.keys(value);
  if (names.length > 1) names.sort();
  for (const name of names) text += `${name.length}:${name}${orderedText((value as Item)[name])},`;
  return `{${text}}`;
}

/** Whether this very request has been completed before. */
export function isReplay(context: Context<DynamoState>, token: string, digest: string): boolean {
  const { recent, older } = context.state.tokens;
  const known = recent.get(token) ?? older.get(token);
  if (known === undefined || context.now - known.at >= TOKEN_LIFE_MS) return false;
  if (known.digest === digest) return true;
  throw new AwsError(
    'IdempotentParameterMismatchException',
    'The specified client token has already been used with different parameters',
  );
}

export function rememberToken(context: Context<DynamoState>, token: string, digest: string): void {
  const { tokens } = context.state;
  if (context.now - tokens.since >= TOKEN_LIFE_MS) {
    tokens.older = tokens.recent;
    tokens.recent = new Map();
    tokens.since = context.now;
  }
  tokens.recent.set(token, { digest, at: context.now });
}
