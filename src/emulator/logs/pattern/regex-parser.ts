import { invalidPattern } from './scanner.ts';

/** A set of characters: a table for ASCII, one answer for everything above. */
export interface CharacterSet {
  ascii: Uint8Array;
  others: boolean;
}

/** One character of the expression: consumed once, unless it may be skipped or may repeat. */
export interface RegexPosition {
  set: CharacterSet;
  skippable: boolean;
  repeats: boolean;
  /** The one character it stands for, when it is one. */
  literal: string | undefined;
}

/** What stands between two `|`. */
export interface RegexAlternative {
  positions: RegexPosition[];
  atStart: boolean;
  atEnd: boolean;
}

// Bounds of this engine: counted repetitions are written out, and each position costs time per character.
const LONGEST_REPEAT = 255;
const MOST_POSITIONS = 512;

const SYMBOLS = /[A-Za-z0-9:_#=@/;,\- ]/;
const OPERATORS = '^$?[]{}|\\*+.';

const none = (): CharacterSet => ({ ascii: new Uint8Array(128), others: false });

function negate(set: CharacterSet): CharacterSet {
  return { ascii: set.ascii.map((member) => 1 - member), others: !set.others };
}

function add(set: CharacterSet, from: number, to: number): void {
  for (let code = from; code <= to; code++) set.ascii[code] = 1;
}

function union(set: CharacterSet, other: CharacterSet): void {
  for (let code = 0; code < 128; code++) set.ascii[code]! |= other.ascii[code]!;
  set.others ||= other.others;
}

function only(char: string): CharacterSet {
  const set = none();
  set.ascii[char.charCodeAt(0)] = 1;
  return set;
}

function classOf(letter: string): CharacterSet | undefined {
  const set = none();
  const kind = letter.toLowerCase();
  if (kind === 'd') add(set, 48, 57);
  else if (kind === 's') for (const code of [9, 10, 11, 12, 13, 32]) set.ascii[code] = 1;
  else if (kind === 'w') {
    add(set, 48, 57);
    add(set, 65, 90);
    add(set, 97, 122);
    set.ascii[95] = 1;
  } else return undefined;
  return letter === kind ? set : negate(set);
}

/**
 * Reads a regular expression in the restricted syntax of filter patterns (CloudWatch Logs User Guide, Supported regular
 * expressions): no groups, no back references, ASCII only. Anything else is refused.
 */
export class RegexParser {
  readonly #source: string;
  #index = 0;
  #positions = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): RegexAlternative[] {
    if (this.#source === '') throw this.#refuse('it is empty');
    const alternatives = [this.#alternative()];
    while (this.#take('|')) alternatives.push(this.#alternative());
    return alternatives;
  }

  #refuse(reason: string) {
    return invalidPattern(`the regular expression %${this.#source}% is not supported, ${reason}`);
  }

  #take(char: string): boolean {
    if (this.#source[this.#index] !== char) return false;
    this.#index++;
    return true;
  }

  #alternative(): RegexAlternative {
    const positions: RegexPosition[] = [];
    const atStart = this.#take('^');
    let atEnd = false;
    while (this.#index < this.#source.length && this.#source[this.#index] !== '|') {
      if (atEnd) throw this.#refuse('nothing can follow $');
      if (this.#take('$')) atEnd = true;
      else positions.push(...this.#repetition(this.#character()));
    }
    this.#positions += positions.length;
    if (this.#positions > MOST_POSITIONS) throw this.#refuse('it is too long');
    return { positions, atStart, atEnd };
  }

  #character(): Pick<RegexPosition, 'set' | 'literal'> {
    const char = this.#source[this.#index++]!;
    if (char === '.') return { set: negate(none()), literal: undefined };
    if (char === '[') return { set: this.#bracket(), literal: undefined };
    if (char === '\\') return this.#escape();
    if (SYMBOLS.test(char)) return { set: only(char), literal: char };
    throw this.#refuse(OPERATORS.includes(char) ? `${char} has nothing to apply to` : `it contains ${char}`);
  }

  #escape(): Pick<RegexPosition, 'set' | 'literal'> {
    const char = this.#source[this.#index++];
    if (char === undefined) throw this.#refuse('it ends in \\');
    if (char === 'x') {
      const digits = this.#source.slice(this.#index, this.#index + 2);
      const code = /^[0-7][0-9A-Fa-f]$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
      if (code === undefined) throw this.#refuse(`\\x${digits} is no ASCII character`);
      this.#index += 2;
      return { set: only(String.fromCharCode(code)), literal: String.fromCharCode(code) };
    }
    const set = classOf(char);
    if (set !== undefined) return { set, literal: undefined };
    if (OPERATORS.includes(char) || (SYMBOLS.test(char) && !/[A-Za-z0-9]/.test(char)))
      return { set: only(char), literal: char };
    throw this.#refuse(`it contains \\${char}`);
  }

  #bracket(): CharacterSet {
    const negated = this.#take('^');
    const set = none();
    let empty = true;
    while (!this.#take(']')) {
      const { set: member, literal } = this.#member();
      empty = false;
      const isRange =
        literal !== undefined && this.#source[this.#index] === '-' && this.#source[this.#index + 1] !== ']';
      if (!isRange) {
        union(set, member);
        continue;
      }
      this.#index++;
      const end = this.#member().literal;
      if (end === undefined || end < literal) throw this.#refuse('a range of characters is out of order');
      add(set, literal.charCodeAt(0), end.charCodeAt(0));
    }
    if (empty) throw this.#refuse('a character class is empty');
    return negated ? negate(set) : set;
  }

  #member(): Pick<RegexPosition, 'set' | 'literal'> {
    const char = this.#source[this.#index++];
    if (char === undefined) throw this.#refuse('a character class is not closed');
    if (char === '\\') return this.#escape();
    if (char !== '[' && (SYMBOLS.test(char) || OPERATORS.includes(char))) return { set: only(char), literal: char };
    throw this.#refuse(`it contains ${char}`);
  }

  #repetition(character: Pick<RegexPosition, 'set' | 'literal'>): RegexPosition[] {
    const once = { ...character, skippable: false, repeats: false };
    const bounds = this.#quantifier();
    if (bounds === undefined) return [once];
    const [least, most] = bounds;
    const positions: RegexPosition[] = Array.from({ length: least }, () => once);
    if (most !== Number.POSITIVE_INFINITY) {
      for (let extra = least; extra < most; extra++) positions.push({ ...once, skippable: true });
    } else if (least > 0) positions[least - 1] = { ...once, repeats: true };
    else positions.push({ ...once, skippable: true, repeats: true });
    return positions;
  }

  #quantifier(): [number, number] | undefined {
    if (this.#take('?')) return [0, 1];
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#source[this.#index] !== '{') return undefined;
    const counted = /^\{(\d*)(?:(,) ?(\d*))?\}/.exec(this.#source.slice(this.#index));
    const [whole, from = '', comma, to = ''] = counted ?? [''];
    if (whole === '' || (from === '' && to === '')) throw this.#refuse('a repetition is not of the form {m,n}');
    this.#index += whole.length;
    const least = Number(from);
    const most = comma === undefined ? least : to === '' ? Number.POSITIVE_INFINITY : Number(to);
    if (most < least) throw this.#refuse('a repetition ends before it starts');
    if (least > LONGEST_REPEAT || (most !== Number.POSITIVE_INFINITY && most > LONGEST_REPEAT))
      throw this.#refuse(`a repetition is counted beyond ${LONGEST_REPEAT}`);
    return [least, most];
  }
}
