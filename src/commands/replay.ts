import { Command } from 'commander';
import { callLogOf } from '../access/call-log.ts';
import { fromFile } from '../access/message-input.ts';
import { messagingOf } from '../access/queues.ts';
import type { App } from '../app.ts';
import { filePath, identifier } from '../cli/arguments.ts';
import { originOf } from '../lab/calls/origin.ts';
import { MESSAGE } from '../questions/messages.ts';
import { which } from '../questions/which.ts';
import { replayedView } from '../views/queue-list.ts';

export interface ReplayOptions {
  edit?: string;
}

export function replayCommand(app: App): Command {
  return new Command('replay')
    .argument('<message>', 'id of a message in the call log, its beginning, or @last', identifier)
    .option('--edit <file>', 'the copy gets the body in this file', filePath)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer replay 5f1d22c3\n  $ cliffracer replay 5f1d22c3 --edit body.json\n\n' +
        'The copy has an id of its own, the body, attributes and group of the first one, and goes to the same queue. Works\n' +
        'for messages that were handled, deleted or purged long ago, as long as the call log has them.',
    )
    .action(async (message: string, options: ReplayOptions) => {
      await app.print.result(await replay(app, message, options), replayedView);
    });
}

/** Sends a copy of a message; rejects with `not_found` for one that the log does not have. */
export async function replay(app: App, given: string, { edit }: ReplayOptions) {
  const body = edit === undefined ? undefined : await fromFile(edit);
  const log = await callLogOf(app);
  const origin = await originOf(log, await which(app, MESSAGE, given));
  const { queue, sent_at, sent_by, ...message } = origin;
  const messaging = await messagingOf(app);
  const { message_id } = await messaging.send(queue, {
    ...{ body: body ?? message.body, attributes: message.attributes },
    ...(message.group !== null && { group: message.group }),
    // Of a FIFO queue a copy would be a duplicate of the first one, within five minutes.
    ...(queue.endsWith('.fifo') && { deduplication: app.system.uuid() }),
  });
  return {
    queue,
    message_id,
    edited: body !== undefined,
    origin: { message_id: message.message_id, sent_at, sent_by },
  };
}
