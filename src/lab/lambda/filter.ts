import { type Pattern, parsePattern, patternMatches } from './pattern.ts';

/** Tells whether a message is for the function. */
export type MessageFilter = (record: { body: string }) => boolean;

/**
 * Filter criteria of an event source mapping: a message passes when one of the filters matches. Throws a text that says which
 * filter is wrong and how.
 */
export function messageFilter(patterns: readonly string[]): MessageFilter {
  const filters = patterns.map((text, index) => {
    try {
      return parsePattern(text);
    } catch (error) {
      throw new Error(`filter ${index + 1}: ${(error as Error).message}`);
    }
  });
  if (filters.length === 0) return () => true;
  return (record) => {
    let body: unknown;
    let read = false;
    const bodyOf = () => {
      if (!read) body = parsedBody(record.body);
      read = true;
      return body;
    };
    return filters.some((pattern) => passes(pattern, record, bodyOf));
  };
}

/**
 * "Properly filtering Amazon SQS messages" (same page): a pattern for a JSON body drops a body that is plain text, and the
 * other way round; without a pattern for the body its form does not matter.
 */
function passes(pattern: Pattern, record: { body: string }, bodyOf: () => unknown): boolean {
  const { members } = pattern;
  const body = members.get('body');
  if (body === undefined) return patternMatches(pattern, record);
  const parsed = bodyOf();
  const isJson = parsed !== undefined;
  if (isJson !== (typeof body !== 'function')) return false;
  return patternMatches(pattern, { ...record, body: isJson ? parsed : record.body });
}

/** A JSON object or list; anything else counts as plain text. */
function parsedBody(body: string): unknown {
  if (!/^\s*[{[]/.test(body)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
