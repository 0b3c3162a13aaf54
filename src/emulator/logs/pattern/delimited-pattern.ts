import type { Meter } from '../../core/work.ts';
import { type Comparison, ComparisonReader, compareText } from './comparison.ts';
import { type Condition, readCompound } from './condition.ts';
import type { Pattern } from './scanner.ts';
import { invalidPattern, invalidTerm, isSpace, type Scanner } from './scanner.ts';

interface Field {
  name: string | undefined;
  condition: Condition<string> | undefined;
}

interface Word {
  text: string;
  start: number;
}

const NAME = /[A-Za-z0-9_-]/;

/**
 * Reads `[ip, user, ..., status = 4* && status != 404, bytes]` (CloudWatch Logs User Guide, Using filter patterns to
 * match terms in space-delimited log events).
 */
export function readDelimitedPattern(scanner: Scanner, meter: Meter): Pattern {
  const comparisons = new ComparisonReader(scanner, meter);
  scanner.index++;
  const before: Field[] = [];
  let after: Field[] | undefined;
  do {
    scanner.skipSpaces();
    if (!scanner.take('...')) {
      (after ?? before).push(readField(scanner, comparisons));
      continue;
    }
    if (after !== undefined) throw invalidPattern('it has more than one ellipsis');
    after = [];
    scanner.skipSpaces();
  } while (scanner.take(','));
  if (!scanner.take(']')) throw invalidTerm(scanner.rest());
  scanner.skipSpaces();
  if (!scanner.done) throw invalidTerm(scanner.rest());

  const lineUp = (message: string) => {
    const words = splitWords(message);
    return after === undefined ? lineUpAll(before, words, message) : lineUpEnds(before, after, words);
  };
  return {
    *matches(message) {
      if (meter.spend(4 * message.length)) yield;
      const lined = lineUp(message);
      if (lined === undefined) return false;
      for (const [{ condition }, text] of lined) {
        if (condition !== undefined && !(yield* condition(text))) return false;
      }
      return true;
    },
    extract: (message) => {
      const extracted = new Map(splitWords(message).map(({ text }, index) => [`$${index + 1}`, text]));
      for (const [{ name }, text, position] of lineUp(message) ?? []) {
        if (name === undefined) continue;
        extracted.delete(`$${position}`);
        extracted.set(`$${name}`, text);
      }
      return extracted;
    },
  };
}

function readField(scanner: Scanner, comparisons: ComparisonReader): Field {
  scanner.skipSpaces();
  const start = scanner.index;
  const first = scanner.peek();
  if (first === ',' || first === ']') return { name: undefined, condition: undefined };
  const readName = () => {
    scanner.skipSpaces();
    const name = scanner.takeWhile((char) => NAME.test(char));
    if (name === '') throw invalidTerm(scanner.rest());
    return name;
  };
  if (first !== '(') {
    const name = readName();
    scanner.skipSpaces();
    if (scanner.peek() === ',' || scanner.peek() === ']') return { name, condition: undefined };
    scanner.index = start;
  }
  let name: string | undefined;
  const condition = readCompound<string>(scanner, () => {
    name = readName();
    const comparison: Comparison = comparisons.read();
    return (text) => compareText(text, comparison);
  });
  scanner.skipSpaces();
  return { name, condition };
}

/** Splits at spaces; what stands in brackets or double quotes is one word, without them. */
function splitWords(message: string): Word[] {
  const words: Word[] = [];
  for (let index = 0; index < message.length; ) {
    if (isSpace(message[index])) {
      index++;
      continue;
    }
    const start = index;
    const close = message[index] === '"' ? '"' : message[index] === '[' ? ']' : undefined;
    const end = close === undefined ? -1 : message.indexOf(close, index + 1);
    if (end > 0) {
      words.push({ text: message.slice(index + 1, end), start });
      index = end + 1;
      continue;
    }
    while (index < message.length && !isSpace(message[index])) index++;
    words.push({ text: message.slice(start, index), start });
  }
  return words;
}

type Lined = [field: Field, text: string, position: number];

/**
 * Each field takes one word. The guide's `[w1=ERROR, w2]` matches longer lines: a last field without a condition
 * takes the rest of the line.
 */
function lineUpAll(fields: readonly Field[], words: readonly Word[], message: string): Lined[] | undefined {
  const takesRest = fields.at(-1)!.condition === undefined;
  if (takesRest ? words.length < fields.length : words.length !== fields.length) return undefined;
  return fields.map((field, index) => {
    const word = words[index]!;
    const isRest = takesRest && index === fields.length - 1 && words.length > fields.length;
    return [field, isRest ? message.slice(word.start).trimEnd() : word.text, index + 1];
  });
}

/** The ellipsis takes any number of words, so the fields before it line up at the start and those after it at the end. */
function lineUpEnds(before: readonly Field[], after: readonly Field[], words: readonly Word[]): Lined[] | undefined {
  if (words.length < before.length + after.length) return undefined;
  const offset = words.length - after.length;
  return [
    ...before.map((field, index): Lined => [field, words[index]!.text, index + 1]),
    ...after.map((field, index): Lined => [field, words[offset + index]!.text, offset + index + 1]),
  ];
}
