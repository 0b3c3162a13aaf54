import { Command } from 'commander';
import { queueStates } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { deadLetterQueueOf, SERVICES } from '../../domain/names.ts';
import { CliffracerError } from '../../errors.ts';
import { deadLettersView, type OtherDeadLetters } from '../../views/dead-letters.ts';
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

/** What lies in each dead-letter queue of the stack, since when and why, and in those of whoever else uses the engine. */
export async function dlqList(app: App) {
  const [deps, { summarise }] = await Promise.all([lookDeps(app), import('../../shop/dead-letters/summary.ts')]);
  const others = await otherQueues(app);
  const queues = await summarise(deps).catch((error) => {
    // Who runs consumers of their own need not have the stack.
    if (error instanceof CliffracerError && error.code === 'not_provisioned' && others.length > 0) return [];
    throw error;
  });
  return { queues, others };
}

/** Every other queue that a redrive policy names. On AWS the stack's own policy does not allow to list queues. */
async function otherQueues(app: App): Promise<OtherDeadLetters[]> {
  const { target, names } = await app.connect();
  if (target.kind === 'aws') return [];
  const own = new Set(SERVICES.map((service) => names.queue(deadLetterQueueOf(service))));
  const states = await queueStates(app);
  return states
    .filter(({ queue, dead_letters_of }) => dead_letters_of.length > 0 && !own.has(queue))
    .map(({ queue, ready, in_flight, delayed, oldest_at, dead_letters_of }) => ({
      ...{ queue, messages: ready + in_flight + delayed, in_flight, oldest: oldest_at, dead_letters_of },
    }));
}
