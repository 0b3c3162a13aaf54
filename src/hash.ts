/** Hashes for spreading, not for secrets, and the seeded random numbers that are made of them. */

/** FNV-1a over the text's UTF-16 units, with its last step mixed: an unsigned whole number of 32 bits. */
export function hashOf(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixed(hash);
}

/** Spreads every bit of 32 over all of them (the finalizer of MurmurHash3); unsigned. */
export function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

export interface RandomState {
  random: number;
}

/** Next number in [0, 1), by mulberry32; advances `state`. */
export function nextRandom(state: RandomState): number {
  state.random = (state.random + 0x6d2b79f5) | 0;
  let bits = Math.imul(state.random ^ (state.random >>> 15), 1 | state.random);
  bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
}
