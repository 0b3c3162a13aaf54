import { Command } from 'commander';
import { holdsOf, namedQueue } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { completing } from '../../cli/arguments.ts';
import { heldView } from '../../views/queue-list.ts';

export interface QueueHoldOptions {
  where?: string;
}

/** Names of queues, several of them. */
export const queueNames = completing('queues', (text: string, before: readonly string[] | undefined) => [
  ...(before ?? []),
  text,
]);

export function queueHoldCommand(app: App): Command {
  return new Command('hold')
    .argument('<queue...>', 'names of queues, or their beginnings', queueNames)
    .option('--where <expr>', 'only messages that fulfil this expression')
    .addHelpText(
      'after',
      "\nExamples:\n  $ cliffracer queue hold payment-queue\n  $ cliffracer queue hold jobs --where 'total > 100 or attributes.tenant = acme'\n\n" +
        'Consumers of a held queue get nothing but what `queue release` or `step` gives them; they need no change and do\n' +
        'not notice. EXPR is as in `dlq redrive --where`: message_id, body, receive_count, sent_at, group, a field of the\n' +
        'JSON body, attributes.NAME. Embedded engine only.',
    )
    .action(async (queues: string[], options: QueueHoldOptions) => {
      await app.print.result({ queues: await queueHold(app, queues, options) }, heldView);
    });
}

/** Holds queues; all of them are looked up before the first is held. */
export async function queueHold(app: App, given: readonly string[], { where }: QueueHoldOptions) {
  const holds = await holdsOf(app);
  const states = await holds.queues();
  const queues = [
    ...new Set(await Promise.all(given.map(async (name) => (await namedQueue(app, name, states)).queue))),
  ];
  const held = [];
  for (const queue of queues) held.push({ ...(await holds.hold(queue, where)), where: where ?? null });
  return held;
}
