import type { Condition, Operand, Path } from './ast.ts';

/** All document paths that a condition reads. */
export function pathsOf<V>(condition: Condition<V> | undefined): Path[] {
  if (condition === undefined) return [];
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(pathsOf);
    case 'not':
      return pathsOf(condition.condition);
    case 'compare':
      return operandPaths(condition.left, condition.right);
    case 'between':
      return operandPaths(condition.operand, condition.low, condition.high);
    case 'in':
      return operandPaths(condition.operand, ...condition.candidates);
    case 'function':
      return operandPaths(...condition.operands);
  }
}

function operandPaths<V>(...operands: Operand<V>[]): Path[] {
  return operands.flatMap((operand) => {
    if (operand.kind === 'size') return operandPaths(operand.operand);
    return operand.kind === 'path' ? [operand.path] : [];
  });
}
