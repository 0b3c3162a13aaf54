import type { Pattern } from './pattern.ts';
import { invalidTerm, isSpace, type Scanner } from './scanner.ts';

const BARE = /[A-Za-z0-9_]/;

/**
 * Reads terms: all of them, none of those after `-`, one of those after `?` (CloudWatch Logs User Guide, Using filter
 * patterns to match terms in unstructured log events). `?` terms count only when there are no others.
 */
export function readTermPattern(scanner: Scanner): Pattern {
  const terms: Record<'' | '-' | '?', string[]> = { '': [], '-': [], '?': [] };
  for (;;) {
    scanner.skipSpaces();
    if (scanner.done) break;
    const sign = scanner.take('-') ? '-' : scanner.take('?') ? '?' : '';
    if (sign !== '') scanner.skipSpaces();
    terms[sign].push(readTerm(scanner));
  }
  const { '': wanted, '-': unwanted, '?': optional } = terms;
  const onlyOptional = wanted.length === 0 && unwanted.length === 0 && optional.length > 0;
  const matches = onlyOptional
    ? (message: string) => optional.some((term) => message.includes(term))
    : (message: string) =>
        wanted.every((term) => message.includes(term)) && !unwanted.some((term) => message.includes(term));
  return { matches, extract: () => new Map() };
}

function readTerm(scanner: Scanner): string {
  if (scanner.peek() === '"') {
    const phrase = scanner.quoted();
    // "You can match everything in your log events with double quotation marks": blanks between them stand for nothing.
    return phrase.trim() === '' ? '' : phrase;
  }
  const term = scanner.takeWhile((char) => BARE.test(char));
  const next = scanner.peek();
  if (term === '' || (next !== undefined && !isSpace(next))) throw invalidTerm(next ?? scanner.text.trim());
  return term;
}
