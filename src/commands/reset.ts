import { Command } from 'commander';
import type { App } from '../app.ts';
import type { StackAdmin } from '../topology/admin.ts';
import type { Fact } from '../topology/apply.ts';
import type { Desired } from '../topology/resources.ts';
import { type ChangesView, changesView } from '../views/provision.ts';
import { confirm } from './confirm.ts';
import type { DestroyOptions } from './destroy.ts';
import { stackOf } from './stack-heading.ts';

export function resetCommand(app: App): Command {
  return new Command('reset')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ cliffracer reset --yes')
    .action(async (options: DestroyOptions) => {
      const { names } = await app.connect();
      await confirm(app, options, `Empty stack ${names.stack} and seed it again?`);
      await app.print.result(await reset(app), changesView);
    });
}

/** Empties queues, tables, bucket and log group, then puts the catalogue, its stock and the demo customers back. */
export async function reset(app: App): Promise<ChangesView> {
  const connection = await app.connect();
  const [topology, { admin, desired }] = await Promise.all([
    import('../topology/reset.ts'),
    connection.administration(),
  ]);
  if (connection.target.kind === 'aws') await checkAllOurs(admin, desired);
  const resources: Fact[] = [];
  for await (const fact of topology.reset(connection.ports, admin, connection.names)) resources.push(fact);
  return { ...(await stackOf(connection)), resources };
}

async function checkAllOurs(admin: StackAdmin, desired: readonly Desired[]): Promise<void> {
  const [{ observe }, { refuseStrangers }] = await Promise.all([
    import('../topology/observe.ts'),
    import('../topology/strangers.ts'),
  ]);
  refuseStrangers(desired, await observe(admin, desired));
}
