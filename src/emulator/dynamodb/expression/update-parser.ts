import type { Path, UpdateAction, UpdateOperand } from './ast.ts';
import { CONDITION_FUNCTIONS } from './condition-parser.ts';
import { TokenReader } from './tokens.ts';

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
type Section = (typeof SECTIONS)[number];

/** Nested function calls; deeper ones are no use, and could overflow the stack. */
const DEEPEST_NESTING = 100;

/** Parses an UpdateExpression (Developer Guide, Update expressions). */
export function parseUpdate(text: string): UpdateAction<string>[] {
  const reader = new TokenReader(text);
  const actions: UpdateAction<string>[] = [];
  const seen = new Set<Section>();
  do {
    const section = SECTIONS.find((name) => reader.takeKeyword(name));
    if (section === undefined) throw reader.syntaxError();
    if (seen.has(section)) {
      reader.note('section', `The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    do actions.push(parseAction(reader, section));
    while (reader.takeSymbol(','));
  } while (reader.token.kind !== 'end');
  reader.finish();
  return actions;
}

/** Parses a ProjectionExpression. */
export function parseProjection(text: string): Path[] {
  const reader = new TokenReader(text);
  const paths = [reader.takePath()];
  while (reader.takeSymbol(',')) paths.push(reader.takePath());
  reader.finish();
  return paths;
}

function parseAction(reader: TokenReader, section: Section): UpdateAction<string> {
  const path = reader.takePath();
  if (section === 'REMOVE') return { action: 'REMOVE', path };
  reader.countOperator();
  if (section === 'SET') {
    reader.expectSymbol('=');
    return { action: 'SET', path, value: parseSum(reader, 0) };
  }
  if (reader.token.kind !== 'value') throw reader.syntaxError();
  return { action: section, path, value: reader.take().text };
}

/** An operand, or two with one `+` or `-` between them. */
function parseSum(reader: TokenReader, depth: number): UpdateOperand<string> {
  const left = parseOperand(reader, depth);
  const kind = reader.takeSymbol('+') ? '+' : reader.takeSymbol('-') ? '-' : undefined;
  if (kind === undefined) return left;
  reader.countOperator();
  return { kind, operands: [left, parseOperand(reader, depth)] };
}

function parseOperand(reader: TokenReader, depth: number): UpdateOperand<string> {
  if (depth > DEEPEST_NESTING) throw reader.syntaxError();
  if (reader.takeSymbol('(')) {
    const inner = parseSum(reader, depth + 1);
    reader.expectSymbol(')');
    return inner;
  }
  if (reader.token.kind === 'value') return { kind: 'value', value: reader.take().text };
  if (reader.token.kind !== 'word' || reader.next.text !== '(') return { kind: 'path', path: reader.takePath() };
  const name = reader.take().text;
  reader.expectSymbol('(');
  reader.countOperator();
  const operands = [parseOperand(reader, depth + 1)];
  while (reader.takeSymbol(',')) operands.push(parseOperand(reader, depth + 1));
  reader.expectSymbol(')');
  if (CONDITION_FUNCTIONS.includes(name)) {
    reader.note('function', `The function is not allowed in an update expression; function: ${name}`);
  } else if (name !== 'if_not_exists' && name !== 'list_append') {
    reader.note('function', `Invalid function name; function: ${name}`);
  }
  // Of the two functions, only if_not_exists makes an operand.
  if (operands.some(({ kind }) => kind === 'list_append')) reader.misused('list_append');
  return { kind: name as 'if_not_exists', operands };
}
