import { isReserved } from './reserved-words.ts';

/** What is wrong with an expression; the request that carries it says which parameter it came in. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

export interface Token {
  kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'unknown' | 'end';
  text: string;
  start: number;
  end: number;
}

const TOKEN =
  /[ \t\r\n]*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([0-9]+)|(<>|<=|>=|[=<>+\-()[\],.])|([^ \t\r\n]))/y;
const KINDS = ['word', 'name', 'value', 'number', 'symbol', 'unknown'] as const;

/** Developer Guide, Quotas, Expression parameters. */
const LONGEST_EXPRESSION = 4096;
const MOST_OPERATORS = 300;
const DEEPEST_PATH = 32;

/** Faults that DynamoDB looks for once the whole expression has parsed, in this order. */
type Problem = 'parentheses' | 'function' | 'misuse' | 'reserved' | 'section';
const PROBLEMS: readonly Problem[] = ['parentheses', 'function', 'misuse', 'reserved', 'section'];

/** Reads an expression token by token, and keeps what is wrong with it apart from its syntax. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: Token[];
  readonly #problems = new Map<Problem, string>();
  #at = 0;
  #operators = 0;

  constructor(text: string) {
    if (text === '') throw new ExpressionError('The expression can not be empty;');
    const size = Buffer.byteLength(text);
    if (size > LONGEST_EXPRESSION) {
      throw new ExpressionError(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);
    }
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  get next(): Token {
    return this.#tokens[this.#at + 1] ?? this.token;
  }

  take(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === text;
  }

  isKeyword(word: string): boolean {
    return this.token.kind === 'word' && this.token.text.toUpperCase() === word;
  }

  takeSymbol(text: string): boolean {
    const there = this.isSymbol(text);
    if (there) this.#at++;
    return there;
  }

  takeKeyword(word: string): boolean {
    const there = this.isKeyword(word);
    if (there) this.#at++;
    return there;
  }

  expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.syntaxError();
  }

  expectKeyword(word: string): void {
    if (!this.takeKeyword(word)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.token.kind !== 'end') throw this.syntaxError();
  }

  /** Names the token that does not fit, and shows it between its neighbours. */
  syntaxError(): ExpressionError {
    const token = this.token;
    const from = this.#tokens[this.#at - 1] ?? token;
    const near = this.#text.slice(from.start, this.next.end).trim();
    const shown = token.kind === 'end' ? '<EOF>' : token.text;
    return new ExpressionError(`Syntax error; token: "${shown}", near: "${near}"`);
  }

  countOperator(): void {
    this.#operators++;
  }

  note(problem: Problem, message: string): void {
    if (!this.#problems.has(problem)) this.#problems.set(problem, message);
  }

  misused(name: string): void {
    this.note('misuse', `The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  /** Ends the reading: everything must have been read, and nothing been noted. */
  finish(): void {
    this.expectEnd();
    if (this.#operators > MOST_OPERATORS) {
      throw new ExpressionError(`The expression contains too many operators; operator count: ${this.#operators}`);
    }
    for (const problem of PROBLEMS) {
      const message = this.#problems.get(problem);
      if (message !== undefined) throw new ExpressionError(message);
    }
  }

  /** `name`, `#name`, and after it any `.name`, `.#name` and `[index]`. */
  takePath(): (string | number)[] {
    const path: (string | number)[] = [this.#takeName()];
    for (;;) {
      if (this.takeSymbol('.')) path.push(this.#takeName());
      else if (this.takeSymbol('[')) {
        if (this.token.kind !== 'number') throw this.syntaxError();
        path.push(listIndex(this.take().text));
        this.expectSymbol(']');
      } else break;
    }
    if (path.length > DEEPEST_PATH) {
      throw new ExpressionError(`The document path has too many nesting elements; nesting levels: ${path.length}`);
    }
    return path;
  }

  #takeName(): string {
    const { kind, text } = this.token;
    if (kind !== 'word' && kind !== 'name') throw this.syntaxError();
    if (kind === 'word' && isReserved(text)) {
      this.note('reserved', `Attribute name is a reserved keyword; reserved keyword: ${text}`);
    }
    this.#at++;
    return text;
  }
}

/** What Java calls an Integer is what an index may be. */
function listIndex(text: string): number {
  const index = Number(text);
  if (index < 2 ** 31) return index;
  throw new ExpressionError(`List index is not within the allowable range; index: [${text}]`);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const group = match.findIndex((found, at) => at > 0 && found !== undefined);
    const found = match[group]!;
    const end = match.index + match[0].length;
    tokens.push({ kind: KINDS[group - 1]!, text: found, start: end - found.length, end });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}
