/** A value that a filter policy can look at: SNS compares leaves only. */
export type Scalar = string | number | boolean | null;

/** One entry of a value list, parsed. Plain data: it is part of the subscription's state. */
export type Condition =
  | { op: 'exact'; value: Scalar }
  | { op: 'exists'; value: boolean }
  | { op: 'numeric'; low: number | undefined; lowOpen: boolean; high: number | undefined; highOpen: boolean }
  | { op: 'cidr'; low: string; high: string }
  | { op: 'anything-but'; values: (string | number)[] }
  | StringCondition
  | { op: 'not'; any: StringCondition[] };

export type StringCondition =
  | { op: 'prefix' | 'suffix' | 'equals-ignore-case'; value: string }
  /** Literal parts between the wildcards. */
  | { op: 'wildcard'; parts: string[] };

/** A leaf of the policy: at least one condition must hold for the values at this path (names joined by dots). */
export interface Leaf {
  path: string;
  depth: number;
  conditions: Condition[];
}

/** A filter policy in disjunctive form: one of the rules must hold, and in it every leaf. */
export interface FilterPolicy {
  rules: Leaf[][];
  /** Some path is nested, which only the scope MessageBody allows. */
  nested: boolean;
}

export type FilterScope = 'MessageAttributes' | 'MessageBody';
