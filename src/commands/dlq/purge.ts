import { Command } from 'commander';
import type { App } from '../../app.ts';
import { deadLetterQueueOf, type ServiceName } from '../../domain/names.ts';
import { confirm } from '../../questions/confirm.ts';
import { purgedView } from '../../views/redrive.ts';
import { plural } from '../../views/text.ts';
import { queueArgument, whichQueue } from './queue.ts';

export interface DlqPurgeOptions {
  yes?: boolean;
}

export function dlqPurgeCommand(app: App): Command {
  return new Command('purge')
    .addArgument(queueArgument())
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer dlq purge payment --yes\n\nWhat is purged is gone: its order stays as it is until `order retry` or `audit --repair`.',
    )
    .action(async (given: ServiceName | undefined, options: DlqPurgeOptions) => {
      const service = await whichQueue(app, given);
      await app.print.result(await dlqPurge(app, service, options), purgedView);
    });
}

/** Deletes every dead letter of a service, when somebody said yes. */
export async function dlqPurge(app: App, service: ServiceName, options: DlqPurgeOptions) {
  const { ports } = await app.connect();
  const queue = deadLetterQueueOf(service);
  const { ready, inFlight, delayed } = await ports.queues.depth(queue);
  const purged = ready + inFlight + delayed;
  await confirm(app, options, `Delete ${plural(purged, 'message')} of ${queue} for good?`);
  await ports.queues.purge(queue);
  return { queue, purged };
}
