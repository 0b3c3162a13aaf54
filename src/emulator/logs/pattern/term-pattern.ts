import { linearIndexOf, searchSteps } from '../../core/linear-search.ts';
import type { Meter } from '../../core/work.ts';
import type { Pattern } from './scanner.ts';
import { invalidTerm, isSpace, type Scanner } from './scanner.ts';

const BARE = /[A-Za-z0-9_]/;

/**
 * Reads terms: all of them, none of those after `-`, one of those after `?` (CloudWatch Logs User Guide, Using filter
 * patterns to match terms in unstructured log events). `?` terms count only when there are no others.
 */
export function readTermPattern(scanner: Scanner, meter: Meter): Pattern {
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
  return {
    *matches(message) {
      for (const term of wanted) {
        if (meter.spend(searchSteps(message, term))) yield;
        if (linearIndexOf(message, term) < 0) return false;
      }
      for (const term of onlyOptional ? optional : unwanted) {
        if (meter.spend(searchSteps(message, term))) yield;
        if (linearIndexOf(message, term) >= 0) return onlyOptional;
      }
      return !onlyOptional;
    },
    extract: () => new Map(),
  };
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
