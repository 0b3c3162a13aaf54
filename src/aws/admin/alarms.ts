import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { ResourceAdmin } from '../../topology/admin.ts';
import type { Observed, Resource, Value } from '../../topology/resources.ts';
import type { AwsCalls } from '../call.ts';
import { ownTags, tagList, tagMap } from './tags.ts';

/** Alarms on one metric. Their attributes are the members of PutMetricAlarm, which always sets them all. */
export async function createAlarmAdmin(calls: AwsCalls, stack: string): Promise<ResourceAdmin> {
  const { call } = calls;
  const describe = async (name: string) =>
    (await call('cloudwatch', 'DescribeAlarms', { AlarmNames: [name], AlarmTypes: ['MetricAlarm'] })).MetricAlarms?.[0];
  const put = async ({ name, attributes: { tags: _, ...members } }: Resource) =>
    call('cloudwatch', 'PutMetricAlarm', { AlarmName: name, ...members } as PutMetricAlarmCommandInput);
  const tag = async ({ name, attributes: { tags } }: Resource) => {
    const ResourceARN = (await describe(name))?.AlarmArn;
    if (tags === undefined || ResourceARN === undefined) return;
    await call('cloudwatch', 'TagResource', { ResourceARN, Tags: tagList(tags) });
  };
  const observeAlarm = async ({ name, attributes: wanted }: Resource): Promise<Observed | undefined> => {
    const alarm = await describe(name);
    if (alarm === undefined) return undefined;
    const { Tags } = await call('cloudwatch', 'ListTagsForResource', { ResourceARN: alarm.AlarmArn });
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
      await call('cloudwatch', 'DeleteAlarms', { AlarmNames: [name] });
    },
  };
}
