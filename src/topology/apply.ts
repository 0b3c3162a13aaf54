import { CliffracerError } from '../errors.ts';
import type { StackAdmin } from './admin.ts';
import { inOrder } from './in-order.ts';
import { observe } from './observe.ts';
import { describeChanges, type PlanStep, plan } from './plan.ts';
import { type Desired, idOf, type Kind } from './resources.ts';

/** What was done about one resource. */
export interface Fact {
  resource: string;
  kind: Kind | 'items' | 'objects' | 'messages' | 'log_streams';
  action: 'created' | 'updated' | 'unchanged' | 'deleted' | 'kept';
  detail: string;
}

export interface ApplyOptions {
  /** Takes over what exists under our names without our tag. Never on AWS, where it may be somebody else's. */
  adopt: boolean;
}

/**
 * Makes the stack as it should be and tells what that took, in the order of `desired`. What does not depend on each other
 * is done at once. Doing it again changes nothing.
 */
export async function* apply(
  admin: StackAdmin,
  desired: readonly Desired[],
  options: ApplyOptions,
): AsyncGenerator<Fact> {
  const steps = plan(desired, await observe(admin, desired));
  if (!options.adopt) refuseStrangers(steps);
  const byId = new Map(steps.map((step) => [idOf({ kind: step.kind, name: step.resource }), step]));
  yield* inOrder(
    desired,
    ({ needs }) => needs,
    (wanted) => perform(admin, wanted, byId.get(idOf(wanted))!),
  );
}

async function perform(admin: StackAdmin, wanted: Desired, step: PlanStep): Promise<Fact> {
  const { kind, name } = wanted;
  switch (step.action) {
    case 'create':
      await admin.kinds[kind].create(wanted);
      return { resource: name, kind, action: 'created', detail: '' };
    case 'update':
      await admin.kinds[kind].update(wanted, step.changes);
      return { resource: name, kind, action: 'updated', detail: describeChanges(step.changes) };
    default:
      return { resource: name, kind, action: 'unchanged', detail: '' };
  }
}

function refuseStrangers(steps: readonly PlanStep[]): void {
  const strangers = steps.filter(({ action, ours }) => (action === 'update' || action === 'unchanged') && !ours);
  if (strangers.length === 0) return;
  const names = strangers.map(({ kind, resource }) => `${kind} ${resource}`).join(', ');
  throw new CliffracerError('refused', `not made by this program, so not changed: ${names}`, {
    hint: 'use another stack: --stack NAME',
  });
}
