import { type AttributeValue, typeOf } from '../value.ts';
import type { UpdateAction, UpdateOperand } from './ast.ts';
import { checkDistinctPaths } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { ExpressionError } from './tokens.ts';

/** Type names as the messages about ADD and DELETE have them. */
const LONG_TYPE_NAMES: Partial<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

/** Update actions with their placeholders resolved, and the checks that need them made. */
export function bindUpdate(
  parsed: readonly UpdateAction<string>[],
  placeholders: Placeholders,
): UpdateAction<AttributeValue>[] {
  const bound = parsed.map((action): UpdateAction<AttributeValue> => {
    const path = placeholders.path(action.path);
    if (action.action === 'REMOVE') return { action: 'REMOVE', path };
    if (action.action === 'SET') {
      return { action: 'SET', path, value: bindOperand(action.value, placeholders) };
    }
    return { action: action.action, path, value: placeholders.value(action.value) };
  });
  checkDistinctPaths(bound.map((action) => action.path));
  for (const action of bound) {
    if (action.action === 'ADD' || action.action === 'DELETE') checkSetOrNumber(action.action, action.value);
  }
  for (const action of bound) if (action.action === 'SET') checkOperand(action.value);
  return bound;
}

function bindOperand(operand: UpdateOperand<string>, placeholders: Placeholders): UpdateOperand<AttributeValue> {
  if (operand.kind === 'path') return { kind: 'path', path: placeholders.path(operand.path) };
  if (operand.kind === 'value') return { kind: 'value', value: placeholders.value(operand.value) };
  return { kind: operand.kind, operands: operand.operands.map((inner) => bindOperand(inner, placeholders)) };
}

/** "ADD supports only Number and set data types", DELETE only sets (Developer Guide, Update expressions). */
function checkSetOrNumber(action: 'ADD' | 'DELETE', value: AttributeValue): void {
  const type = typeOf(value);
  const long = LONG_TYPE_NAMES[type];
  if (long === undefined || (action === 'ADD' && type === 'N')) return;
  throw new ExpressionError(
    `Incorrect operand type for operator or function; operator: ${action}, operand type: ${long}`,
  );
}

function checkOperand(operand: UpdateOperand<AttributeValue>): void {
  if (operand.kind === 'path' || operand.kind === 'value') return;
  const { kind, operands } = operand;
  if (operands.length !== 2) {
    throw new ExpressionError(
      'Incorrect number of operands for operator or function; ' +
        `operator or function: ${kind}, number of operands: ${operands.length}`,
    );
  }
  if (kind === 'if_not_exists' && operands[0]!.kind !== 'path') {
    throw new ExpressionError('Operator or function requires a document path; operator or function: if_not_exists');
  }
  for (const inner of operands) {
    const needed = kind === 'if_not_exists' ? undefined : kind === 'list_append' ? 'L' : 'N';
    if (inner.kind === 'value' && needed !== undefined && inner.value[needed] === undefined) {
      throw new ExpressionError(
        'Incorrect operand type for operator or function; ' +
          `operator or function: ${kind}, operand type: ${typeOf(inner.value)}`,
      );
    }
    checkOperand(inner);
  }
}
