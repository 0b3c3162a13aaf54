import { Command } from 'commander';
import { stackOf } from '../access/plan.ts';
import type { App } from '../app.ts';
import { confirm } from '../questions/confirm.ts';
import type { Fact } from '../topology/apply.ts';
import { type ChangesView, changesView } from '../views/provision.ts';

export interface DestroyOptions {
  yes?: boolean;
}

export function destroyCommand(app: App): Command {
  return new Command('destroy')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ cliffracer destroy --yes')
    .action(async (options: DestroyOptions) => {
      const { names } = await app.connect();
      await confirm(app, options, `Remove stack ${names.stack} with every order, message, receipt and log line in it?`);
      await app.print.result(await destroy(app), changesView);
    });
}

/** Removes what carries the stack's tag, and nothing else. */
export async function destroy(app: App): Promise<ChangesView> {
  const connection = await app.connect();
  const [topology, { admin, desired }] = await Promise.all([
    import('../topology/destroy.ts'),
    connection.administration(),
  ]);
  const resources: Fact[] = [];
  for await (const fact of topology.destroy(admin, desired)) resources.push(fact);
  return { ...(await stackOf(connection)), resources };
}
