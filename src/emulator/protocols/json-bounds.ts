import { AwsError } from '../core/errors.ts';
import { MAX_VALUES, tooManyValues } from './bodies.ts';

/** Deeper than anything AWS accepts (DynamoDB's 32 levels are two each), shallow enough for the stack. */
const MAX_DEPTH = 100;

/** Bytes of a number, or of blanks between values: no client writes so many, and a number takes long to read. */
const LONGEST_GAP = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** By byte: whether it begins a string, opens a structure, closes one, or parts two values. */
const STRING = 1;
const OPENS = 2;
const CLOSES = 3;
const PARTS = 4;
const KINDS = new Uint8Array(256);
for (const [kind, chars] of [
  [STRING, '"'],
  [OPENS, '{['],
  [CLOSES, '}]'],
  [PARTS, ','],
] as const)
  for (const byte of Buffer.from(chars)) KINDS[byte] = kind;

/**
 * Refuses JSON that is nested too deeply or has too many values, before it is parsed: millions of either would cost the
 * parser seconds and gigabytes. Each comma begins a value, and each bracket. `text` is the body's.
 */
export function checkJsonBounds(body: Buffer, text: string): void {
  const { length } = body;
  // Too short for any bound but that of depth, and nested no deeper than it has brackets: most requests.
  if (length <= LONGEST_GAP && opensFew(text)) return;
  let depth = 0;
  let values = 0;
  let last = 0;
  for (let at = 0; at < length; at++) {
    const kind = KINDS[body[at]!];
    if (kind === 0) continue;
    if (at - last > LONGEST_GAP) break;
    if (kind === STRING) at = endOfString(body, at + 1);
    else if (kind === CLOSES) depth--;
    else {
      if (++values > MAX_VALUES) throw tooManyValues();
      if (kind === OPENS && ++depth > MAX_DEPTH) throw new AwsError('SerializationException', 'Nesting is too deep.');
    }
    last = at;
  }
  if (length - last > LONGEST_GAP) throw new AwsError('SerializationException', 'A value or a blank is too long.');
}

function opensFew(text: string): boolean {
  let left = MAX_DEPTH;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) if (--left < 0) return false;
  }
  return true;
}

/** Bytes of a string that are looked at one by one before it is worth a search for its end. */
const SHORT = 48;

function endOfString(body: Buffer, start: number): number {
  const { length } = body;
  for (let at = start, clean = 0; at < length; at++) {
    const byte = body[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) {
      at++;
      clean = 0;
    } else if (++clean === SHORT) {
      const quote = body.indexOf(QUOTE, at);
      const end = quote < 0 ? length : quote;
      const backslash = body.subarray(at, end).indexOf(BACKSLASH);
      if (backslash < 0) return end;
      at += backslash - 1;
      clean = 0;
    }
  }
  return length;
}
