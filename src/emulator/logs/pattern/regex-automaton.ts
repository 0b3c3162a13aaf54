import type { CharacterSet, RegexAlternative, RegexPosition } from './regex-parser.ts';

/** Column of every character above ASCII, which no expression tells apart. */
export const OTHERS = 128;

/** All places in an expression where a match may stand after some text. */
export interface RegexState {
  places: readonly number[];
  /** Whether a match may end here. */
  complete: boolean;
  /** By column, the state after one more character, once it was asked for. */
  next: (RegexState | undefined)[];
}

/** States that are remembered; an expression can have more than any memory holds. */
const MOST_STATES = 2_000;

/** Follows an expression's places through a text, and remembers where each character has led. */
export class RegexAutomaton {
  readonly start: RegexState;
  readonly #positions: readonly RegexPosition[];
  readonly #anywhere: boolean;
  readonly #states = new Map<string, RegexState>();
  readonly #entered: Int32Array;
  #round = 0;

  constructor({ positions, atStart }: RegexAlternative) {
    this.#positions = positions;
    this.#anywhere = !atStart;
    this.#entered = new Int32Array(positions.length + 1);
    const places: number[] = [];
    this.#round++;
    const complete = this.#enter(places, 0);
    this.start = { places, complete, next: [] };
  }

  /** Steps of a meter that it costs to follow a character which has not led on from this state before. */
  costOf({ places }: RegexState): number {
    return 100 + 10 * places.length;
  }

  follow(state: RegexState, code: number): RegexState {
    const places: number[] = [];
    let complete = false;
    this.#round++;
    for (const place of state.places) {
      const position = this.#positions[place]!;
      if (!contains(position.set, code)) continue;
      if (position.repeats && this.#enter(places, place)) complete = true;
      if (this.#enter(places, place + 1)) complete = true;
    }
    if (this.#anywhere && this.#enter(places, 0)) complete = true;
    const next = this.#remembered(places, complete);
    state.next[Math.min(code, OTHERS)] = next;
    return next;
  }

  #remembered(places: number[], complete: boolean): RegexState {
    const key = `${places} ${complete}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size === MOST_STATES) {
      for (const state of this.#states.values()) state.next = [];
      this.#states.clear();
      this.start.next = [];
    }
    const state: RegexState = { places, complete, next: [] };
    this.#states.set(key, state);
    return state;
  }

  /** Adds a place and those reachable from it without consuming a character; true when the end is among them. */
  #enter(places: number[], from: number): boolean {
    for (let place = from; ; place++) {
      if (this.#entered[place] === this.#round) return false;
      this.#entered[place] = this.#round;
      if (place === this.#positions.length) return true;
      places.push(place);
      if (!this.#positions[place]!.skippable) return false;
    }
  }
}

const contains = (set: CharacterSet, code: number): boolean => (code < OTHERS ? set.ascii[code] === 1 : set.others);
