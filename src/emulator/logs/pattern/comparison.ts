import { linearIndexOf } from '../../core/linear-search.ts';
import { decided, type Meter, type Work } from '../../core/work.ts';
import { compileRegex, type TextTest } from './regex.ts';
import { invalidPattern, invalidTerm, type Scanner } from './scanner.ts';

const OPERATORS = ['>=', '<=', '!=', '=', '>', '<'] as const;
export type Operator = (typeof OPERATORS)[number];

/** The right-hand side of a condition, ready to be tested against texts and numbers. */
export interface Comparison {
  operator: Operator;
  /** Set for an unquoted number: compared by value with numbers. */
  number: number | undefined;
  /** Equality with the term as text, wildcards and regular expressions included. */
  matches: TextTest;
}

// "There is a limit of 2 regex for each filter pattern when creating a delimited or JSON filter pattern"
const MOST_REGEXES = 2;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
// The guide wants everything but letters, digits and _ quoted, and yet shows IP addresses, numbers and wildcards bare.
const BARE = /[A-Za-z0-9_.*+-]/;

/** What the conditions of one pattern share. */
export class ComparisonReader {
  readonly #scanner: Scanner;
  readonly #meter: Meter;
  #regexes = 0;

  constructor(scanner: Scanner, meter: Meter) {
    this.#scanner = scanner;
    this.#meter = meter;
  }

  /** Reads `= term`, `>= 10`, `!= "a*"`, `= %regex%`. */
  read(): Comparison {
    const scanner = this.#scanner;
    scanner.skipSpaces();
    const operator = OPERATORS.find((candidate) => scanner.take(candidate));
    if (operator === undefined) throw invalidTerm(scanner.rest());
    scanner.skipSpaces();
    const equality = operator === '=' || operator === '!=';
    const first = scanner.peek();
    if (first === '%') {
      if (!equality) throw invalidTerm(scanner.rest());
      if (++this.#regexes > MOST_REGEXES) throw invalidPattern(`it has more than ${MOST_REGEXES} regular expressions`);
      return { operator, number: undefined, matches: compileRegex(scanner.percented(), this.#meter) };
    }
    if (first === '"') {
      const term = scanner.quoted();
      if (!equality) throw invalidTerm(`"${term}"`);
      return { operator, number: undefined, matches: wildcard(term) };
    }
    const term = scanner.takeWhile((char) => BARE.test(char));
    if (term === '') throw invalidTerm(scanner.rest());
    const number = NUMBER.test(term) ? Number(term) : undefined;
    if (!equality && number === undefined) throw invalidTerm(term);
    return { operator, number, matches: wildcard(term) };
  }
}

function wildcard(term: string): TextTest {
  const matches = matcherOf(term);
  return (text) => decided(matches(text));
}

/** An asterisk stands for any text at the start and at the end of a term; between other characters it is itself. */
function matcherOf(term: string): (text: string) => boolean {
  const open = term.startsWith('*');
  const close = term.length > 1 && term.endsWith('*');
  const text = term.slice(open ? 1 : 0, close ? -1 : undefined);
  if (open && (close || text === '')) return (value) => linearIndexOf(value, text) >= 0;
  if (open) return (value) => value.endsWith(text);
  if (close) return (value) => value.startsWith(text);
  return (value) => value === text;
}

export function compareNumbers(left: number, operator: Operator, right: number): boolean {
  if (operator === '=') return left === right;
  if (operator === '!=') return left !== right;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  if (operator === '>') return left > right;
  return left >= right;
}

/** Compares a text that may spell a number, as the fields of a space-delimited event do. */
export function* compareText(text: string, { operator, number, matches }: Comparison): Work<boolean> {
  if (number !== undefined && NUMBER.test(text)) return compareNumbers(Number(text), operator, number);
  if (operator === '=') return yield* matches(text);
  return operator === '!=' && !(yield* matches(text));
}
