import type { Comparator, Condition, ConditionFunction, Operand } from './ast.ts';
import { ExpressionError, TokenReader } from './tokens.ts';

const COMPARATORS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
export const CONDITION_FUNCTIONS: readonly string[] = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
];

/** An expression that cannot be written without trying; 4 KB of `NOT` or `(` would overflow the stack. */
const DEEPEST_NESTING = 200;

/** What parentheses may hold: a condition or, as the beginning of one, an operand. */
type Parsed =
  | { is: 'condition'; condition: Condition<string>; parenthesised: boolean }
  | { is: 'operand'; operand: Operand<string>; parenthesised: boolean };

/** Parses a ConditionExpression, FilterExpression or KeyConditionExpression (Developer Guide, Condition expressions). */
export function parseCondition(text: string, options: { redundantParentheses: boolean }): Condition<string> {
  const parser = new ConditionParser(new TokenReader(text));
  const condition = parser.condition();
  if (options.redundantParentheses && parser.redundant) {
    parser.reader.note('parentheses', 'The expression has redundant parentheses;');
  }
  parser.reader.finish();
  return condition;
}

class ConditionParser {
  readonly reader: TokenReader;
  redundant = false;
  #depth = 0;

  constructor(reader: TokenReader) {
    this.reader = reader;
  }

  condition(): Condition<string> {
    return this.#asCondition(this.#or());
  }

  #or(): Parsed {
    return this.#list('OR', () => this.#list('AND', () => this.#not()));
  }

  #list(keyword: 'OR' | 'AND', part: () => Parsed): Parsed {
    const first = part();
    if (!this.reader.isKeyword(keyword)) return first;
    const conditions = [this.#asCondition(first)];
    while (this.reader.takeKeyword(keyword)) conditions.push(this.#asCondition(part()));
    const kind = keyword === 'OR' ? 'or' : 'and';
    return { is: 'condition', condition: { kind, conditions }, parenthesised: false };
  }

  #not(): Parsed {
    if (!this.reader.takeKeyword('NOT')) return this.#primary();
    const condition = this.#deeper(() => this.#asCondition(this.#not()));
    return { is: 'condition', condition: { kind: 'not', condition }, parenthesised: false };
  }

  #primary(): Parsed {
    const start = this.reader.isSymbol('(') ? this.#parenthesised() : this.#operandOrFunction();
    return start.is === 'condition' ? start : this.#comparison(start);
  }

  #parenthesised(): Parsed {
    this.reader.expectSymbol('(');
    const inner = this.#deeper(() => this.#or());
    this.reader.expectSymbol(')');
    if (inner.parenthesised) this.redundant = true;
    return { ...inner, parenthesised: true };
  }

  #deeper<T>(parse: () => T): T {
    if (++this.#depth > DEEPEST_NESTING) {
      throw new ExpressionError(`The expression is nested too deeply; nesting levels: ${this.#depth}`);
    }
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  /** What follows an operand: a comparison, BETWEEN, IN, or nothing when the operand stands in parentheses. */
  #comparison(start: Parsed & { is: 'operand' }): Parsed {
    const { reader } = this;
    const left = start.operand;
    const { kind, text } = reader.token;
    if (kind === 'symbol' && COMPARATORS.includes(text)) {
      reader.take();
      reader.countOperator();
      return done({ kind: 'compare', operator: text as Comparator, left, right: this.#operand() });
    }
    if (reader.takeKeyword('BETWEEN')) {
      reader.countOperator();
      const low = this.#operand();
      reader.expectKeyword('AND');
      return done({ kind: 'between', operand: left, low, high: this.#operand() });
    }
    if (reader.takeKeyword('IN')) {
      reader.countOperator();
      reader.expectSymbol('(');
      const candidates = this.#operands();
      return done({ kind: 'in', operand: left, candidates });
    }
    if (!reader.isSymbol(')') && left.kind !== 'size') throw reader.syntaxError();
    return start;
  }

  /** Operands up to the closing parenthesis. */
  #operands(): Operand<string>[] {
    const operands = [this.#operand()];
    while (this.reader.takeSymbol(',')) operands.push(this.#operand());
    this.reader.expectSymbol(')');
    return operands;
  }

  #operand(): Operand<string> {
    const parsed = this.reader.isSymbol('(') ? this.#parenthesised() : this.#operandOrFunction();
    if (parsed.is === 'operand') return parsed.operand;
    if (parsed.condition.kind !== 'function') throw this.reader.syntaxError();
    this.reader.misused(parsed.condition.name);
    return { kind: 'value', value: '' };
  }

  #operandOrFunction(): Parsed {
    const { reader } = this;
    if (reader.token.kind === 'value') return operand({ kind: 'value', value: reader.take().text });
    if (reader.token.kind !== 'word' || reader.next.text !== '(' || this.#isOperator()) {
      return operand({ kind: 'path', path: reader.takePath() });
    }
    const name = reader.take().text;
    reader.expectSymbol('(');
    reader.countOperator();
    const operands = this.#operands();
    if (!CONDITION_FUNCTIONS.includes(name)) reader.note('function', `Invalid function name; function: ${name}`);
    // A size can be compared, and nothing else.
    if (operands.some(({ kind }) => kind === 'size')) reader.misused('size');
    if (name !== 'size') return done({ kind: 'function', name: name as ConditionFunction, operands });
    if (operands.length !== 1) {
      throw new ExpressionError(
        'Incorrect number of operands for operator or function; ' +
          `operator or function: size, number of operands: ${operands.length}`,
      );
    }
    return operand({ kind: 'size', operand: operands[0]! });
  }

  /** `IN (` and `NOT (` look like functions. */
  #isOperator(): boolean {
    return ['IN', 'NOT', 'AND', 'OR', 'BETWEEN'].some((word) => this.reader.isKeyword(word));
  }

  #asCondition(parsed: Parsed): Condition<string> {
    if (parsed.is === 'condition') return parsed.condition;
    if (parsed.operand.kind !== 'size') throw this.reader.syntaxError();
    this.reader.misused('size');
    return { kind: 'and', conditions: [] };
  }
}

function done(condition: Condition<string>): Parsed {
  return { is: 'condition', condition, parenthesised: false };
}

function operand(parsed: Operand<string>): Parsed & { is: 'operand' } {
  return { is: 'operand', operand: parsed, parenthesised: false };
}
