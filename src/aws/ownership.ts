import { ListTagsForResourceCommand } from '@aws-sdk/client-sns';
import { ListQueueTagsCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CliffracerError } from '../errors.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { topicArn } from '../topology/arns.ts';
import { ifPresent } from './admin/absent.ts';
import { ownTags, tagMap } from './admin/tags.ts';
import type { Clients } from './clients.ts';

/**
 * Refuses to work on a stack that somebody else made under the same names, before anything is read or written. The topic
 * answers for the whole stack: `provision` makes none where it finds anything without our tag.
 */
export async function checkOwner(clients: Clients, names: StackNames): Promise<void> {
  const [sns, identity] = await Promise.all([clients.sns(), clients.identity()]);
  const command = new ListTagsForResourceCommand({ ResourceArn: topicArn(identity, names.topic) });
  const found = await ifPresent(sns.send(command));
  if (found !== undefined && !ownTags(tagMap(found.Tags), names.stack).ours) throw notOurs(`topic ${names.topic}`);
}

/** Before messages are thrown away. */
export async function checkQueueOwner(sqs: SQSClient, QueueUrl: string, name: string, stack: string): Promise<void> {
  const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  if (!ownTags(Tags, stack).ours) throw notOurs(`queue ${name}`);
}

function notOurs(what: string): CliffracerError {
  return new CliffracerError('refused', `${what} does not carry the tag of this stack, so it is left alone`, {
    hint: 'use another stack: --stack NAME',
  });
}
