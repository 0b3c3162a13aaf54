import type { Match } from './types/resources.ts';

/** A message as it is matched. */
export interface Matchable {
  id: string;
  body: string;
  json: unknown;
}

/** What a body holds as JSON, or the message inside of an SNS notification; undefined for plain text. */
export function contentOf(body: string): unknown {
  const value = jsonOf(body);
  const { Type, TopicArn, Message } = (value ?? {}) as { Type?: unknown; TopicArn?: unknown; Message?: unknown };
  const isNotification = Type === 'Notification' && typeof TopicArn === 'string' && typeof Message === 'string';
  return isNotification ? jsonOf(Message) : value;
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function matches(match: Match | undefined, message: Matchable): boolean {
  if (match === undefined) return true;
  if (typeof match === 'string') return message.body.includes(match);
  if (typeof match === 'function') return Boolean(match(message.json, message));
  if (match instanceof RegExp) return hasMatch(match, message.body);
  return fits(match, message.json);
}

/** Members that the pattern names must fit; lists must have as many elements. */
function fits(pattern: unknown, value: unknown): boolean {
  if (typeof pattern !== 'object' || pattern === null) return Object.is(pattern, value);
  // Matchers of vitest and jest, such as expect.any(String).
  const { asymmetricMatch } = pattern as { asymmetricMatch?: unknown };
  if (typeof asymmetricMatch === 'function') return Boolean(asymmetricMatch.call(pattern, value));
  if (pattern instanceof RegExp) return typeof value === 'string' && hasMatch(pattern, value);
  if (typeof value !== 'object' || value === null || Array.isArray(pattern) !== Array.isArray(value)) return false;
  if (Array.isArray(pattern) && pattern.length !== (value as unknown[]).length) return false;
  return Object.entries(pattern).every(([name, member]) =>
    fits(member, Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined),
  );
}

/** As if it had no memory of the last place (flags g and y). */
const hasMatch = (pattern: RegExp, text: string) => text.search(pattern) !== -1;

/** The pattern in words. */
export function describeMatch(match: Match | undefined): string {
  if (match === undefined) return '';
  if (typeof match === 'function') return ` that ${match.name === '' ? 'the function' : match.name} accepts`;
  return ` matching ${match instanceof RegExp ? match : JSON.stringify(match)}`;
}
