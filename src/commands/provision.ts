import { Command } from 'commander';
import type { App } from '../app.ts';
import type { Connection } from '../connection.ts';
import type { Fact } from '../topology/apply.ts';
import { type ChangesView, changesView } from '../views/provision.ts';

export interface ProvisionOptions {
  plan?: boolean;
}

export function provisionCommand(app: App): Command {
  return new Command('provision')
    .option('--plan', 'only show what would change')
    .addHelpText('after', '\nExample:\n  $ cliffracer provision --plan')
    .action(async (options: ProvisionOptions) => {
      const data = options.plan ? await planned(app) : await provision(app);
      await app.print.result(data, changesView);
    });
}

/** Makes the stack as it should be and seeds what is missing; doing it again changes nothing. */
export async function provision(app: App): Promise<ChangesView> {
  const connection = await app.connect();
  const progress = await app.progress(`Provisioning stack ${connection.names.stack}`);
  try {
    const resources: Fact[] = [];
    for await (const fact of provisionStack(connection)) {
      progress.update(`${fact.kind} ${fact.resource}: ${fact.action}`);
      resources.push(fact);
    }
    return { stack: connection.names.stack, resources };
  } finally {
    progress.stop();
  }
}

export async function* provisionStack(connection: Connection): AsyncGenerator<Fact> {
  const [{ apply }, { seed }, { admin, desired }] = await Promise.all([
    import('../topology/apply.ts'),
    import('../topology/seed.ts'),
    connection.administration(),
  ]);
  yield* apply(admin, desired, { adopt: connection.target.kind === 'local' });
  yield* seed(connection.ports, connection.names);
}

async function planned(app: App): Promise<ChangesView> {
  const { names, administration } = await app.connect();
  const [{ observe }, { describeChanges, plan }, { admin, desired }] = await Promise.all([
    import('../topology/observe.ts'),
    import('../topology/plan.ts'),
    administration(),
  ]);
  const steps = plan(desired, await observe(admin, desired));
  const resources = steps.map(({ kind, resource, action, changes }) => {
    return { kind, resource, action, detail: action === 'update' ? describeChanges(changes) : '' };
  });
  return { stack: names.stack, planned: true, resources };
}
