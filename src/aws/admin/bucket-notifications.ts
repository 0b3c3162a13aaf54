import type { Event, FilterRule, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import type { Value } from '../../topology/resources.ts';
import type { Call } from '../call.ts';

/** One rule: an ARN of a queue or topic, what it is told of, and of which keys. */
interface Rule {
  to: string;
  events: readonly string[];
  prefix?: string;
  suffix?: string;
}

export async function writeNotifications(call: Call, Bucket: string, notifications: Value): Promise<void> {
  const rules = (notifications as readonly Value[]).map((rule) => rule as unknown as Rule);
  const to = (service: string) => rules.filter((rule) => rule.to.split(':')[2] === service);
  const shape = ({ events, prefix, suffix }: Rule) => {
    const FilterRules: FilterRule[] = [
      ...(prefix === undefined ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
      ...(suffix === undefined ? [] : [{ Name: 'suffix' as const, Value: suffix }]),
    ];
    return { Events: [...events] as Event[], ...(FilterRules.length > 0 && { Filter: { Key: { FilterRules } } }) };
  };
  const NotificationConfiguration = {
    QueueConfigurations: to('sqs').map((rule) => ({ QueueArn: rule.to, ...shape(rule) })),
    TopicConfigurations: to('sns').map((rule) => ({ TopicArn: rule.to, ...shape(rule) })),
  };
  await call('s3', 'PutBucketNotificationConfiguration', { Bucket, NotificationConfiguration });
}

/** In one order for all: S3 gives rules back in an order of its own. */
export async function readNotifications(call: Call, Bucket: string): Promise<Value> {
  const found = await call('s3', 'GetBucketNotificationConfiguration', { Bucket });
  const rules = [
    ...(found.QueueConfigurations ?? []).map((each) => ruleOf(each.QueueArn!, each)),
    ...(found.TopicConfigurations ?? []).map((each) => ruleOf(each.TopicArn!, each)),
  ];
  return sortedRules(rules) as unknown as Value;
}

function ruleOf(
  to: string,
  { Events, Filter }: { Events?: Event[] | undefined; Filter?: NotificationConfigurationFilter | undefined },
) {
  const value = (name: string) => Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === name)?.Value;
  const [prefix, suffix] = [value('prefix'), value('suffix')];
  const events = [...(Events ?? [])].sort();
  return { to, events, ...(prefix !== undefined && { prefix }), ...(suffix !== undefined && { suffix }) };
}

const sortedRules = (rules: readonly Rule[]) =>
  rules
    .map((rule) => JSON.stringify(rule))
    .sort()
    .map((text) => JSON.parse(text));
