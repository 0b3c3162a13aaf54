import { decided, Meter } from '../../core/work.ts';
import { readDelimitedPattern } from './delimited-pattern.ts';
import { readJsonPattern } from './json-pattern.ts';
import { compileRegex } from './regex.ts';
import { invalidTerm, type Pattern, Scanner } from './scanner.ts';
import { readTermPattern } from './term-pattern.ts';

const MATCH_ALL: Pattern = { matches: () => decided(true), extract: () => new Map() };

/** Reads a filter pattern in any of AWS's four forms; throws InvalidParameterException for one that AWS would refuse. */
export function compilePattern(text: string, meter = new Meter()): Pattern {
  const scanner = new Scanner(text);
  scanner.skipSpaces();
  const first = scanner.peek();
  if (first === undefined) return MATCH_ALL;
  if (first === '{') return readJsonPattern(scanner, meter);
  if (first === '[') return readDelimitedPattern(scanner, meter);
  if (first !== '%') return readTermPattern(scanner, meter);
  const matches = compileRegex(scanner.percented(), meter);
  scanner.skipSpaces();
  if (!scanner.done) throw invalidTerm(scanner.rest());
  return { matches, extract: () => new Map() };
}
