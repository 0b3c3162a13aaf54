import type { Work } from '../../core/work.ts';
import { invalidTerm, type Scanner } from './scanner.ts';

export type Condition<Subject> = (subject: Subject) => Work<boolean>;

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
    return parts.length === 1 ? parts[0]! : joined(parts, true);
  };
  const readEvery = (): Condition<Subject> => {
    const parts = readAll('&&', readPrimary);
    return parts.length === 1 ? parts[0]! : joined(parts, false);
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

/** The first part that comes to `decisive` decides; if none does, it is the opposite. */
function joined<Subject>(parts: readonly Condition<Subject>[], decisive: boolean): Condition<Subject> {
  return function* (subject) {
    for (const part of parts) if ((yield* part(subject)) === decisive) return decisive;
    return !decisive;
  };
}
