import { type CharacterSet, type RegexAlternative, RegexParser } from './regex-parser.ts';

/** Counts the work that matching has cost, so that a page of results can end before it blocks the engine. */
export interface Meter {
  steps: number;
}

export type TextTest = (text: string) => boolean;

/**
 * A matcher whose time is bounded by text length times expression length, whatever the expression: it follows all
 * possible places in the expression at once instead of trying one after the other.
 */
export function compileRegex(source: string, meter: Meter): TextTest {
  const alternatives = new RegexParser(source).parse().map((alternative) => matcher(alternative, meter));
  return (text) => alternatives.some((matches) => matches(text));
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

const contains = (set: CharacterSet, code: number): boolean => (code < 128 ? set.ascii[code] === 1 : set.others);

function matcher(alternative: RegexAlternative, meter: Meter): TextTest {
  const { positions, atStart, atEnd } = alternative;
  const required = requiredText(alternative);
  const end = positions.length;
  const seen = new Int32Array(end + 1);
  let round = 0;

  // Adds a place and those reachable from it without consuming a character; true when the end is among them.
  const enter = (places: number[], from: number): boolean => {
    for (let place = from; ; place++) {
      if (seen[place] === round) return false;
      seen[place] = round;
      if (place === end) return true;
      places.push(place);
      if (!positions[place]!.skippable) return false;
    }
  };

  return (text) => {
    if (!text.includes(required)) return false;
    round++;
    let places: number[] = [];
    let complete = enter(places, 0);
    for (let index = 0; index < text.length; ) {
      if (complete && !atEnd) return true;
      if (places.length === 0 && atStart) return false;
      const code = text.codePointAt(index)!;
      index += code > 0xffff ? 2 : 1;
      const next: number[] = [];
      round++;
      complete = false;
      for (const place of places) {
        const position = positions[place]!;
        if (!contains(position.set, code)) continue;
        if (position.repeats && enter(next, place)) complete = true;
        if (enter(next, place + 1)) complete = true;
      }
      if (!atStart && enter(next, 0)) complete = true;
      meter.steps += places.length + 1;
      places = next;
    }
    return complete;
  };
}
