import { isDeepStrictEqual } from 'node:util';
import { canonicalPolicy } from './canonical-policy.ts';
import { type Desired, idOf, type Kind, type Observed, type Value } from './resources.ts';

/** An attribute that differs from the desired state; `from` is undefined when it is not set. */
export interface Change {
  attribute: string;
  from: Value | undefined;
  to: Value;
}

/**
 * What has to be done about one resource. An orphan hangs on the stack but does not belong to it (somebody else's
 * subscription of the topic); it is shown and left alone.
 */
export interface PlanStep {
  action: 'create' | 'update' | 'unchanged' | 'orphan';
  kind: Kind;
  resource: string;
  changes: Change[];
  /** Protections that are missing where an engine may not keep them: worth setting, but no reason to speak of drift. */
  unset: Change[];
  /** False for what exists without our tag. */
  ours: boolean;
}

export interface PlanOptions {
  /** Bears with an engine that does not keep what only protects. Not for AWS, where a missing protection is drift. */
  lenient?: boolean;
}

/** Compares every attribute that we own. Pure. */
export function plan(
  desired: readonly Desired[],
  observed: readonly Observed[],
  { lenient = false }: PlanOptions = {},
): PlanStep[] {
  const found = new Map(observed.map((each) => [idOf(each), each]));
  const steps = desired.map((wanted): PlanStep => {
    const existing = found.get(idOf(wanted));
    found.delete(idOf(wanted));
    const { kind, name: resource, protections = [] } = wanted;
    const all = differences(wanted, existing);
    if (existing === undefined) return { action: 'create', kind, resource, changes: all, unset: [], ours: true };
    const isUnset = ({ attribute, from }: Change) => lenient && from === undefined && protections.includes(attribute);
    const changes = all.filter((change) => !isUnset(change));
    const action = changes.length > 0 ? 'update' : 'unchanged';
    return { action, kind, resource, changes, unset: all.filter(isUnset), ours: existing.ours };
  });
  const orphans = [...found.values()].map(({ kind, name, ours }): PlanStep => {
    return { action: 'orphan', kind, resource: name, changes: [], unset: [], ours };
  });
  return [...steps, ...orphans];
}

function differences({ attributes }: Desired, existing: Observed | undefined): Change[] {
  return Object.entries(attributes).flatMap(([attribute, to]): Change[] => {
    const from = existing?.attributes[attribute];
    return isSame(attribute, from, to) ? [] : [{ attribute, from, to }];
  });
}

function isSame(attribute: string, from: Value | undefined, to: Value): boolean {
  if (attribute !== 'Policy' || from === undefined) return isDeepStrictEqual(from, to);
  return isDeepStrictEqual(canonicalPolicy(from), canonicalPolicy(to));
}

/** `VisibilityTimeout: 10 -> 30`, for every change. */
export function describeChanges(changes: readonly Change[]): string {
  return changes.map(({ attribute, from, to }) => `${attribute}: ${show(from)} -> ${show(to)}`).join(', ');
}

function show(value: Value | undefined): string {
  if (value === undefined) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
