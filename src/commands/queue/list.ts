import { Command } from 'commander';
import { queueStates } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { type ListedQueue, queueListView } from '../../views/queue-list.ts';

export function queueListCommand(app: App): Command {
  return new Command('list')
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer queue list\n\nEvery queue of the engine or the account, whoever it belongs to. The oldest message, what is held, and who\nreceived in the last five minutes are known on the embedded engine only.',
    )
    .action(async () => {
      await app.print.result({ queues: await queueList(app) }, queueListView);
    });
}

/** Every queue there is, with how many messages lie in its dead-letter queue (null when it has none). */
export async function queueList(app: App): Promise<ListedQueue[]> {
  const states = await queueStates(app);
  const messages = new Map(states.map(({ queue, ready, in_flight, delayed }) => [queue, ready + in_flight + delayed]));
  return states
    .map((state) => ({ ...state, dead_letters: messages.get(state.dead_letter_queue ?? '') ?? null }))
    .sort((a, b) => (a.queue < b.queue ? -1 : 1));
}
