import { Command } from 'commander';
import { queueArgument, whichPlace } from '../../access/dead-letter-queue.ts';
import type { Place } from '../../access/dead-letters.ts';
import type { App } from '../../app.ts';
import { confirm } from '../../questions/confirm.ts';
import { purgedView } from '../../views/redrive.ts';
import { plural } from '../../views/text.ts';

export interface DlqPurgeOptions {
  yes?: boolean;
}

export function dlqPurgeCommand(app: App): Command {
  return new Command('purge')
    .addArgument(queueArgument())
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer dlq purge payment --yes\n\nWhat is purged is gone; an order of the shop stays as it is until `order retry` or `audit --repair`.',
    )
    .action(async (given: string | undefined, options: DlqPurgeOptions) => {
      await app.print.result(await dlqPurge(app, await whichPlace(app, given), options), purgedView);
    });
}

/** Deletes every dead letter of a queue, when somebody said yes. */
export async function dlqPurge(app: App, { queue, queues }: Place, options: DlqPurgeOptions) {
  const { ready, inFlight, delayed } = await queues.depth(queue);
  const purged = ready + inFlight + delayed;
  await confirm(app, options, `Delete ${plural(purged, 'message')} of ${queue} for good?`);
  await queues.purge(queue);
  return { queue, purged };
}
