import { nextRandom } from '../../src/hash.ts';

/** Seeded chance: the same seed makes the same requests. */
export class Dice {
  readonly #state: { random: number };

  constructor(seed: number) {
    this.#state = { random: seed };
  }

  /** From 0 up to `below`. */
  int(below: number): number {
    return Math.floor(nextRandom(this.#state) * below);
  }

  chance(probability: number): boolean {
    return nextRandom(this.#state) < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }

  /** `[weight, value]` pairs. */
  weighted<T>(pairs: readonly (readonly [number, T])[]): T {
    let rest = nextRandom(this.#state) * pairs.reduce((total, [weight]) => total + weight, 0);
    for (const [weight, value] of pairs) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return pairs.at(-1)![1];
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  bytes(count: number): Buffer {
    return Buffer.from(this.times(count, () => this.int(256)));
  }

  word(most = 12): string {
    return this.times(1 + this.int(most), () => this.pick([...'abcdefghijklmnopqrstuvwxyz0123456789-_'])).join('');
  }

  /** A few of the tokens in any order: what a grammar's parser has to get through. */
  soup(tokens: readonly string[], most = 12): string {
    return this.times(1 + this.int(most), () => this.pick(tokens)).join(this.pick(['', ' ', ' ']));
  }
}
