import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
} from '@aws-sdk/client-sns';
import type { ResourceAdmin } from '../../shop/stack/admin.ts';
import { topicArn } from '../../shop/stack/arns.ts';
import type { StackNames } from '../../shop/stack/names.ts';
import type { Attributes, Observed } from '../../shop/stack/resources.ts';
import type { Clients } from '../clients.ts';
import { awsErrorOf } from '../errors.ts';
import { insist } from '../retry.ts';
import { ifPresent } from './absent.ts';
import { ownTags, tagList, tagMap } from './tags.ts';

// Another call changes the topic or its tags; or its making is not known everywhere yet.
const PASSING = /^(ConcurrentAccess|StaleTag|(Resource)?NotFound)(Exception)?$/;

export async function createTopicAdmin(clients: Clients, names: StackNames): Promise<ResourceAdmin> {
  const [sns, identity] = await Promise.all([clients.sns(), clients.identity()]);

  const set = async (name: string, { tags, Policy }: Attributes) => {
    const TopicArn = topicArn(identity, name);
    const patiently = <T>(call: () => Promise<T>) => insist(`setting up topic ${name}`, PASSING, clients.pauses, call);
    if (tags !== undefined) {
      await patiently(() => sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: tagList(tags) })));
    }
    if (Policy !== undefined) {
      const change = { TopicArn, AttributeName: 'Policy', AttributeValue: JSON.stringify(Policy) };
      await patiently(() => sns.send(new SetTopicAttributesCommand(change)));
    }
  };
  const observeTopic = async (name: string): Promise<Observed> => {
    const TopicArn = topicArn(identity, name);
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    const { tags, ours } = ownTags(tagMap(Tags), names.stack);
    const policy = Attributes?.Policy;
    return { kind: 'topic', name, attributes: { tags, ...(policy && { Policy: JSON.parse(policy) }) }, ours };
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map(({ name }) => ifPresent(observeTopic(name))));
      return found.filter((each) => each !== undefined);
    },
    async create({ name, attributes: { tags, ...attributes } }) {
      try {
        await sns.send(new CreateTopicCommand({ Name: name, Tags: tagList(tags) }));
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
      await ifPresent(sns.send(new DeleteTopicCommand({ TopicArn: topicArn(identity, name) })));
    },
  };
}
