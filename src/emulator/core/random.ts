/** Seeded pseudo-randomness: the same seed gives the same ids, order and faults. State is one plain number. */
export interface RandomState {
  random: number;
}

/** Next number in [0, 1), by mulberry32; advances `state`. */
export function nextRandom(state: RandomState): number {
  state.random = (state.random + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state.random ^ (state.random >>> 15), 1 | state.random);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A UUID of version 4's shape whose bits come from the seeded state. */
export function nextUuid(state: RandomState): string {
  let text = '';
  for (let word = 0; word < 4; word++) {
    const bits = (nextRandom(state) * 2 ** 32) >>> 0;
    text += HEX[bits >>> 24]! + HEX[(bits >>> 16) & 255]! + HEX[(bits >>> 8) & 255]! + HEX[bits & 255]!;
  }
  const variant = '89ab'[Number.parseInt(text[16]!, 16) & 3]!;
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`;
}
