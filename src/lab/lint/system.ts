import type { Attributes, Resource, Value } from '../../topology/resources.ts';
import type { TemplateFunction, TemplateMapping } from '../template/functions.ts';
import { QUEUE_DEFAULTS } from '../template/messaging-types.ts';

/** What lint looks at: resources as a template declares them or as an engine has them, and who calls which function. */
export interface System {
  account: string;
  region: string;
  queues: readonly LintQueue[];
  topics: readonly LintTopic[];
  subscriptions: readonly LintSubscription[];
  notifications: readonly LintNotification[];
  mappings: readonly LintMapping[];
  /** Names of the message attributes that messages in the call log had, by ARN of their topic. */
  published: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface LintQueue {
  name: string;
  arn: string;
  fifo: boolean;
  /** Seconds. */
  visibility: number;
  retention: number;
  delay: number;
  redrive?: { target: string; maxReceiveCount: number };
  redriveAllow?: { [name: string]: Value };
  policy?: Value;
}

export interface LintTopic {
  name: string;
  arn: string;
  fifo: boolean;
}

export interface LintSubscription {
  name: string;
  topic: string;
  endpoint: string;
  raw: boolean;
  filter: Value;
  scope: string;
  /** ARN of the subscription's own dead-letter queue. */
  deadLetters?: string;
}

export interface LintNotification {
  bucket: string;
  /** ARN of a queue or topic. */
  to: string;
}

export interface LintMapping extends TemplateMapping {
  /** Of the function, in seconds; undefined for a function that is not known. */
  timeout: number | undefined;
}

export interface Sources {
  account: string;
  region: string;
  partition: string;
  resources: readonly Resource[];
  functions?: readonly TemplateFunction[];
  mappings?: readonly TemplateMapping[];
  published?: ReadonlyMap<string, ReadonlySet<string>>;
}

export function systemOf({
  resources,
  functions = [],
  mappings = [],
  published = new Map(),
  ...place
}: Sources): System {
  const arn = (service: string, name: string) =>
    `arn:${place.partition}:${service}:${place.region}:${place.account}:${name}`;
  const of = (kind: Resource['kind']) => resources.filter((each) => each.kind === kind);
  return {
    ...{ account: place.account, region: place.region, published },
    queues: of('queue').map(({ name, attributes }) => queueOf(name, arn('sqs', name), attributes)),
    topics: of('topic').map(({ name }) => ({ name, arn: arn('sns', name), fifo: name.endsWith('.fifo') })),
    subscriptions: of('subscription').flatMap(subscriptionOf),
    notifications: of('bucket').flatMap(({ name, attributes }) =>
      ((attributes.notifications ?? []) as { to: string }[]).map(({ to }) => ({ bucket: name, to })),
    ),
    mappings: mappings.map((each) => ({
      ...each,
      timeout: functions.find(({ name }) => name === each.function)?.timeout,
    })),
  };
}

function queueOf(name: string, arn: string, attributes: Attributes): LintQueue {
  const { VisibilityTimeout, MessageRetentionPeriod, DelaySeconds, Policy }: Attributes = {
    ...QUEUE_DEFAULTS,
    ...attributes,
  };
  const redrive = attributes.RedrivePolicy as { deadLetterTargetArn: string; maxReceiveCount: number } | undefined;
  const allow = attributes.RedriveAllowPolicy as { [name: string]: Value } | undefined;
  return {
    ...{ name, arn, fifo: name.endsWith('.fifo') },
    visibility: Number(VisibilityTimeout),
    retention: Number(MessageRetentionPeriod),
    delay: Number(DelaySeconds),
    ...(redrive && { redrive: { target: redrive.deadLetterTargetArn, maxReceiveCount: redrive.maxReceiveCount } }),
    ...(allow && { redriveAllow: allow }),
    ...(Policy !== undefined && { policy: Policy }),
  };
}

function subscriptionOf({ name, attributes, joins }: Resource): LintSubscription[] {
  if (joins === undefined) return [];
  const redrive = attributes.RedrivePolicy as { deadLetterTargetArn?: string } | undefined;
  return [
    {
      ...{ name, topic: joins.topic, endpoint: joins.endpoint, raw: attributes.RawMessageDelivery === true },
      filter: attributes.FilterPolicy ?? {},
      scope: String(attributes.FilterPolicyScope ?? 'MessageAttributes'),
      ...(redrive?.deadLetterTargetArn !== undefined && { deadLetters: redrive.deadLetterTargetArn }),
    },
  ];
}

export const queueAt = (system: System, arn: string): LintQueue | undefined =>
  system.queues.find((queue) => queue.arn === arn);

/** Whether an ARN is of the account and region that are looked at, so that what is not there is missing. */
export function isHere({ account, region }: System, arn: string): boolean {
  const [, , , inRegion, inAccount] = arn.split(':');
  return inRegion === region && inAccount === account;
}

export const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);
