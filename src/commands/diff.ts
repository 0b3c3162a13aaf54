import { Command } from 'commander';
import { planned } from '../access/plan.ts';
import { checkTemplateFlags, diffTemplates, type TemplateOptions } from '../access/templates.ts';
import type { App } from '../app.ts';
import { templateOptions } from '../cli/arguments.ts';
import { planView } from '../views/plan.ts';
import type { ChangesView } from '../views/provision.ts';
import { templateChangesView } from '../views/template.ts';

export interface DiffOptions extends TemplateOptions {
  exitCode?: boolean;
}

export function diffCommand(app: App): Command {
  const command = new Command('diff').option('--exit-code', 'exit 1 when something is not as it should be');
  for (const option of templateOptions('instead of the shop, compare with')) command.addOption(option);
  return command
    .addHelpText(
      'after',
      '\nExamples, in CI:\n  $ cliffracer diff --exit-code\n  $ cliffracer diff --template template.yaml --exit-code',
    )
    .action(async (options: DiffOptions) => {
      checkTemplateFlags(options, 'diff');
      const drift = options.template === undefined ? await showShop(app) : await showTemplates(app, options);
      if (options.exitCode && drift) app.fail('check_failed');
    });
}

async function showShop(app: App): Promise<boolean> {
  const data = await diff(app);
  await app.print.result(data, planView);
  return data.drift;
}

async function showTemplates(app: App, options: DiffOptions): Promise<boolean> {
  const data = await diffTemplates(app, options);
  await app.print.result(data, templateChangesView);
  return data.drift;
}

/** What is not as `provision` would make it, and whatever hangs on the stack without belonging to it. */
export async function diff(app: App): Promise<ChangesView & { drift: boolean }> {
  const { resources, ...rest } = await planned(app);
  const different = resources.filter(({ action }) => action !== 'unchanged');
  // Somebody else's subscription takes nothing away from the stack: it is shown, and no drift.
  const drift = different.some(({ action }) => action !== 'orphan');
  return { ...rest, drift, resources: different };
}
