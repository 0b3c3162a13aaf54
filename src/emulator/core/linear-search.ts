/** Products of two lengths below which the search of the language is fast, whatever the texts. */
const SMALL = 4_000_000;
const SHORT_PART = 24;

/**
 * `text.indexOf(part, from)` in a time that is bounded by the sum of both lengths. The language's own search can take
 * their product: a hundred thousand times `a` is looked for in twice as many for seconds.
 */
export function linearIndexOf(text: string, part: string, from = 0): number {
  if (part.length < SHORT_PART || part.length * (text.length - from) < SMALL) return text.indexOf(part, from);
  const borders = bordersOf(part);
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && part.charCodeAt(matched) !== code) matched = borders[matched - 1]!;
    if (part.charCodeAt(matched) === code) matched++;
    if (matched === part.length) return at - matched + 1;
  }
  return -1;
}

/** What a search costs, in the steps of a meter. */
export function searchSteps(text: string, part: string): number {
  return part.length < SHORT_PART ? text.length >> 1 : 2 * (text.length + part.length);
}

/** For each beginning of the part, the longest shorter beginning that it ends in (Knuth, Morris, Pratt). */
function bordersOf(part: string): Uint32Array {
  const borders = new Uint32Array(part.length);
  let length = 0;
  for (let at = 1; at < part.length; at++) {
    const code = part.charCodeAt(at);
    while (length > 0 && part.charCodeAt(length) !== code) length = borders[length - 1]!;
    if (part.charCodeAt(length) === code) length++;
    borders[at] = length;
  }
  return borders;
}
