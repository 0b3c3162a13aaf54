import { CliffracerError } from '../../errors.ts';

/** The members of a request, each read with its type. Rejects with `invalid_input`, naming the member. */
export class Input {
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(members: Readonly<Record<string, unknown>>) {
    this.#members = members;
  }

  text(name: string): string {
    return this.#needed(name, this.maybeText(name), 'a text');
  }

  maybeText(name: string): string | undefined {
    return this.#read(name, (value): value is string => typeof value === 'string', 'a text');
  }

  count(name: string, most: number): number {
    return this.#needed(name, this.maybeCount(name, most), 'a number');
  }

  /** A whole number from 0 to `most`. */
  maybeCount(name: string, most: number): number | undefined {
    const is = (value: unknown): value is number =>
      Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
    return this.#read(name, is, `a whole number from 0 to ${most}`);
  }

  flag(name: string): boolean {
    return this.#read(name, (value): value is boolean => typeof value === 'boolean', 'true or false') ?? false;
  }

  /** One of some texts. */
  choice<T extends string>(name: string, choices: readonly T[]): T {
    const is = (value: unknown): value is T => choices.includes(value as T);
    return this.#needed(name, this.#read(name, is, `one of ${choices.join(', ')}`), `one of ${choices.join(', ')}`);
  }

  texts(name: string): string[] {
    const is = (value: unknown): value is string[] =>
      Array.isArray(value) && value.length <= MOST && value.every((each) => typeof each === 'string');
    return this.#read(name, is, 'a list of texts') ?? [];
  }

  /** Objects, whose members are for the receiver to judge. */
  objects<T extends object>(name: string): T[] {
    const is = (value: unknown): value is T[] => Array.isArray(value) && value.length <= MOST && value.every(isObject);
    return this.#read(name, is, 'a list of objects') ?? [];
  }

  object<T extends object>(name: string): T {
    return this.#needed(name, this.maybeObject<T>(name), 'an object');
  }

  maybeObject<T extends object>(name: string): T | undefined {
    return this.#read(name, isObject as (value: unknown) => value is T, 'an object');
  }

  #read<T>(name: string, is: (value: unknown) => value is T, what: string): T | undefined {
    const value = Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw wrong(name, what);
    return value;
  }

  #needed<T>(name: string, value: T | undefined, what: string): T {
    if (value === undefined) throw wrong(name, what);
    return value;
  }
}

const MOST = 1_000;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (name: string, what: string) => new CliffracerError('invalid_input', `${name} must be ${what}`);
