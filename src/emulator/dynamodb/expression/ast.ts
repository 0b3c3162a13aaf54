/**
 * What expressions parse to. `V` is what stands for a value: the placeholder's name (`:total`) as parsed, the value
 * itself once the expression is bound to a request's ExpressionAttributeNames and ExpressionAttributeValues. In a parsed
 * path, `#name` stands for a name; numbers are list indexes.
 */
export type Path = (string | number)[];

export interface PathOperand {
  kind: 'path';
  path: Path;
}

export type Operand<V> = PathOperand | { kind: 'value'; value: V } | { kind: 'size'; operand: Operand<V> };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type ConditionFunction =
  | 'attribute_exists'
  | 'attribute_not_exists'
  | 'attribute_type'
  | 'begins_with'
  | 'contains';

export type Condition<V> =
  | { kind: 'and' | 'or'; conditions: Condition<V>[] }
  | { kind: 'not'; condition: Condition<V> }
  | { kind: 'compare'; operator: Comparator; left: Operand<V>; right: Operand<V> }
  | { kind: 'between'; operand: Operand<V>; low: Operand<V>; high: Operand<V> }
  | { kind: 'in'; operand: Operand<V>; candidates: Operand<V>[] }
  | { kind: 'function'; name: ConditionFunction; operands: Operand<V>[] };

export type UpdateOperand<V> =
  | PathOperand
  | { kind: 'value'; value: V }
  | { kind: 'if_not_exists' | 'list_append' | '+' | '-'; operands: UpdateOperand<V>[] };

export type UpdateAction<V> =
  | { action: 'SET'; path: Path; value: UpdateOperand<V> }
  | { action: 'REMOVE'; path: Path }
  /** `legacy`: from AttributeUpdates, whose errors are worded in another way. */
  | { action: 'ADD' | 'DELETE'; path: Path; value: V; legacy?: true };
