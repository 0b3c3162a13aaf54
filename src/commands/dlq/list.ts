import { Command } from 'commander';
import { ofStack, otherPlaces, servicePlace } from '../../access/dead-letters.ts';
import { queueStates } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { SERVICES } from '../../domain/names.ts';
import type { QueueState } from '../../lab/queues/port.ts';
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
  const states = await statesOf(app, options);
  const others: OtherDeadLetters[] = [];
  for (const place of states === undefined ? [] : await otherPlaces(app, states)) {
    others.push({ ...(await summaryOf(place)), dead_letters_of: place.sources });
  }
  // Who runs consumers of their own need not have the stack, and is not to find calls that ask for it.
  if (states !== undefined && states.length > 0) {
    const isOwn = await ofStack(app);
    if (!states.some(({ queue }) => isOwn(queue))) return { queues: [], others };
  }
  const summaries = SERVICES.map(async (service): Promise<ListedDeadLetters> => {
    return { service, ...(await summaryOf(await servicePlace(app, service))) };
  });
  return { queues: await Promise.all(summaries), others };
}

/** The stack's own policy on AWS does not allow to list queues, so there they are told on demand. */
async function statesOf(app: App, { all }: DlqListOptions): Promise<QueueState[] | undefined> {
  const { target } = await app.connect();
  return target.kind === 'aws' && !all ? undefined : queueStates(app);
}
