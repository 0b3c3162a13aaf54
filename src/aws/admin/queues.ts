import type { ResourceAdmin } from '../../topology/admin.ts';
import type { Attributes, Observed, Resource, Value } from '../../topology/resources.ts';
import type { AwsCalls, Call } from '../call.ts';
import { awsCodeOf } from '../errors.ts';
import { eventually } from '../retry.ts';
import { ifPresent } from './absent.ts';
import { ownTags } from './tags.ts';
import { readAttributes, wireValue } from './wire-values.ts';

const USABLE_WITHIN_MS = 30_000;
// SQS API Reference, CreateQueue: the name of a deleted queue is free again after 60 seconds.
const NAME_FREE_WITHIN_MS = 75_000;

export async function createQueueAdmin(calls: AwsCalls, stack: string): Promise<ResourceAdmin> {
  const { call } = calls;
  const { pauses } = calls;

  const set = async (QueueUrl: string, { tags, FifoQueue: _, ...attributes }: Attributes) => {
    await Promise.all([
      Object.keys(attributes).length > 0 &&
        call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: wireAttributes(attributes) }),
      tags !== undefined && call('sqs', 'TagQueue', { QueueUrl, Tags: tags as Record<string, string> }),
    ]);
  };
  /** True when it is made, undefined while its name is not free again. */
  const tryToCreate = async ({ name, attributes: { tags, ...attributes } }: Resource) => {
    try {
      const Attributes = wireAttributes(attributes);
      await call('sqs', 'CreateQueue', { QueueName: name, Attributes, tags: tags as Record<string, string> });
      return true;
    } catch (error) {
      const code = awsCodeOf(error) ?? '';
      if (/QueueDeletedRecently/.test(code)) return undefined;
      // Somebody made it meanwhile, with other attributes.
      if (!/QueueNameExists|QueueAlreadyExists/.test(code)) throw error;
      await set(await queueUrl(call, name), { ...attributes, ...(tags !== undefined && { tags }) });
      return true;
    }
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map((each) => ifPresent(observeQueue(call, each, stack))));
      return found.filter((each) => each !== undefined);
    },
    async create(resource) {
      const { name } = resource;
      await eventually(`making queue ${name}`, NAME_FREE_WITHIN_MS, pauses, () => tryToCreate(resource));
      await eventually(`queue ${name} becoming usable`, USABLE_WITHIN_MS, pauses, () =>
        ifPresent(queueUrl(call, name)),
      );
    },
    async update({ name }, changes) {
      const changed = Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to]));
      await set(await queueUrl(call, name), changed);
    },
    async remove({ name }) {
      const QueueUrl = await ifPresent(queueUrl(call, name));
      if (QueueUrl !== undefined) await ifPresent(call('sqs', 'DeleteQueue', { QueueUrl }));
    },
  };
}

async function observeQueue(call: Call, { name, attributes: wanted }: Resource, stack: string): Promise<Observed> {
  const QueueUrl = await queueUrl(call, name);
  const [{ Attributes = {} }, { Tags }] = await Promise.all([
    call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }),
    call('sqs', 'ListQueueTags', { QueueUrl }),
  ]);
  const { tags, ours } = ownTags(Tags, stack, wanted.tags);
  return { kind: 'queue', name, attributes: { ...queueAttributes(Attributes), tags }, ours };
}

const NUMBERS = new Set([
  ...['VisibilityTimeout', 'MessageRetentionPeriod', 'DelaySeconds', 'MaximumMessageSize'],
  ...['ReceiveMessageWaitTimeSeconds', 'KmsDataKeyReusePeriodSeconds'],
]);
const BOOLEANS = new Set(['SqsManagedSseEnabled', 'FifoQueue', 'ContentBasedDeduplication']);
const DOCUMENTS = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy']);

export function queueAttributes(attributes: Record<string, string>): Record<string, Value> {
  const read = readAttributes(attributes, { NUMBERS, BOOLEANS, DOCUMENTS });
  if (read.RedrivePolicy === undefined) return read;
  const { deadLetterTargetArn, maxReceiveCount } = read.RedrivePolicy as { [name: string]: Value };
  // Kept as given, a number or a string of digits.
  return {
    ...read,
    RedrivePolicy: { deadLetterTargetArn: deadLetterTargetArn!, maxReceiveCount: Number(maxReceiveCount) },
  };
}

const wireAttributes = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, wireValue(value)]));

export async function queueUrl(call: Call, name: string): Promise<string> {
  return (await call('sqs', 'GetQueueUrl', { QueueName: name })).QueueUrl!;
}
