import { ExpressionError } from './error.ts';

export type Operator = '=' | '!=' | '~' | '!~' | '<' | '<=' | '>' | '>=';

/** `at` counts characters from 1. */
export type Token = { at: number } & (
  | { kind: 'word'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'operator'; text: Operator }
  | { kind: 'open' | 'close' | 'end'; text: string }
);

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...(['=', '!=', '~', '!~', '<', '<=', '>', '>='] as const).map((each) => [each, each] as const),
  ['==', '='],
]);
const LONGEST = 2_000;
const NEXT = /\s*(?:(?<paren>[()])|(?<operator>[=!~<>]+)|(?<quote>["'])|(?<word>[^\s()=!~<>"']+))/y;

/** Cuts an expression into its words, quoted texts, operators and parentheses, the end included. */
export function tokensOf(expression: string): Token[] {
  if (expression.length > LONGEST) {
    throw new ExpressionError(`the expression has more than ${LONGEST} characters`);
  }
  const tokens: Token[] = [];
  NEXT.lastIndex = 0;
  for (;;) {
    const from = NEXT.lastIndex;
    const match = NEXT.exec(expression);
    if (match === null) break;
    const { paren, operator, quote, word } = match.groups!;
    const at = NEXT.lastIndex - (paren ?? operator ?? quote ?? word)!.length + 1;
    if (paren !== undefined) tokens.push({ kind: paren === '(' ? 'open' : 'close', text: paren, at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (operator !== undefined) tokens.push(operatorAt(operator, at));
    else tokens.push(quoted(expression, quote!, at));
    if (NEXT.lastIndex === from) break;
  }
  return [...tokens, { kind: 'end', text: '', at: expression.trimEnd().length + 1 }];
}

function operatorAt(text: string, at: number): Token {
  const operator = OPERATORS.get(text);
  if (operator !== undefined) return { kind: 'operator', text: operator, at };
  const meant = text === '!' ? '; "not" turns a condition round' : '';
  throw refuse(at, `${JSON.stringify(text)} is no comparison${meant}`);
}

/** A text in quotes; a backslash makes the next character plain. */
function quoted(expression: string, quote: string, at: number): Token {
  let text = '';
  for (let index = at; index < expression.length; index++) {
    const character = expression[index]!;
    if (character === quote) {
      NEXT.lastIndex = index + 1;
      return { kind: 'text', text, at };
    }
    text += character === '\\' ? (expression[++index] ?? '') : character;
  }
  throw refuse(at, `the text after ${quote} has no closing ${quote}`);
}

export const refuse = (at: number, what: string): ExpressionError => new ExpressionError(`character ${at}: ${what}`);
