import { Command } from 'commander';
import { attributeOption, type BodyOptions, bodyArgument, bodyOf, bodyOptions } from '../../access/message-input.ts';
import { messagingOf, namedTopic } from '../../access/queues.ts';
import type { App } from '../../app.ts';
import { CliffracerError } from '../../errors.ts';
import type { AttributeText } from '../../lab/queues/port.ts';
import { publishedView } from '../../views/queue-list.ts';

export interface TopicPublishOptions extends BodyOptions {
  attribute?: Record<string, AttributeText>;
  group?: string;
  deduplicationId?: string;
  subject?: string;
}

export function topicPublishCommand(app: App): Command {
  const command = new Command('publish').argument('<topic>', 'name of the topic, its beginning, or its ARN');
  for (const option of bodyOptions()) command.addOption(option);
  return command
    .addArgument(bodyArgument())
    .addOption(attributeOption())
    .option('--group <id>', 'message group; a FIFO topic needs one')
    .option('--deduplication-id <id>', 'of a FIFO topic: published once within five minutes')
    .option('--subject <text>', 'for subscribers by e-mail, and in the envelope')
    .addHelpText(
      'after',
      `\nExample:\n  $ cliffracer topic publish order-events --body '{"event_type": "test"}' --attribute event_type=test`,
    )
    .action(async (topic: string, source: string | undefined, options: TopicPublishOptions) => {
      await app.print.result(await topicPublish(app, topic, source, options), publishedView);
    });
}

/** Publishes one message; resolves with its id. */
export async function topicPublish(app: App, given: string, source: string | undefined, options: TopicPublishOptions) {
  const body = await bodyOf(app, source, options);
  const messaging = await messagingOf(app);
  const { topic, arn, fifo } = await namedTopic(app, given, await messaging.topics());
  const { attribute: attributes = {}, group, deduplicationId: deduplication, subject } = options;
  if (fifo && group === undefined) {
    throw new CliffracerError('usage', `${topic} is a FIFO topic, and its messages need a group`, {
      hint: 'give --group ID',
    });
  }
  const { message_id } = await messaging.publish(arn, {
    ...{ body, attributes },
    ...(group !== undefined && { group }),
    ...(deduplication !== undefined && { deduplication }),
    ...(subject !== undefined && { subject }),
  });
  return { topic, message_id };
}
