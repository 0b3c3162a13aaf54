import { Command } from 'commander';
import type { App } from '../../app.ts';
import { deadLettersView } from '../../views/dead-letters.ts';
import { lookDeps } from './queue.ts';

export function dlqListCommand(app: App): Command {
  return new Command('list')
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer dlq list\n\nUp to 100 messages of each queue are looked at for the oldest and the reasons. They stay where they are; except on\nthe embedded engine, looking counts as a receive.',
    )
    .action(async () => {
      await app.print.result(await dlqList(app), deadLettersView);
    });
}

/** What lies in each dead-letter queue, since when and why. */
export async function dlqList(app: App) {
  const [deps, { summarise }] = await Promise.all([lookDeps(app), import('../../shop/dead-letters/summary.ts')]);
  return { queues: await summarise(deps) };
}
