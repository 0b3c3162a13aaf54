import { nextRandom, type RandomState } from '../../hash.ts';

/** Where ids are put together, one at a time. */
const UUID_BYTES = Buffer.alloc(36);
const HEX = Buffer.from('0123456789abcdef');
const DASH = '-'.charCodeAt(0);

/** A UUID of version 4's shape whose bits come from the seeded state. */
export function nextUuid(state: RandomState): string {
  // Written as bytes: a string put together from pieces would keep them all, and a queue may hold a million ids.
  const text = UUID_BYTES;
  let at = 0;
  let variant = 0;
  for (let word = 0; word < 4; word++) {
    const bits = (nextRandom(state) * 2 ** 32) >>> 0;
    // The digit in the place of the variant, 17th of all.
    if (word === 2) variant = bits >>> 28;
    for (let shift = 28; shift >= 0; shift -= 4) {
      if (at === 8 || at === 13 || at === 18 || at === 23) text[at++] = DASH;
      text[at++] = HEX[(bits >>> shift) & 15]!;
    }
  }
  text[14] = HEX[4]!;
  text[19] = HEX[8 + (variant & 3)]!;
  return text.toString('latin1');
}
