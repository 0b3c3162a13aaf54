import type { Condition, Operand, Path } from './ast.ts';

/** Visits every document path that a condition reads. */
export function eachPath<V>(condition: Condition<V>, visit: (path: Path) => void): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      for (const part of condition.conditions) eachPath(part, visit);
      return;
    case 'not':
      eachPath(condition.condition, visit);
      return;
    case 'compare':
      visitOperand(condition.left, visit);
      visitOperand(condition.right, visit);
      return;
    case 'between':
      visitOperand(condition.operand, visit);
      visitOperand(condition.low, visit);
      visitOperand(condition.high, visit);
      return;
    case 'in':
      visitOperand(condition.operand, visit);
      for (const candidate of condition.candidates) visitOperand(candidate, visit);
      return;
    case 'function':
      for (const operand of condition.operands) visitOperand(operand, visit);
  }
}

function visitOperand<V>(operand: Operand<V>, visit: (path: Path) => void): void {
  if (operand.kind === 'path') visit(operand.path);
  else if (operand.kind === 'size') visitOperand(operand.operand, visit);
}
