import { Command } from 'commander';
import { namedQueue, queueStates } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { queueName } from '../../cli/arguments.ts';
import { CliffracerError } from '../../errors.ts';
import { confirm } from '../../questions/confirm.ts';
import { purgedView } from '../../views/redrive.ts';
import { plural } from '../../views/text.ts';

export interface QueuePurgeOptions {
  yes?: boolean;
}

export function queuePurgeCommand(app: App): Command {
  return new Command('purge')
    .argument('<queue>', 'name of the queue, or its beginning', queueName)
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  $ cliffracer queue purge jobs --yes')
    .action(async (queue: string, options: QueuePurgeOptions) => {
      await app.print.result(await queuePurge(app, queue, options), purgedView);
    });
}

/** Deletes every message of a queue, when somebody said yes. */
export async function queuePurge(app: App, given: string, options: QueuePurgeOptions) {
  const { queue, ready, in_flight, delayed, hold } = await namedQueue(app, given, await queueStates(app));
  const purged = ready + in_flight + delayed;
  await confirm(app, options, `Delete ${plural(purged, 'message')} of ${queue} for good?`);
  const { queues } = await app.connect();
  await queues.purge(queue).catch((error: unknown) => {
    // Within a minute of another purge messages are received and deleted, which a hold keeps from happening.
    if (hold === null || !(error instanceof CliffracerError) || error.code !== 'conflict') throw error;
    throw new CliffracerError('conflict', `${error.message}, as the queue is held and was purged within a minute`, {
      hint: `in a minute again, or now after cliffracer queue release ${queue} --all`,
      retryable: true,
      cause: error,
    });
  });
  return { queue, purged };
}
