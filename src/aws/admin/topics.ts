import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-sns';
import type { ResourceAdmin } from '../../topology/admin.ts';
import { topicArn } from '../../topology/arns.ts';
import type { StackNames } from '../../topology/names.ts';
import type { Observed } from '../../topology/resources.ts';
import type { Clients } from '../clients.ts';
import { awsErrorOf } from '../errors.ts';
import { ifPresent } from './absent.ts';
import { ownTags, tagList, tagMap } from './tags.ts';

export async function createTopicAdmin(clients: Clients, names: StackNames): Promise<ResourceAdmin> {
  const [sns, identity] = await Promise.all([clients.sns(), clients.identity()]);
  const tag = (name: string, tags: unknown) =>
    sns.send(new TagResourceCommand({ ResourceArn: topicArn(identity, name), Tags: tagList(tags) }));

  const observeTopic = async (name: string): Promise<Observed> => {
    const TopicArn = topicArn(identity, name);
    await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    const { tags, ours } = ownTags(tagMap(Tags), names.stack);
    return { kind: 'topic', name, attributes: { tags }, ours };
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map(({ name }) => ifPresent(observeTopic(name))));
      return found.filter((each) => each !== undefined);
    },
    async create({ name, attributes: { tags } }) {
      try {
        await sns.send(new CreateTopicCommand({ Name: name, Tags: tagList(tags) }));
      } catch (error) {
        // "Topic already exists with different tags": made by somebody else meanwhile.
        if (!/already exists/.test(awsErrorOf(error)?.message ?? '')) throw error;
        await tag(name, tags);
      }
    },
    async update({ name, attributes }) {
      await tag(name, attributes.tags);
    },
    async remove({ name }) {
      await ifPresent(sns.send(new DeleteTopicCommand({ TopicArn: topicArn(identity, name) })));
    },
  };
}
