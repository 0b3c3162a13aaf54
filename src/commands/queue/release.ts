import { Command } from 'commander';
import { holdsOf, namedQueue } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { count } from '../../cli/arguments.ts';
import { CliffracerError } from '../../errors.ts';
import type { Holds, QueueState } from '../../lab/queues/port.ts';
import { type ReleasedView, releasedView } from '../../views/queue-list.ts';
import { queueNames } from './hold.ts';

export interface QueueReleaseOptions {
  max?: number;
  message?: string;
  all?: boolean;
}

export function queueReleaseCommand(app: App): Command {
  return new Command('release')
    .argument('[queue...]', 'names of held queues, or their beginnings; left out, every held one', queueNames)
    .option('--max <n>', 'so many messages of each queue, the oldest first (default 1)', count)
    .option('--message <id>', 'this message')
    .option('--all', 'ends the hold')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer queue release payment-queue\n  $ cliffracer queue release --all\n\n' +
        'A message is released for one delivery: when it comes back, it is held again.',
    )
    .action(async (queues: string[] | undefined, options: QueueReleaseOptions) => {
      await app.print.result({ queues: await queueRelease(app, queues ?? [], options) }, releasedView);
    });
}

export async function queueRelease(
  app: App,
  given: readonly string[],
  { all, max, message }: QueueReleaseOptions,
): Promise<ReleasedView['queues']> {
  const flags = [all && '--all', max !== undefined && '--max', message !== undefined && '--message'].filter(Boolean);
  if (flags.length > 1) {
    throw new CliffracerError('usage', `${flags.join(' and ')} do not go together`, { hint: `give one of them` });
  }
  const holds = await holdsOf(app);
  const queues = await heldQueues(app, given, await holds.queues());
  if (message !== undefined && queues.length > 1) {
    throw new CliffracerError('usage', '--message needs the queue that it is in', {
      hint: `cliffracer queue release ${queues[0]} --message ${message}`,
    });
  }
  const results: ReleasedView['queues'][number][] = [];
  for (const queue of queues)
    results.push(
      await releaseOf(holds, queue, { ...(all && { all }), ...(max && { max }), ...(message && { message }) }),
    );
  return results;
}

async function releaseOf(holds: Holds, queue: string, { all, ...what }: QueueReleaseOptions) {
  if (all) {
    const { released } = await holds.end(queue);
    return { queue, released, messages: [], held: 0, hold_ended: true };
  }
  const { released: messages, held } = await holds.release(queue, what);
  return { queue, released: messages.length, messages, held, hold_ended: false };
}

async function heldQueues(app: App, given: readonly string[], states: readonly QueueState[]): Promise<string[]> {
  const chosen =
    given.length === 0
      ? states.filter(({ hold }) => hold !== null)
      : await Promise.all(given.map((name) => namedQueue(app, name, states)));
  const free = chosen.find(({ hold }) => hold === null);
  if (free !== undefined || chosen.length === 0) {
    const message = free === undefined ? 'no queue is held' : `${free.queue} is not held`;
    throw new CliffracerError('conflict', message, { hint: `cliffracer queue hold ${free?.queue ?? 'QUEUE'}` });
  }
  return [...new Set(chosen.map(({ queue }) => queue))];
}
