import { Command } from 'commander';
import { attributeOption, type BodyOptions, bodyArgument, bodyOf, bodyOptions } from '../../access/message-input.ts';
import { messagingOf, namedQueue, queueStates } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { queueName, seconds } from '../../cli/arguments.ts';
import { CliffracerError } from '../../errors.ts';
import type { AttributeText } from '../../lab/queues/port.ts';
import { sentView } from '../../views/queue-list.ts';

export interface QueueSendOptions extends BodyOptions {
  attribute?: Record<string, AttributeText>;
  group?: string;
  deduplicationId?: string;
  delay?: number;
}

export function queueSendCommand(app: App): Command {
  const command = new Command('send').argument('<queue>', 'name of the queue, or its beginning', queueName);
  for (const option of bodyOptions()) command.addOption(option);
  return command
    .addArgument(bodyArgument())
    .addOption(attributeOption())
    .option('--group <id>', 'message group; a FIFO queue needs one')
    .option('--deduplication-id <id>', 'of a FIFO queue: sent once within five minutes')
    .option('--delay <s>', 'seconds until it can be received', seconds)
    .addHelpText(
      'after',
      `\nExamples:\n  $ cliffracer queue send payment-queue --file event.json --set total=12\n  $ echo '{"a": 1}' | cliffracer queue send jobs -`,
    )
    .action(async (queue: string, source: string | undefined, options: QueueSendOptions) => {
      await app.print.result(await queueSend(app, queue, source, options), sentView);
    });
}

/** Sends one message; resolves with its id. */
export async function queueSend(app: App, given: string, source: string | undefined, options: QueueSendOptions) {
  const body = await bodyOf(app, source, options);
  const { queue, fifo } = await namedQueue(app, given, await queueStates(app));
  const { attribute: attributes = {}, group, deduplicationId: deduplication, delay: delaySeconds } = options;
  if (fifo && group === undefined) {
    throw new CliffracerError('usage', `${queue} is a FIFO queue, and its messages need a group`, {
      hint: 'give --group ID',
    });
  }
  const { message_id } = await (await messagingOf(app)).send(queue, {
    ...{ body, attributes },
    ...(group !== undefined && { group }),
    ...(deduplication !== undefined && { deduplication }),
    ...(delaySeconds !== undefined && { delaySeconds }),
  });
  return { queue, message_id };
}
