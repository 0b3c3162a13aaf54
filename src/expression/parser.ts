import { type Operator, refuse, type Token, tokensOf } from './tokens.ts';

/** A condition on a message. Conditions of one `and` or `or` stand side by side, however many there are. */
export type Expression =
  | { kind: 'and' | 'or'; parts: readonly Expression[] }
  | { kind: 'not'; of: Expression }
  | Comparison;

export interface Comparison {
  kind: 'compare';
  field: string;
  operator: Operator;
  value: string;
  /** In quotes, so that it is text even when it looks like a number. */
  quoted: boolean;
}

const DEEPEST = 50;

/**
 * Reads `event_type = payment_failed and (attempts > 3 or not reason ~ "out of stock")`. Or binds weaker than and,
 * which binds weaker than not. Throws ExpressionError, naming the character.
 */
export function parseExpression(text: string): Expression {
  return new Parser(tokensOf(text)).whole();
}

/** Every field that an expression names. */
export function fieldsOf(expression: Expression): Set<string> {
  switch (expression.kind) {
    case 'compare':
      return new Set([expression.field]);
    case 'not':
      return fieldsOf(expression.of);
    default:
      return new Set(expression.parts.flatMap((part) => [...fieldsOf(part)]));
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#chain('or');
    const rest = this.#peek();
    if (rest.kind === 'close') throw refuse(rest.at, 'this ) closes nothing');
    if (rest.kind !== 'end') throw refuse(rest.at, `expected "and", "or" or the end, not ${nameOf(rest)}`);
    return expression;
  }

  #chain(word: 'and' | 'or'): Expression {
    const operand = () => (word === 'or' ? this.#chain('and') : this.#negation());
    const parts = [operand()];
    while (this.#isWord(word)) {
      this.#take();
      parts.push(operand());
    }
    return parts.length === 1 ? parts[0]! : { kind: word, parts };
  }

  #negation(): Expression {
    if (this.#isWord('not')) return this.#nested(() => ({ kind: 'not', of: this.#negation() }));
    if (this.#peek().kind !== 'open') return this.#comparison();
    return this.#nested((open) => {
      const inner = this.#chain('or');
      const close = this.#take();
      if (close.kind === 'close') return inner;
      throw refuse(close.at, `expected ) for the ( at character ${open.at}, not ${nameOf(close)}`);
    });
  }

  /** Whoever nests without end must not use up the stack. */
  #nested(read: (opening: Token) => Expression): Expression {
    const opening = this.#take();
    if (++this.#depth > DEEPEST) throw refuse(opening.at, `more than ${DEEPEST} levels within each other`);
    const expression = read(opening);
    this.#depth--;
    return expression;
  }

  #comparison(): Comparison {
    const field = this.#take();
    if (field.kind !== 'word' || isKeyword(field)) throw refuse(field.at, `expected a field, not ${nameOf(field)}`);
    const operator = this.#take();
    if (operator.kind !== 'operator') {
      const known = '=, !=, ~, !~, <, <=, > or >=';
      throw refuse(operator.at, `expected ${known} after ${JSON.stringify(field.text)}, not ${nameOf(operator)}`);
    }
    const value = this.#take();
    if ((value.kind !== 'word' && value.kind !== 'text') || isKeyword(value)) {
      throw refuse(value.at, `expected a value after ${operator.text}, not ${nameOf(value)}`);
    }
    const quoted = value.kind === 'text';
    return { kind: 'compare', field: field.text, operator: operator.text, value: value.text, quoted };
  }

  #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  /** The end is never gone past. */
  #take(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }
}

const isKeyword = (token: Token): boolean => token.kind === 'word' && /^(and|or|not)$/i.test(token.text);

const nameOf = ({ kind, text }: Token): string => (kind === 'end' ? 'the end' : JSON.stringify(text));
