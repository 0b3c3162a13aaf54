import { hashOf, mixed } from '../../hash.ts';

/**
 * Random numbers that depend on the seed and the words of the question, not on how many were drawn before: removing one
 * fault from a storm leaves the other faults as they were.
 */
export class SeededRandom {
  readonly #seed: number;

  constructor(seed: number) {
    // Both halves of a number that may have 53 bits.
    this.#seed = mixed((seed | 0) ^ mixed(Math.floor(seed / 2 ** 32) | 0));
  }

  /** A number in [0, 1). */
  draw(...words: readonly (string | number)[]): number {
    return this.drawFrom(this.hash(words.join('\n')));
  }

  /** As `draw`, for several numbers about one subject: its hash, and the index of the number. */
  drawFrom(hash: number, question = 0): number {
    return mixed(hash ^ Math.imul(question + 1, 0x9e3779b1)) / 2 ** 32;
  }

  hash(text: string): number {
    return hashOf(text, this.#seed ^ 0x811c9dc5);
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number, ...words: readonly (string | number)[]): number {
    return least + Math.floor(this.draw(...words) * (most - least + 1));
  }

  pick<T>(choices: readonly T[], ...words: readonly (string | number)[]): T {
    return choices[Math.floor(this.draw(...words) * choices.length)]!;
  }
}
