import { invalidPattern, invalidTerm, type Scanner } from './scanner.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Step = { key: string } | { index: number } | 'anyField' | 'anyElement';

export interface Selector {
  /** As written, which is how TestMetricFilter names what it extracted. */
  text: string;
  steps: Step[];
  wildcards: number;
}

const NAME = /[A-Za-z0-9_-]/;

/** Reads `$.a.b[0].c`, `$.list[*].id`, `$.*` or `$.['dotted.key']`. */
export function readSelector(scanner: Scanner): Selector {
  const start = scanner.index;
  const steps: Step[] = [];
  if (!scanner.take('$') || scanner.peek() !== '.') {
    scanner.index = start;
    throw invalidTerm(scanner.rest());
  }
  for (;;) {
    if (scanner.take('.')) steps.push(readField(scanner));
    else if (scanner.peek() === '[') steps.push(readBracket(scanner));
    else break;
  }
  const wildcards = steps.filter((step) => step === 'anyField' || step === 'anyElement').length;
  if (wildcards > 1) throw invalidPattern('a property selector can have only one wildcard');
  return { text: scanner.text.slice(start, scanner.index), steps, wildcards };
}

function readField(scanner: Scanner): Step {
  if (scanner.peek() === '[') return readBracket(scanner);
  if (scanner.take('*')) return 'anyField';
  const key = scanner.takeWhile((char) => NAME.test(char));
  if (key === '') throw invalidTerm(`$.${scanner.rest()}`);
  return { key };
}

function readBracket(scanner: Scanner): Step {
  const start = scanner.index++;
  const step = readBracketed(scanner);
  if (step === undefined || !scanner.take(']')) throw invalidTerm(scanner.text.slice(start, scanner.index + 1));
  return step;
}

function readBracketed(scanner: Scanner): Step | undefined {
  const char = scanner.peek();
  if (char === "'" || char === '"') return { key: scanner.quoted(char) };
  if (scanner.take('*')) return 'anyElement';
  const digits = scanner.takeWhile((digit) => digit >= '0' && digit <= '9');
  return digits === '' ? undefined : { index: Number(digits) };
}

/** Everything in the event that the selector points to: one value at most, unless it has a wildcard. */
export function select(root: Json, { steps }: Selector): Json[] {
  let selected: Json[] = [root];
  for (const step of steps) {
    selected = selected.flatMap((value) => children(value, step));
    if (selected.length === 0) break;
  }
  return selected;
}

function children(value: Json, step: Step): Json[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) {
    if (step === 'anyElement') return value;
    if (step === 'anyField' || !('index' in step) || step.index >= value.length) return [];
    return [value[step.index]!];
  }
  if (step === 'anyField') return Object.values(value);
  if (step === 'anyElement' || !('key' in step)) return [];
  return Object.hasOwn(value, step.key) ? [value[step.key]!] : [];
}
