import { Command } from 'commander';
import type { App } from '../../app.ts';
import { deadLetterQueueOf, queueOf, SERVICES } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';
import { type QueueRow, queuesView } from '../../views/queues.ts';

export function inspectQueuesCommand(app: App): Command {
  return new Command('queues').addHelpText('after', '\nExample:\n  $ cliffracer inspect queues').action(async () => {
    const { ports } = await app.connect();
    await app.print.result({ queues: await queues(ports) }, queuesView);
  });
}

/** What waits in each service's queue, and in the dead-letter queue behind it. */
export function queues(ports: Pick<Ports, 'queues'>): Promise<QueueRow[]> {
  return Promise.all(
    SERVICES.map(async (service) => {
      const queue = queueOf(service);
      const [{ ready, inFlight, delayed }, dead] = await Promise.all([
        ports.queues.depth(queue),
        ports.queues.depth(deadLetterQueueOf(service)),
      ]);
      const dead_lettered = dead.ready + dead.inFlight + dead.delayed;
      return { queue, ready, in_flight: inFlight, delayed, dead_lettered };
    }),
  );
}
