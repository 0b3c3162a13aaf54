import type { ResourceAdmin } from '../../topology/admin.ts';
import { topicArn } from '../../topology/arns.ts';
import type { Attributes, Observed, Resource, Value } from '../../topology/resources.ts';
import type { AwsCalls } from '../call.ts';
import { awsErrorOf } from '../errors.ts';
import { retryOn } from '../retry.ts';
import { ifPresent } from './absent.ts';
import { ownTags, tagList, tagMap } from './tags.ts';
import { readAttributes, wireValue } from './wire-values.ts';

// Another call changes the topic or its tags; or its making is not known everywhere yet.
const PASSING = /^(ConcurrentAccess|StaleTag|(Resource)?NotFound)(Exception)?$/;

export async function createTopicAdmin(calls: AwsCalls, stack: string): Promise<ResourceAdmin> {
  const { call } = calls;
  const identity = await calls.identity();

  const set = async (name: string, { tags, FifoTopic: _, ...attributes }: Attributes) => {
    const TopicArn = topicArn(identity, name);
    const patiently = <T>(call: () => Promise<T>) => retryOn(`setting up topic ${name}`, PASSING, calls.pauses, call);
    if (tags !== undefined) {
      await patiently(() => call('sns', 'TagResource', { ResourceArn: TopicArn, Tags: tagList(tags) }));
    }
    for (const [AttributeName, value] of Object.entries(attributes)) {
      const change = { TopicArn, AttributeName, AttributeValue: wireValue(value) };
      await patiently(() => call('sns', 'SetTopicAttributes', change));
    }
  };
  const observeTopic = async ({ name, attributes: wanted }: Resource): Promise<Observed> => {
    const TopicArn = topicArn(identity, name);
    const { Attributes } = await call('sns', 'GetTopicAttributes', { TopicArn });
    const { Tags } = await call('sns', 'ListTagsForResource', { ResourceArn: TopicArn });
    const { tags, ours } = ownTags(tagMap(Tags), stack, wanted.tags);
    return { kind: 'topic', name, attributes: { tags, ...topicAttributes(Attributes) }, ours };
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map((each) => ifPresent(observeTopic(each))));
      return found.filter((each) => each !== undefined);
    },
    async create({ name, attributes: { tags, ...attributes } }) {
      try {
        // Whether a topic is FIFO is settled when it is made.
        const fifo = attributes.FifoTopic === true && { Attributes: { FifoTopic: 'true' } };
        await call('sns', 'CreateTopic', { Name: name, Tags: tagList(tags), ...fifo });
      } catch (error) {
        // "Topic already exists with different tags": made by somebody else meanwhile.
        if (!/already exists/.test(awsErrorOf(error)?.message ?? '')) throw error;
        await set(name, { tags: tags! });
      }
      await set(name, attributes);
    },
    async update({ name }, changes) {
      await set(name, Object.fromEntries(changes.map(({ attribute, to }) => [attribute, to])));
    },
    async remove({ name }) {
      await ifPresent(call('sns', 'DeleteTopic', { TopicArn: topicArn(identity, name) }));
    },
  };
}

/** What else SNS tells of a topic (owner, counts) is nothing that can be set. */
const NUMBERS: ReadonlySet<string> = new Set();
const BOOLEANS = new Set(['FifoTopic', 'ContentBasedDeduplication']);
const DOCUMENTS = new Set(['Policy', 'DeliveryPolicy', 'ArchivePolicy']);

export const topicAttributes = (attributes: Record<string, string> | undefined): Record<string, Value> =>
  readAttributes(attributes, { NUMBERS, BOOLEANS, DOCUMENTS });
