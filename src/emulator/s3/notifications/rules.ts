import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { invalidArgument, malformedXml, notImplemented } from '../errors.ts';
import type { Bucket, NotificationRule, S3State } from '../state.ts';

/** An entry of a configuration as it comes, for a queue or a topic. */
export interface GivenRule {
  Id?: string;
  QueueArn?: string;
  TopicArn?: string;
  Events?: string[];
  Filter?: { Key?: { FilterRules?: { Name?: string; Value?: string }[] } };
}

/** Every kind with its events (S3 User Guide, Event notification types and destinations). */
const EVENTS: Record<string, readonly string[]> = {
  ReducedRedundancyLostObject: [],
  ObjectCreated: ['Put', 'Post', 'Copy', 'CompleteMultipartUpload'],
  ObjectRemoved: ['Delete', 'DeleteMarkerCreated'],
  ObjectRestore: ['Post', 'Completed', 'Delete'],
  Replication: [
    ...['OperationFailedReplication', 'OperationMissedThreshold'],
    ...['OperationReplicatedAfterThreshold', 'OperationNotTracked'],
  ],
  ObjectAcl: ['Put'],
  ObjectTagging: ['Put', 'Delete'],
};
/** Lifecycle rules are kept here and do not act, so their events would never come. */
const NEVER_RAISED = /^s3:(LifecycleExpiration|LifecycleTransition|IntelligentTiering)(:|$)/;

function checkEvent(event: string): void {
  if (NEVER_RAISED.test(event)) {
    throw notImplemented(`Lifecycle rules are not carried out, so notifications for ${event} are not implemented.`);
  }
  const [, kind = '', name] = /^s3:(\w+)(?::(\*|\w+))?$/.exec(event) ?? [];
  const names = Object.hasOwn(EVENTS, kind) ? EVENTS[kind]! : undefined;
  const known = names !== undefined && (name === undefined ? names.length === 0 : name === '*' || names.includes(name));
  if (!known) throw invalidArgument(`The event '${event}' is not supported for notifications`, 'Event', event);
}

const FORMS = {
  sqs: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/,
  sns: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
};

function checkArn(bucket: Bucket, service: 'sqs' | 'sns', arn: string): void {
  const argument = service === 'sqs' ? 'Queue' : 'Topic';
  if (service === 'sqs' && arn.endsWith('.fifo')) {
    throw invalidArgument('FIFO SQS queues are not supported.', argument, arn);
  }
  if (!FORMS[service].test(arn)) throw invalidArgument('The ARN could not be parsed', argument, arn);
  if (arn.split(':')[3] !== bucket.region) {
    throw invalidArgument(
      'The notification destination service region is not valid for the bucket location constraint',
      argument,
      arn,
    );
  }
}

function readFilter(given: GivenRule['Filter']): NotificationRule['filter'] {
  if (given === undefined) return undefined;
  const filter = (given.Key?.FilterRules ?? []).map(({ Name = '', Value = '' }) => {
    const name = { prefix: 'Prefix', suffix: 'Suffix' }[Name.toLowerCase()] as 'Prefix' | 'Suffix' | undefined;
    if (name === undefined) {
      throw invalidArgument('filter rule name must be either prefix or suffix', 'FilterRule.Name', Name);
    }
    if (Value.length > 1024)
      throw invalidArgument(
        'Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation',
        'FilterRule.Value',
        Value,
      );
    return { name, value: Value };
  });
  for (const name of ['Prefix', 'Suffix'] as const) {
    if (filter.filter((rule) => rule.name === name).length > 1) {
      const message = `Cannot specify more than one ${name.toLowerCase()} rule in a filter.`;
      throw invalidArgument(message, 'FilterRule.Name', name.toLowerCase());
    }
  }
  return filter;
}

/** Checks one entry of a configuration. An id that is not given is made. */
export function readRule(
  context: Context<S3State>,
  bucket: Bucket,
  service: 'sqs' | 'sns',
  given: GivenRule,
): NotificationRule {
  const arn = (service === 'sqs' ? given.QueueArn : given.TopicArn) ?? '';
  const events = [...new Set(given.Events)];
  if (events.length === 0 || arn === '') throw malformedXml();
  checkArn(bucket, service, arn);
  for (const event of events) checkEvent(event);
  return { id: given.Id || context.uuid(), service, arn, events, filter: readFilter(given.Filter) };
}

/** No two rules may be about the same event of the same key (S3 User Guide, Examples of invalid configurations). */
export function checkTogether(rules: readonly NotificationRule[]): void {
  if (new Set(rules.map(({ id }) => id)).size < rules.length) {
    throw new AwsError('InvalidArgument', 'Same ID used for multiple configurations. IDs must be unique', {
      status: 400,
    });
  }
  for (const [index, rule] of rules.entries()) {
    if (rules.slice(index + 1).some((other) => overlap(rule, other))) {
      throw new AwsError(
        'InvalidArgument',
        'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
        { status: 400 },
      );
    }
  }
}

function overlap(a: NotificationRule, b: NotificationRule): boolean {
  if (!a.events.some((one) => b.events.some((other) => sameEvent(one, other)))) return false;
  const [prefix, otherPrefix] = [partOf(a, 'Prefix'), partOf(b, 'Prefix')];
  const [suffix, otherSuffix] = [partOf(a, 'Suffix'), partOf(b, 'Suffix')];
  return (
    (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix)) &&
    (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix))
  );
}

const partOf = (rule: NotificationRule, name: string) => rule.filter?.find((one) => one.name === name)?.value ?? '';

const sameEvent = (a: string, b: string) =>
  a === b || (a.endsWith(':*') && b.startsWith(a.slice(0, -1))) || (b.endsWith(':*') && a.startsWith(b.slice(0, -1)));
