import { CliffracerError } from '../errors.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { topicArn } from '../topology/arns.ts';
import { ifPresent } from './admin/absent.ts';
import { ownTags, tagMap } from './admin/tags.ts';
import type { AwsCalls } from './call.ts';

/**
 * Refuses to work on a stack that somebody else made under the same names, before anything is read or written. The topic
 * answers for the whole stack: `provision` makes none where it finds anything without our tag.
 */
export async function checkOwner({ call, identity }: AwsCalls, names: StackNames): Promise<void> {
  const ResourceArn = topicArn(await identity(), names.topic);
  const found = await ifPresent(call('sns', 'ListTagsForResource', { ResourceArn }));
  if (found !== undefined && !ownTags(tagMap(found.Tags), names.stack).ours) throw notOurs(`topic ${names.topic}`);
}

/** Before messages are thrown away. */
export async function checkQueueOwner(
  { call }: AwsCalls,
  QueueUrl: string,
  name: string,
  stack: string,
): Promise<void> {
  const { Tags } = await call('sqs', 'ListQueueTags', { QueueUrl });
  if (!ownTags(Tags, stack).ours) throw notOurs(`queue ${name}`);
}

function notOurs(what: string): CliffracerError {
  return new CliffracerError('refused', `${what} does not carry the tag of this stack, so it is left alone`, {
    hint: 'use another stack: --stack NAME',
  });
}
