/** What is wrong with a policy document, in SNS's words. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

export type Token =
  | 'start-object'
  | 'end-object'
  | 'start-array'
  | 'end-array'
  | 'field-name'
  | 'string'
  | 'number'
  | 'true'
  | 'false'
  | 'null'
  | 'end';

// SNS answers with its JSON reader's own words, position included; the source itself is no longer shown.
const SOURCE = 'Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';
const MAX_DEPTH = 1000;
const VALUES = `JSON String, Number, Array, Object or token 'null', 'true' or 'false'`;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z0-9_$]+/y;

/**
 * Reads JSON token by token, as the service's streaming reader does: a field name is read up to and including the start
 * of its value, and a string's characters only when its text is asked for. Error positions depend on exactly that.
 */
export class PolicyReader {
  /** Name of the field whose value is current. */
  fieldName = '';
  /** Whether an error is to be reported as broken JSON rather than as a broken rule. */
  syntaxError = false;
  readonly #text: string;
  #at = 0;
  #started = false;
  #openString = false;
  #valueText = '';
  #ahead: Token | undefined;
  readonly #nesting: { object: boolean; start: number; entries: number }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    if (this.#ahead !== undefined) {
      const token = this.#ahead;
      this.#ahead = undefined;
      return token;
    }
    if (this.#openString) this.#finishString();
    this.#skipSpace();
    const inside = this.#nesting.at(-1);
    if (inside === undefined) return this.#root();
    if (this.#text[this.#at] === (inside.object ? '}' : ']')) {
      this.#at++;
      this.#nesting.pop();
      return inside.object ? 'end-object' : 'end-array';
    }
    if (inside.entries++ > 0)
      this.#expect(',', `was expecting comma to separate ${inside.object ? 'Object' : 'Array'} entries`);
    if (!inside.object) return this.#value();
    this.#skipSpace();
    this.#expect('"', 'was expecting double-quote to start field name');
    this.#finishString();
    this.fieldName = this.#valueText;
    this.#skipSpace();
    this.#expect(':', 'was expecting a colon to separate field name and value');
    this.#ahead = this.#value();
    return 'field-name';
  }

  /** Text of the current token. */
  text(token: Token): string {
    if (this.#openString) this.#finishString();
    if (token === 'end-array') return ']';
    if (token === 'end-object') return '}';
    if (token === 'start-array') return '[';
    if (token === 'start-object') return '{';
    return this.#valueText;
  }

  /** Fails at the current position. */
  fail(message: string): never {
    throw new PolicyError(`${message}\n at ${this.#location(this.#at)}`);
  }

  /** The document is one value. */
  #root(): Token {
    const ended = this.#at >= this.#text.length;
    if (this.#started && ended) return 'end';
    if (ended) this.#broken('No content to map due to end-of-input', this.#at);
    if (this.#started) this.#unexpected(this.#text[this.#at]!, 'expected end of input');
    this.#started = true;
    return this.#value();
  }

  #value(): Token {
    this.#skipSpace();
    const char = this.#text[this.#at];
    if (char === undefined) this.#endOfInput();
    if (char === '{' || char === '[') {
      this.#nesting.push({ object: char === '{', start: this.#at, entries: 0 });
      this.#at++;
      if (this.#nesting.length > MAX_DEPTH) {
        this.#broken(`Document nesting depth (${MAX_DEPTH + 1}) exceeds the maximum allowed (${MAX_DEPTH})`, this.#at);
      }
      return char === '{' ? 'start-object' : 'start-array';
    }
    if (char === '"') {
      this.#at++;
      this.#openString = true;
      return 'string';
    }
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      this.#valueText = number;
      return 'number';
    }
    return this.#word(char);
  }

  #word(char: string): Token {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) this.#unexpected(char, `expected a valid value (${VALUES})`);
    this.#at += word.length;
    if (word !== 'true' && word !== 'false' && word !== 'null') {
      this.#broken(`Unrecognized token '${word}': was expecting (${VALUES})`, this.#at);
    }
    this.#valueText = word;
    return word;
  }

  #finishString(): void {
    this.#openString = false;
    const from = this.#at;
    let end = from;
    for (; this.#text[end] !== '"'; end++) {
      const code = this.#text.charCodeAt(end);
      if (Number.isNaN(code)) {
        this.#at = end;
        this.#broken('Unexpected end-of-input in VALUE_STRING', end);
      }
      if (code < 32) {
        this.#at = end;
        this.#broken(
          `Illegal unquoted character ((CTRL-CHAR, code ${code})): has to be escaped using backslash to be included in string value`,
          end,
        );
      }
      if (code === 92) end++;
    }
    this.#at = end + 1;
    try {
      this.#valueText = JSON.parse(`"${this.#text.slice(from, end)}"`) as string;
    } catch {
      this.#broken('Unrecognized character escape', end);
    }
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && ' \t\r\n'.includes(this.#text[this.#at]!)) this.#at++;
  }

  #expect(char: string, expectation: string): void {
    const found = this.#text[this.#at];
    if (found === undefined) this.#endOfInput();
    if (found !== char) this.#unexpected(found, expectation);
    this.#at++;
  }

  #unexpected(char: string, expectation: string): never {
    this.#broken(`Unexpected character ('${char}' (code ${char.charCodeAt(0)})): ${expectation}`, this.#at);
  }

  #endOfInput(): never {
    const inside = this.#nesting.at(-1);
    const end = this.#text.length;
    if (inside === undefined) this.#broken('Unexpected end-of-input', end);
    const kind = inside.object ? 'Object' : 'Array';
    const start = `start marker at ${this.#location(inside.start)}`;
    this.#broken(`Unexpected end-of-input: expected close marker for ${kind} (${start})`, end);
  }

  #broken(message: string, at: number): never {
    this.syntaxError = true;
    throw new PolicyError(`${message}\n at ${this.#location(at)}`);
  }

  #location(offset: number): string {
    const before = this.#text.slice(0, offset);
    const line = before.split('\n').length;
    return `[${SOURCE}; line: ${line}, column: ${offset - before.lastIndexOf('\n')}]`;
  }
}

/** Checks that `text` is one JSON value; throws PolicyError with SNS's wording otherwise. */
export function checkJson(text: string): void {
  const reader = new PolicyReader(text);
  try {
    while (reader.next() !== 'end');
  } catch (error) {
    if (error instanceof PolicyError) throw new PolicyError(`failed to parse JSON. ${error.message}`);
    throw error;
  }
}
