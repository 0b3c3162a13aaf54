import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { type BucketInput, bucketOf } from '../buckets/access.ts';
import { malformedXml } from '../errors.ts';
import type { Bucket, NotificationRule, S3State } from '../state.ts';
import { deliver } from './destination.ts';
import { requestIds } from './event.ts';
import { checkTogether, type GivenRule, readRule } from './rules.ts';

interface PutNotificationInput extends BucketInput {
  NotificationConfiguration?: {
    QueueConfigurations?: GivenRule[];
    TopicConfigurations?: GivenRule[];
  };
  SkipDestinationValidation?: boolean;
}

/** S3 User Guide, Amazon S3 quotas. */
const MOST_RULES = 100;

/** Replaces the whole configuration, once every destination has taken a test message. */
export function putBucketNotificationConfiguration(context: Context<S3State>, input: PutNotificationInput) {
  const bucket = bucketOf(context, input);
  const given = input.NotificationConfiguration;
  if (given === undefined) throw malformedXml();
  const { TopicConfigurations: topics = [], QueueConfigurations: queues = [] } = given;
  if (topics.length + queues.length > MOST_RULES) throw malformedXml();
  const rules = [
    ...topics.map((one) => readRule(context, bucket, 'sns', one)),
    ...queues.map((one) => readRule(context, bucket, 'sqs', one)),
  ];
  checkTogether(rules);
  if (input.SkipDestinationValidation !== true) testDestinations(context, bucket, rules);
  bucket.notifications = rules.length === 0 ? undefined : rules;
  return {};
}

function testDestinations(context: Context<S3State>, bucket: Bucket, rules: readonly NotificationRule[]): void {
  const faults: Record<string, string> = {};
  let count = 0;
  for (const rule of rules) {
    const refused = deliver(context, bucket, rule, testEvent(context, bucket));
    if (refused === undefined) continue;
    count++;
    faults[`ArgumentName${count}`] = rule.arn;
    faults[`ArgumentValue${count}`] = refusalText(rule, refused);
  }
  if (count === 0) return;
  const message = 'Unable to validate the following destination configurations';
  throw new AwsError('InvalidArgument', message, { status: 400, fields: faults });
}

function refusalText({ service }: NotificationRule, { code }: AwsError): string {
  const kind = service === 'sqs' ? 'queue' : 'topic';
  return code === 'QueueDoesNotExist' || code === 'NotFoundException'
    ? `The destination ${kind} does not exist`
    : `Permissions on the destination ${kind} do not allow S3 to publish notifications from this bucket`;
}

/** What a destination gets when it is configured (S3 User Guide, Event notification types and destinations). */
function testEvent(context: Context<S3State>, bucket: Bucket) {
  const ids = requestIds(context);
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(context.now).toISOString(),
    Bucket: bucket.name,
    RequestId: ids['x-amz-request-id'],
    HostId: ids['x-amz-id-2'],
  };
}

export function getBucketNotificationConfiguration(context: Context<S3State>, input: BucketInput) {
  const rules = bucketOf(context, input).notifications ?? [];
  const shown = (service: 'sqs' | 'sns', arn: string) => {
    const found = rules.filter((rule) => rule.service === service);
    return found.length === 0 ? undefined : found.map((rule) => ({ [arn]: rule.arn, ...members(rule) }));
  };
  return { TopicConfigurations: shown('sns', 'TopicArn'), QueueConfigurations: shown('sqs', 'QueueArn') };
}

function members({ id, events, filter }: NotificationRule) {
  const rules = filter?.map(({ name, value }) => ({ Name: name, Value: value }));
  return { Id: id, Events: events, ...(rules === undefined ? {} : { Filter: { Key: { FilterRules: rules } } }) };
}
