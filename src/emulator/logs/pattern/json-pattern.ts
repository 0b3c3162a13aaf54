import { decided, type Meter } from '../../core/work.ts';
import { type Comparison, ComparisonReader, compareNumbers } from './comparison.ts';
import { type Condition, readCompound } from './condition.ts';
import { type Json, readSelector, type Selector, select } from './json-selector.ts';
import type { Pattern } from './scanner.ts';
import { invalidPattern, invalidTerm, type Scanner } from './scanner.ts';

// "up to three wildcard selectors in a filter pattern with compound expressions"
const MOST_WILDCARDS = 3;
const KEYWORDS = { NULL: null, TRUE: true, FALSE: false } as const;

/** Reads `{ $.a = 1 && ... }` (CloudWatch Logs User Guide, Using filter patterns to match terms in JSON log events). */
export function readJsonPattern(scanner: Scanner, meter: Meter): Pattern {
  const comparisons = new ComparisonReader(scanner, meter);
  const selectors: Selector[] = [];
  scanner.index++;
  const condition = readCompound<JsonEvent>(scanner, () => {
    const selector = readSelector(scanner);
    selectors.push(selector);
    return readCondition(scanner, selector, comparisons, meter);
  });
  scanner.skipSpaces();
  if (!scanner.take('}')) throw invalidTerm(scanner.rest());
  scanner.skipSpaces();
  if (!scanner.done) throw invalidTerm(scanner.rest());
  const wildcards = selectors.reduce((total, selector) => total + selector.wildcards, 0);
  if (wildcards > MOST_WILDCARDS) throw invalidPattern(`it has more than ${MOST_WILDCARDS} wildcard selectors`);

  return {
    *matches(message) {
      if (meter.spend(4 * message.length)) yield;
      const event = parseEvent(message);
      return event !== undefined && (yield* condition(event));
    },
    extract: (message) => extract(parseEvent(message), selectors),
  };
}

/** An event as parsed, and again with each number as it was written, made only when a number is compared as text. */
class JsonEvent {
  readonly root: Json;
  readonly #message: string;
  #exact: Json | undefined;

  constructor(root: Json, message: string) {
    this.root = root;
    this.#message = message;
  }

  get length(): number {
    return this.#message.length;
  }

  // 12.0 and 12 are one number but two texts, and `= "12.0"` compares texts; JSON.parse forgets the difference.
  get exact(): Json {
    this.#exact ??= JSON.parse(
      this.#message.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs, (token) =>
        token.startsWith('"') ? token : `"${token}"`,
      ),
    ) as Json;
    return this.#exact;
  }
}

function parseEvent(message: string): JsonEvent | undefined {
  if (!/^\s*\{/.test(message)) return undefined;
  try {
    return new JsonEvent(JSON.parse(message) as Json, message);
  } catch {
    return undefined;
  }
}

function readCondition(
  scanner: Scanner,
  selector: Selector,
  comparisons: ComparisonReader,
  meter: Meter,
): Condition<JsonEvent> {
  scanner.skipSpaces();
  const word = /^[A-Za-z]+/.exec(scanner.text.slice(scanner.index))?.[0];
  if (word === undefined) return compare(selector, comparisons.read(), meter);
  const [, isWord, notWord] =
    /^(?:IS\s+(NULL|TRUE|FALSE)|(NOT\s+EXISTS))\b/.exec(scanner.text.slice(scanner.index)) ?? [];
  if (isWord !== undefined) {
    scanner.index = scanner.text.indexOf(isWord, scanner.index) + isWord.length;
    const wanted = KEYWORDS[isWord as keyof typeof KEYWORDS];
    return (event) => decided(select(event.root, selector).includes(wanted));
  }
  if (notWord === undefined) throw invalidTerm(word);
  scanner.index += notWord.length;
  return (event) => decided(select(event.root, selector).length === 0);
}

/** Only strings and numbers compare; a missing, null, boolean, array or object value satisfies nothing, not even `!=`. */
function compare(selector: Selector, comparison: Comparison, meter: Meter): Condition<JsonEvent> {
  const { operator, number, matches } = comparison;
  const isEquality = operator === '=' || operator === '!=';
  return function* (event) {
    const values = select(event.root, selector);
    const comparesNumberAsText =
      isEquality && number === undefined && values.some((value) => typeof value === 'number');
    if (comparesNumberAsText && meter.spend(20 * event.length)) yield;
    const texts = comparesNumberAsText ? select(event.exact, selector) : values;
    for (const [index, value] of values.entries()) {
      if (meter.spend(10)) yield;
      const asNumber = typeof value === 'number' && number !== undefined;
      if (asNumber && compareNumbers(value, operator, number)) return true;
      const asText = !asNumber && isEquality && (typeof value === 'string' || typeof value === 'number');
      if (asText && (yield* matches(String(texts[index]))) === (operator === '=')) return true;
    }
    return false;
  };
}

function extract(event: JsonEvent | undefined, selectors: readonly Selector[]): Map<string, string> {
  const extracted = new Map<string, string>();
  for (const selector of event === undefined ? [] : selectors) {
    const [value] = select(event!.exact, selector);
    if (value === undefined) continue;
    extracted.set(selector.text, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return extracted;
}
