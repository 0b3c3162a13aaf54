import { isDeepStrictEqual } from 'node:util';
import { type Desired, idOf, type Kind, type Observed, type Value } from './resources.ts';

/** An attribute that is not as it should be; `from` is missing when it is not set. */
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
  /** False for what exists without our tag. */
  ours: boolean;
}

/** Compares every attribute that we own. Pure. */
export function plan(desired: readonly Desired[], observed: readonly Observed[]): PlanStep[] {
  const found = new Map(observed.map((each) => [idOf(each), each]));
  const steps = desired.map((wanted): PlanStep => {
    const existing = found.get(idOf(wanted));
    found.delete(idOf(wanted));
    const { kind, name: resource } = wanted;
    const changes = Object.entries(wanted.attributes).flatMap(([attribute, to]): Change[] => {
      const from = existing?.attributes[attribute];
      return isDeepStrictEqual(from, to) ? [] : [{ attribute, from, to }];
    });
    if (existing === undefined) return { action: 'create', kind, resource, changes, ours: true };
    return { action: changes.length > 0 ? 'update' : 'unchanged', kind, resource, changes, ours: existing.ours };
  });
  const orphans = [...found.values()].map(({ kind, name, ours }): PlanStep => {
    return { action: 'orphan', kind, resource: name, changes: [], ours };
  });
  return [...steps, ...orphans];
}

/** `VisibilityTimeout: 10 -> 30`, for every change. */
export function describeChanges(changes: readonly Change[]): string {
  return changes.map(({ attribute, from, to }) => `${attribute}: ${show(from)} -> ${show(to)}`).join(', ');
}

function show(value: Value | undefined): string {
  if (value === undefined) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
