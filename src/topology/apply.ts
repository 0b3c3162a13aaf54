import { CliffracerError } from '../errors.ts';
import type { Admin } from './admin.ts';
import { inDependencyOrder } from './dependency-order.ts';
import { observe } from './observe.ts';
import { refuseForeignTables, refuseUnowned } from './ownership-guard.ts';
import { type Change, describeChanges, type PlanStep, plan } from './plan.ts';
import { ADOPTED_TAG, type Attributes, type Desired, idOf, type Kind } from './resources.ts';

/** What was done about one resource. */
export interface Fact {
  resource: string;
  kind: Kind | 'items' | 'objects' | 'messages' | 'log_streams';
  action: 'created' | 'updated' | 'unchanged' | 'deleted' | 'kept';
  detail: string;
}

export interface ApplyOptions {
  /**
   * For engines on this machine: takes over what exists under our names without our tag, and bears with attributes that
   * the engine does not keep. Never on AWS, where it may be somebody else's.
   */
  adopt: boolean;
  /** Marks what is taken over, so that `destroy` keeps it. */
  mark?: boolean;
}

/**
 * Makes the stack as it should be and tells what that took, in the order of `desired`. What does not depend on each other
 * is done at once. Doing it again changes nothing.
 */
export async function* apply(
  admin: Admin,
  desired: readonly Desired[],
  { adopt, mark = false }: ApplyOptions,
): AsyncGenerator<Fact> {
  const observed = await observe(admin, desired);
  refuseForeignTables(desired, observed);
  if (!adopt) refuseUnowned(desired, observed);
  const steps = plan(desired, observed, { lenient: adopt });
  const byId = new Map(steps.map((step) => [idOf({ kind: step.kind, name: step.resource }), step]));
  yield* inDependencyOrder(
    desired,
    ({ needs }) => needs,
    (wanted) => perform(admin, wanted, byId.get(idOf(wanted))!, { adopt, mark }),
  );
}

async function perform(
  admin: Admin,
  wanted: Desired,
  step: PlanStep,
  { adopt, mark }: Required<ApplyOptions>,
): Promise<Fact> {
  const { kind, name } = wanted;
  const named = (error: unknown) => {
    throw refusedOf(wanted, error);
  };
  if (step.action === 'create') {
    await admin.kinds[kind].create(wanted).catch(named);
    return { resource: name, kind, action: 'created', detail: '' };
  }
  const changes = [...step.changes, ...step.unset];
  if (changes.length === 0) return { resource: name, kind, action: 'unchanged', detail: '' };
  const isTaken = mark && !step.ours;
  await admin.kinds[kind].update(wanted, isTaken ? changes.map(marked) : changes).catch(named);
  const dropped = adopt ? await notKept(admin, wanted) : [];
  const kept = changes.filter(({ attribute }) => !dropped.includes(attribute));
  const details = [describeChanges(kept), dropped.length > 0 && `not kept by this engine: ${dropped.join(', ')}`];
  const action = kept.length > 0 ? 'updated' : 'unchanged';
  return { resource: name, kind, action, detail: details.filter(Boolean).join('; ') };
}

/** What AWS says of a wrong value does not say of which resource. */
function refusedOf({ kind, name }: Desired, error: unknown): unknown {
  if (!(error instanceof CliffracerError) || error.code !== 'aws_error' || error.message.includes(name)) return error;
  const { hint, retryable, details } = error;
  const more = { retryable, details, cause: error, ...(hint !== undefined && { hint }) };
  return new CliffracerError('aws_error', `${kind} ${name}: ${error.message}`, more);
}

/** With the tag of what is taken over. */
const marked = (change: Change): Change =>
  change.attribute !== 'tags' ? change : { ...change, to: { ...(change.to as Attributes), [ADOPTED_TAG]: 'true' } };

/** Attributes that are not as they should be although they were just set. */
async function notKept(admin: Admin, wanted: Desired): Promise<string[]> {
  const [step] = plan([wanted], await observe(admin, [wanted]));
  return step!.action === 'update' ? step!.changes.map(({ attribute }) => attribute) : [];
}
