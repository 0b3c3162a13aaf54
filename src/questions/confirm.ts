import type { App } from '../app.ts';
import { CliffracerError } from '../errors.ts';

/**
 * Goes on only when somebody said yes, by flag or at the prompt. On AWS a yes is not enough: the stack's name is typed, or
 * `--yes` comes with the account that it is meant for.
 */
export async function confirm(app: App, options: { yes?: boolean }, message: string): Promise<void> {
  const { target, names } = await app.connect();
  if (target.kind === 'aws') return confirmByName(app, options, message, names.stack);
  if (options.yes || (await app.prompt.confirm({ message, flag: '--yes', default: false }))) return;
  throw new CliffracerError('refused', 'nothing was changed', { hint: 'answer yes, or give --yes' });
}

async function confirmByName(app: App, options: { yes?: boolean }, message: string, stack: string): Promise<void> {
  if (options.yes) {
    if (app.globals.account !== undefined) return;
    throw new CliffracerError('refused', 'on AWS --yes is not enough; nothing was changed', {
      hint: 'give the account too: --yes --account ID',
    });
  }
  const flag = '--yes with --account';
  const typed = await app.prompt.input({ message: `${message} Type the name of the stack to go on:`, flag });
  if (typed.trim() === stack) return;
  throw new CliffracerError('refused', `${JSON.stringify(typed)} is not the name of the stack; nothing was changed`, {
    hint: `type ${stack}, or give ${flag}`,
  });
}
