import { Command } from 'commander';
import { stackOf } from '../access/plan.ts';
import { checkTemplateFlags, destroyTemplates, type TemplateOptions, templatesToDestroy } from '../access/templates.ts';
import type { App } from '../app.ts';
import { templateOptions } from '../cli/arguments.ts';
import { confirm } from '../questions/confirm.ts';
import type { Fact } from '../topology/apply.ts';
import { type ChangesView, changesView } from '../views/provision.ts';
import { type TemplateChangesView, templateChangesView } from '../views/template.ts';

export interface DestroyOptions extends TemplateOptions {
  yes?: boolean;
}

export function destroyCommand(app: App): Command {
  const command = new Command('destroy').option('-y, --yes', 'do not ask');
  for (const option of templateOptions('instead of the shop, remove what was made of')) command.addOption(option);
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer destroy --yes\n  $ cliffracer destroy --template template.yaml\n\n' +
        'Only what carries the tag of the stack is removed, with all that is in it. What was there before a template took it\nover is kept.',
    )
    .action(async (options: DestroyOptions) => {
      checkTemplateFlags(options, 'destroy');
      if (options.template !== undefined) {
        return app.print.result(await destroyOfTemplates(app, options), templateChangesView);
      }
      const { names } = await app.connect();
      await confirm(app, options, `Remove stack ${names.stack} with every order, message, receipt and log line in it?`);
      await app.print.result(await destroy(app), changesView);
    });
}

async function destroyOfTemplates(app: App, options: DestroyOptions): Promise<TemplateChangesView> {
  const loaded = await templatesToDestroy(app, options);
  const names = loaded.map(({ stack }) => stack).join(', ');
  const what = loaded.length === 1 ? `stack ${names}` : `stacks ${names}`;
  await confirm(app, options, `Remove ${what} with every message, item and object in it?`);
  return destroyTemplates(app, loaded);
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
