import { Command, Option } from 'commander';
import { planned, stackOf } from '../access/plan.ts';
import { POLICY_PARTS, type PolicyPart, printedPolicy } from '../access/policy.ts';
import { checkTemplateFlags, provisionTemplates, type TemplateOptions } from '../access/templates.ts';
import type { App } from '../app.ts';
import { templateOptions } from '../cli/arguments.ts';
import type { Connection } from '../connection.ts';
import type { Fact } from '../topology/apply.ts';
import { planView } from '../views/plan.ts';
import { type ChangesView, changesView } from '../views/provision.ts';

export interface ProvisionOptions extends TemplateOptions {
  plan?: boolean;
  printPolicy?: PolicyPart | true;
}

export function provisionCommand(app: App): Command {
  const examples = [
    '$ cliffracer provision --plan',
    '$ cliffracer provision --target aws --profile shop --stack team-a --account 123456789012',
    '$ cliffracer provision --template template.yaml --parameter Stage=dev',
  ];
  const command = new Command('provision').option('--plan', 'only show what would change, attribute by attribute');
  for (const option of templateOptions('make')) command.addOption(option);
  return command
    .addOption(
      new Option(
        '--print-policy [part]',
        'print the IAM policy that this program needs for the stack; only a part of it: run, provision',
      ).choices(POLICY_PARTS),
    )
    .addHelpText('after', `\nExamples:\n  ${examples.join('\n  ')}`)
    .action(async (options: ProvisionOptions) => {
      if (options.printPolicy !== undefined) {
        const part = options.printPolicy === true ? 'all' : options.printPolicy;
        return app.print.document(await printedPolicy(app, part), (policy) => JSON.stringify(policy, undefined, 2));
      }
      if (options.template !== undefined) return provisionTemplates(app, options);
      checkTemplateFlags(options, 'provision');
      if (options.plan) await app.print.result(await planned(app), planView);
      else await app.print.result(await provision(app), changesView);
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
    return { ...(await stackOf(connection)), resources };
  } finally {
    progress.stop();
  }
}

export async function* provisionStack(connection: Connection): AsyncGenerator<Fact> {
  const [{ apply }, { seed }, { admin, desired }] = await Promise.all([
    import('../topology/apply.ts'),
    import('../shop/stack/seed.ts'),
    connection.administration(),
  ]);
  yield* apply(admin, desired, { adopt: connection.target.kind === 'local' });
  yield* seed(connection.ports, connection.names);
}
