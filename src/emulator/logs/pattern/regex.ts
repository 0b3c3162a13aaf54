import { linearIndexOf, searchSteps } from '../../core/linear-search.ts';
import type { Meter, Work } from '../../core/work.ts';
import { OTHERS, RegexAutomaton } from './regex-automaton.ts';
import { type RegexAlternative, RegexParser } from './regex-parser.ts';

export type TextTest = (text: string) => Work<boolean>;

/**
 * A matcher whose time is bounded by text length times expression length, whatever the expression: it follows all
 * possible places in the expression at once instead of trying one after the other.
 */
export function compileRegex(source: string, meter: Meter): TextTest {
  const alternatives = new RegexParser(source).parse().map((alternative) => matcher(alternative, meter));
  return function* (text) {
    for (const matches of alternatives) if (yield* matches(text)) return true;
    return false;
  };
}

/** The longest run of characters that every match contains, to rule most texts out cheaply. */
function requiredText({ positions }: RegexAlternative): string {
  let longest = '';
  let run = '';
  for (const { literal, skippable, repeats } of positions) {
    if (literal === undefined || skippable) run = '';
    else run += literal;
    if (run.length > longest.length) longest = run;
    if (repeats) run = '';
  }
  return longest;
}

function matcher(alternative: RegexAlternative, meter: Meter): TextTest {
  const { atStart, atEnd } = alternative;
  const required = requiredText(alternative);
  const automaton = new RegexAutomaton(alternative);
  return function* (text) {
    if (meter.spend(searchSteps(text, required))) yield;
    if (linearIndexOf(text, required) < 0) return false;
    let state = automaton.start;
    for (let index = 0; index < text.length; ) {
      if (state.complete && !atEnd) return true;
      if (state.places.length === 0 && atStart) return false;
      const code = text.codePointAt(index)!;
      index += code > 0xffff ? 2 : 1;
      const known = state.next[Math.min(code, OTHERS)];
      if (meter.spend(known === undefined ? automaton.costOf(state) : 1)) yield;
      state = known ?? automaton.follow(state, code);
    }
    return state.complete;
  };
}
