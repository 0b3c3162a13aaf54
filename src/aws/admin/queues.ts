import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { ResourceAdmin } from '../../topology/admin.ts';
import type { Attributes, Observed, Resource, Value } from '../../topology/resources.ts';
import type { Clients } from '../clients.ts';
import { awsCodeOf } from '../errors.ts';
import { eventually } from '../retry.ts';
import { ifPresent } from './absent.ts';
import { ownTags } from './tags.ts';
import { readAttributes, wireValue } from './wire-values.ts';

const USABLE_WITHIN_MS = 30_000;
// SQS API Reference, CreateQueue: the name of a deleted queue is free again after 60 seconds.
const NAME_FREE_WITHIN_MS = 75_000;

export async function createQueueAdmin(clients: Clients, stack: string): Promise<ResourceAdmin> {
  const sqs = await clients.sqs();
  const { pauses } = clients;

  const set = async (QueueUrl: string, { tags, FifoQueue: _, ...attributes }: Attributes) => {
    await Promise.all([
      Object.keys(attributes).length > 0 &&
        sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: wireAttributes(attributes) })),
      tags !== undefined && sqs.send(new TagQueueCommand({ QueueUrl, Tags: tags as Record<string, string> })),
    ]);
  };
  /** True when it is made, undefined while its name is not free again. */
  const tryToCreate = async ({ name, attributes: { tags, ...attributes } }: Resource) => {
    try {
      const Attributes = wireAttributes(attributes);
      await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes, tags: tags as Record<string, string> }));
      return true;
    } catch (error) {
      const code = awsCodeOf(error) ?? '';
      if (/QueueDeletedRecently/.test(code)) return undefined;
      // Somebody made it meanwhile, with other attributes.
      if (!/QueueNameExists|QueueAlreadyExists/.test(code)) throw error;
      await set(await queueUrl(sqs, name), { ...attributes, ...(tags !== undefined && { tags }) });
      return true;
    }
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map((each) => ifPresent(observeQueue(sqs, each, stack))));
      return found.filter((each) => each !== undefined);
    },
    async create(resource) {
      const { name } = resource;
      await eventually(`making queue ${name}`, NAME_FREE_WITHIN_MS, pauses, () => tryToCreate(resource));
      await eventually(`queue ${name} becoming usable`, USABLE_WITHIN_MS, pauses, () => ifPresent(queueUrl(sqs, name)));
    },
    async update({ name }, changes) {
      const changed = Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to]));
      await set(await queueUrl(sqs, name), changed);
    },
    async remove({ name }) {
      const QueueUrl = await ifPresent(queueUrl(sqs, name));
      if (QueueUrl !== undefined) await ifPresent(sqs.send(new DeleteQueueCommand({ QueueUrl })));
    },
  };
}

async function observeQueue(sqs: SQSClient, { name, attributes: wanted }: Resource, stack: string): Promise<Observed> {
  const QueueUrl = await queueUrl(sqs, name);
  const [{ Attributes = {} }, { Tags }] = await Promise.all([
    sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
    sqs.send(new ListQueueTagsCommand({ QueueUrl })),
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

export async function queueUrl(sqs: SQSClient, name: string): Promise<string> {
  return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl!;
}
