import { invalidTerm, type Scanner } from './scanner.ts';

export type Condition<Subject> = (subject: Subject) => boolean;

/**
 * Reads a boolean expression of conditions joined by `&&` and `||`, in parentheses where wanted; precedence is
 * () > && > || (CloudWatch Logs User Guide, compound expressions).
 */
export function readCompound<Subject>(scanner: Scanner, readOne: () => Condition<Subject>): Condition<Subject> {
  const readAll = (operator: '&&' | '||', readPart: () => Condition<Subject>): Condition<Subject>[] => {
    const parts = [readPart()];
    for (;;) {
      scanner.skipSpaces();
      if (!scanner.take(operator)) return parts;
      parts.push(readPart());
    }
  };
  const readAny = (): Condition<Subject> => {
    const parts = readAll('||', readEvery);
    return parts.length === 1 ? parts[0]! : (subject) => parts.some((part) => part(subject));
  };
  const readEvery = (): Condition<Subject> => {
    const parts = readAll('&&', readPrimary);
    return parts.length === 1 ? parts[0]! : (subject) => parts.every((part) => part(subject));
  };
  const readPrimary = (): Condition<Subject> => {
    scanner.skipSpaces();
    if (!scanner.take('(')) return readOne();
    const inner = readAny();
    scanner.skipSpaces();
    if (!scanner.take(')')) throw invalidTerm(scanner.rest());
    return inner;
  };
  return readAny();
}
