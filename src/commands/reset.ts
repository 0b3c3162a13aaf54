import { Command } from 'commander';
import { stackOf } from '../access/plan.ts';
import type { App } from '../app.ts';
import { confirm } from '../questions/confirm.ts';
import type { StackAdmin } from '../shop/stack/admin.ts';
import type { Fact } from '../topology/apply.ts';
import type { Desired } from '../topology/resources.ts';
import { type ChangesView, changesView } from '../views/provision.ts';
import type { DestroyOptions } from './destroy.ts';

export function resetCommand(app: App): Command {
  return new Command('reset')
    .option('-y, --yes', 'do not ask')
    .option('--all', 'the whole embedded engine in one stroke: every stack, and what other programs made')
    .addHelpText('after', '\nExample:\n  $ cliffracer reset --yes')
    .action(async (options: ResetOptions) => {
      const { names } = await app.connect();
      const what = options.all
        ? `Empty the whole engine, all stacks in it, and provision stack ${names.stack} anew?`
        : `Empty stack ${names.stack} and seed it again?`;
      await confirm(app, options, what);
      await app.print.result(options.all ? await resetAll(app) : await reset(app), changesView);
    });
}

export interface ResetOptions extends DestroyOptions {
  all?: boolean;
}

/** Everything in the embedded engine is forgotten at once; rejects with `unsupported` on every other engine. */
async function resetAll(app: App): Promise<ChangesView> {
  const [{ control }, { provision }] = await Promise.all([
    import('../engines/embedded/control.ts'),
    import('./provision.ts'),
  ]);
  const endpoint = (await app.endpoint()).value;
  await control(endpoint, app.clock.now, { method: 'POST', path: '/reset', what: 'emptying a whole engine' });
  return provision(app);
}

/** Empties queues, tables, bucket and log group, then puts the catalogue, its stock and the demo customers back. */
export async function reset(app: App): Promise<ChangesView> {
  const connection = await app.connect();
  const [topology, { admin, desired }] = await Promise.all([
    import('../shop/stack/reset.ts'),
    connection.administration(),
  ]);
  await checkAllOurs(admin, desired, connection.target.kind === 'aws');
  const resources: Fact[] = [];
  for await (const fact of topology.reset(connection.ports, admin, connection.names)) resources.push(fact);
  return { ...(await stackOf(connection)), resources };
}

/** Before anything is thrown away; tags count on AWS only, where all that this program makes has them. */
async function checkAllOurs(admin: StackAdmin, desired: readonly Desired[], byTag: boolean): Promise<void> {
  const [{ observe }, { refuseForeignTables, refuseUnowned: refuseStrangers }] = await Promise.all([
    import('../topology/observe.ts'),
    import('../topology/ownership-guard.ts'),
  ]);
  const observed = await observe(admin, desired);
  refuseForeignTables(desired, observed);
  if (byTag) refuseStrangers(desired, observed);
}
