import type { App } from '../app.ts';
import type { Value } from '../topology/resources.ts';
import type { ChangesView } from '../views/provision.ts';
import { stackOf } from './stack-heading.ts';

/** What `provision` would do, attribute by attribute. Changes nothing. */
export async function planned(app: App): Promise<ChangesView & { planned: true }> {
  const connection = await app.connect();
  const [{ observe }, { describeChanges, plan }, { admin, desired }] = await Promise.all([
    import('../topology/observe.ts'),
    import('../topology/plan.ts'),
    connection.administration(),
  ]);
  const steps = plan(desired, await observe(admin, desired), { lenient: connection.target.kind === 'local' });
  const resources = steps.map(({ kind, resource, action, changes, unset }) => ({
    ...{ kind, resource, action },
    changes: changes.map(({ attribute, from, to }) => ({ attribute, from: scalar(from), to: scalar(to) })),
    detail: action === 'update' ? describeChanges(changes) : '',
    ...(unset.length > 0 && { unset: unset.map(({ attribute }) => attribute) }),
  }));
  return { ...(await stackOf(connection)), planned: true, resources };
}

/** Policies and lists as the text that they are on AWS. */
const scalar = (value: Value | undefined) => (typeof value === 'object' ? JSON.stringify(value) : value);
