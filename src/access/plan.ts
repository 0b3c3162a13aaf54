import type { App } from '../app.ts';
import type { Connection } from '../connection.ts';
import type { Admin } from '../topology/admin.ts';
import type { PlanOptions } from '../topology/plan.ts';
import type { Desired, Value } from '../topology/resources.ts';
import type { ChangesView, ResourceChange, StackHeading } from '../views/provision.ts';

/** What `provision` would do, attribute by attribute. Changes nothing. */
export async function planned(app: App): Promise<ChangesView & { planned: true }> {
  const connection = await app.connect();
  const { admin, desired } = await connection.administration();
  const resources = await plannedChanges(admin, desired, { lenient: connection.target.kind === 'local' });
  return { ...(await stackOf(connection)), planned: true, resources };
}

export async function plannedChanges(
  admin: Admin,
  desired: readonly Desired[],
  options: PlanOptions,
): Promise<ResourceChange[]> {
  const [{ observe }, { describeChanges, plan }] = await Promise.all([
    import('../topology/observe.ts'),
    import('../topology/plan.ts'),
  ]);
  return plan(desired, await observe(admin, desired), options).map(({ kind, resource, action, changes, unset }) => ({
    ...{ kind, resource, action },
    changes: changes.map(({ attribute, from, to }) => ({ attribute, from: scalar(from), to: scalar(to) })),
    detail: action === 'update' ? describeChanges(changes) : '',
    ...(unset.length > 0 && { unset: unset.map(({ attribute }) => attribute) }),
  }));
}

/** The stack in use and, on AWS, the account and region that it is in. */
export async function stackOf({ target, names, clients }: Connection): Promise<StackHeading> {
  if (target.kind === 'local') return { stack: names.stack };
  const { account, region } = await clients.identity();
  return { stack: names.stack, account, region };
}

/** Policies and lists as the text that they are on AWS. */
const scalar = (value: Value | undefined) => (typeof value === 'object' ? JSON.stringify(value) : value);
