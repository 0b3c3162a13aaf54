import { Command } from 'commander';
import { otherPlaces, servicePlace } from '../../access/dead-letters.ts';
import type { App } from '../../app.ts';
import { SERVICES } from '../../domain/names.ts';
import { CliffracerError } from '../../errors.ts';
import { deadLettersView, type ListedDeadLetters, type OtherDeadLetters } from '../../views/dead-letters.ts';

export interface DlqListOptions {
  all?: boolean;
}

export function dlqListCommand(app: App): Command {
  return new Command('list')
    .option('--all', 'on AWS too, those outside of the stack; elsewhere they are always there')
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer dlq list\n\nUp to 100 messages of each queue are looked at for the oldest and the reasons. They stay where they are; except on\nthe embedded engine, looking counts as a receive.',
    )
    .action(async (options: DlqListOptions) => {
      await app.print.result(await dlqList(app, options), deadLettersView);
    });
}

/** What lies in each dead-letter queue of the stack, since when and why, and in those of whoever else uses the engine. */
export async function dlqList(app: App, options: DlqListOptions = {}) {
  const { summaryOf } = await import('../../lab/dead-letters/summary.ts');
  const others = await otherQueues(app, options);
  const summaries = SERVICES.map(async (service): Promise<ListedDeadLetters> => {
    return { service, ...(await summaryOf(await servicePlace(app, service))) };
  });
  const queues = await Promise.all(summaries).catch((error) => {
    // Who runs consumers of their own need not have the stack.
    if (error instanceof CliffracerError && error.code === 'not_provisioned' && others.length > 0) return [];
    throw error;
  });
  return { queues, others };
}

/** The stack's own policy on AWS does not allow to list queues, so there they are told on demand. */
async function otherQueues(app: App, { all }: DlqListOptions): Promise<OtherDeadLetters[]> {
  const { target } = await app.connect();
  if (target.kind === 'aws' && !all) return [];
  const { summaryOf } = await import('../../lab/dead-letters/summary.ts');
  const found: OtherDeadLetters[] = [];
  for (const place of await otherPlaces(app)) {
    found.push({ ...(await summaryOf(place)), dead_letters_of: place.sources });
  }
  return found;
}
