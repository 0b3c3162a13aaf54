import { Command } from 'commander';
import { messagingOf } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { topicListView } from '../../views/queue-list.ts';

export function topicListCommand(app: App): Command {
  return new Command('list')
    .addHelpText(
      'after',
      '\nExample:\n  $ cliffracer topic list\n\nEvery topic of the engine or the account, with what subscribes to it.',
    )
    .action(async () => {
      const topics = await (await messagingOf(app)).topics();
      await app.print.result({ topics: topics.sort((a, b) => (a.topic < b.topic ? -1 : 1)) }, topicListView);
    });
}
