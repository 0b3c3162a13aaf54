import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import type { ResourceAdmin } from '../../topology/admin.ts';
import type { Observed, Resource, Value } from '../../topology/resources.ts';
import type { Clients } from '../clients.ts';
import { ownTags, tagList, tagMap } from './tags.ts';

/** Alarms on one metric. Their attributes are the members of PutMetricAlarm, which always sets them all. */
export async function createAlarmAdmin(clients: Clients, stack: string): Promise<ResourceAdmin> {
  const cloudwatch = await clients.cloudwatch();
  const describe = async (name: string) =>
    (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm'] })))
      .MetricAlarms?.[0];
  const put = async ({ name, attributes: { tags: _, ...members } }: Resource) =>
    cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: name, ...members } as PutMetricAlarmCommandInput));
  const tag = async ({ name, attributes: { tags } }: Resource) => {
    const ResourceARN = (await describe(name))?.AlarmArn;
    if (tags === undefined || ResourceARN === undefined) return;
    await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: tagList(tags) }));
  };
  const observeAlarm = async ({ name, attributes: wanted }: Resource): Promise<Observed | undefined> => {
    const alarm = await describe(name);
    if (alarm === undefined) return undefined;
    const { Tags } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: alarm.AlarmArn }));
    const { tags, ours } = ownTags(tagMap(Tags), stack, wanted.tags);
    const told = Object.entries(alarm).filter(
      ([member, value]) => Object.hasOwn(wanted, member) && value !== undefined,
    );
    const attributes = { ...(Object.fromEntries(told) as Record<string, Value>), tags };
    return { kind: 'alarm', name, attributes, ours };
  };

  return {
    async observe(wanted) {
      const found = await Promise.all(wanted.map(observeAlarm));
      return found.filter((each) => each !== undefined);
    },
    async create(resource) {
      await put(resource);
      await tag(resource);
    },
    async update(resource) {
      await put(resource);
      await tag(resource);
    },
    async remove({ name }) {
      await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
    },
  };
}
