import { Command } from 'commander';
import { planned } from '../access/plan.ts';
import type { App } from '../app.ts';
import { planView } from '../views/plan.ts';
import type { ChangesView } from '../views/provision.ts';

export function diffCommand(app: App): Command {
  return new Command('diff')
    .option('--exit-code', 'exit 1 when something is not as it should be')
    .addHelpText('after', '\nExample, in CI:\n  $ cliffracer diff --exit-code')
    .action(async (options: { exitCode?: boolean }) => {
      const data = await diff(app);
      await app.print.result(data, planView);
      if (options.exitCode && data.drift) app.fail('check_failed');
    });
}

/** What is not as `provision` would make it, and whatever hangs on the stack without belonging to it. */
export async function diff(app: App): Promise<ChangesView & { drift: boolean }> {
  const { resources, ...rest } = await planned(app);
  const different = resources.filter(({ action }) => action !== 'unchanged');
  // Somebody else's subscription takes nothing away from the stack: it is shown, and no drift.
  const drift = different.some(({ action }) => action !== 'orphan');
  return { ...rest, drift, resources: different };
}
