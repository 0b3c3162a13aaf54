import type { Attributes, Value } from '../../topology/resources.ts';
import { TemplateFault } from './fault.ts';
import { type ResourceType, TAGS } from './resource-type.ts';
import type { Shape } from './shape.ts';
import { at, isObject, type Json } from './value.ts';

const FILTER: Shape = { S3Key: { Rules: [{ Name: 'text', Value: 'text' }] } };
const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

const bucket: ResourceType = {
  about: 'a bucket with its notifications to queues and topics',
  properties: {
    BucketName: 'text',
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'text', KMSMasterKeyID: 'ignored' },
          BucketKeyEnabled: 'ignored',
        },
      ],
    },
    PublicAccessBlockConfiguration: Object.fromEntries(BLOCKS.map((name) => [name, 'flag'])),
    NotificationConfiguration: {
      QueueConfigurations: [{ Event: 'text', Queue: 'text', Filter: FILTER }],
      TopicConfigurations: [{ Event: 'text', Topic: 'text', Filter: FILTER }],
    },
    ...{ AccessControl: 'ignored', CorsConfiguration: 'ignored', LifecycleConfiguration: 'ignored' },
    ...{ LoggingConfiguration: 'ignored', OwnershipControls: 'ignored', Tags: TAGS },
  },
  build({ name, properties, tags }) {
    const { BucketEncryption, PublicAccessBlockConfiguration: access, NotificationConfiguration: notify } = properties;
    const rules = (BucketEncryption as { [name: string]: Json } | undefined)?.ServerSideEncryptionConfiguration;
    const first = (rules as { ServerSideEncryptionByDefault?: { SSEAlgorithm?: string } }[] | undefined)?.[0];
    const algorithm = first?.ServerSideEncryptionByDefault?.SSEAlgorithm;
    const blocked = isObject(access) && BLOCKS.every((each) => access[each] === true);
    const attributes = {
      ...(algorithm !== undefined && { encryption: algorithm }),
      ...(blocked && { public_access_blocked: true }),
      ...(notify !== undefined && { notifications: notificationsOf(notify as unknown as Notifications) }),
      tags,
    };
    return { desired: { kind: 'bucket', name, attributes, protections: ['encryption', 'public_access_blocked'] } };
  },
};

interface Rule {
  Event?: string;
  Events?: string[];
  Queue?: string;
  QueueArn?: string;
  Topic?: string;
  TopicArn?: string;
  Filter?: { S3Key?: Rules; Key?: { FilterRules?: { Name: string; Value: string }[] } };
}
interface Rules {
  Rules?: { Name: string; Value: string }[];
}
interface Notifications {
  QueueConfigurations?: Rule[];
  TopicConfigurations?: Rule[];
}

/** In the order in which an observed configuration is shown. */
function notificationsOf({ QueueConfigurations = [], TopicConfigurations = [] }: Notifications): Value {
  const rules = [...QueueConfigurations, ...TopicConfigurations].map((rule) => {
    const named = rule.Filter?.S3Key?.Rules ?? rule.Filter?.Key?.FilterRules ?? [];
    const value = (name: string) => named.find(({ Name }) => Name.toLowerCase() === name)?.Value;
    const [prefix, suffix] = [value('prefix'), value('suffix')];
    return {
      to: rule.Queue ?? rule.QueueArn ?? rule.Topic ?? rule.TopicArn ?? '',
      events: [...(rule.Events ?? [rule.Event ?? ''])].sort(),
      ...(prefix !== undefined && { prefix }),
      ...(suffix !== undefined && { suffix }),
    };
  });
  const texts = rules.map((rule) => JSON.stringify(rule)).sort();
  return texts.map((text) => JSON.parse(text) as Value);
}

const bucketPolicy: ResourceType = {
  about: 'the policy of a bucket',
  required: ['Bucket', 'PolicyDocument'],
  properties: { Bucket: 'text', PolicyDocument: 'json' },
  build({ properties: { Bucket, PolicyDocument } }) {
    return { adds: [{ kind: 'bucket', name: Bucket as string, attributes: { Policy: PolicyDocument as Value } }] };
  },
};

const API_FILTER: Shape = { Key: { FilterRules: [{ Name: 'text', Value: 'text' }] } };

/** What CDK makes of `bucket.addEventNotification`: a function of its own that calls S3. */
const cdkNotifications: ResourceType = {
  about: "the notifications of a bucket, as CDK's `addEventNotification` makes them",
  required: ['BucketName', 'NotificationConfiguration'],
  properties: {
    ...{ ServiceToken: 'ignored', BucketName: 'text', Managed: 'ignored', SkipDestinationValidation: 'ignored' },
    NotificationConfiguration: {
      QueueConfigurations: [{ Id: 'ignored', Events: ['text'], QueueArn: 'text', Filter: API_FILTER }],
      TopicConfigurations: [{ Id: 'ignored', Events: ['text'], TopicArn: 'text', Filter: API_FILTER }],
    },
  },
  build({ properties: { BucketName, NotificationConfiguration } }) {
    const notifications = notificationsOf(NotificationConfiguration as unknown as Notifications);
    return { adds: [{ kind: 'bucket', name: BucketName as string, attributes: { notifications } }] };
  },
};

const logGroup: ResourceType = {
  about: 'a log group',
  properties: {
    ...{ LogGroupName: 'text', RetentionInDays: 'number', KmsKeyId: 'ignored', LogGroupClass: 'ignored', Tags: TAGS },
    DeletionProtectionEnabled: 'ignored',
  },
  build({ name, properties: { RetentionInDays: days }, tags }) {
    const attributes = { ...(days !== undefined && { retention_days: days as number }), tags };
    return { desired: { kind: 'log_group', name, attributes } };
  },
};

const cdkRetention: ResourceType = {
  about: "a log group with its retention, as CDK's `logRetention` makes it",
  required: ['LogGroupName'],
  properties: {
    ...{ ServiceToken: 'ignored', LogGroupName: 'text', LogGroupRegion: 'ignored', RetentionInDays: 'number' },
    ...{ RemovalPolicy: 'ignored', SdkRetry: 'ignored' },
  },
  build: (built) => logGroup.build({ ...built, name: built.properties.LogGroupName as string }),
};

const logStream: ResourceType = {
  about: 'a stream of a log group',
  required: ['LogGroupName'],
  properties: { LogGroupName: 'text', LogStreamName: 'text' },
  build({ name, properties: { LogGroupName } }) {
    return { adds: [{ kind: 'log_group', name: LogGroupName as string, attributes: { streams: [name] } }] };
  },
};

const ALARM_NUMBERS = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'];
const ALARM_TEXTS = [
  ...['AlarmDescription', 'MetricName', 'Namespace', 'Statistic', 'ExtendedStatistic', 'ComparisonOperator'],
  ...['TreatMissingData', 'Unit', 'EvaluateLowSampleCountPercentile'],
];
const ALARM_ACTIONS = ['AlarmActions', 'OKActions', 'InsufficientDataActions'];
const each = (names: readonly string[], shape: Shape) => Object.fromEntries(names.map((name) => [name, shape]));

const alarm: ResourceType = {
  about: 'an alarm on one metric',
  required: ['EvaluationPeriods', 'ComparisonOperator', 'MetricName', 'Namespace', 'Threshold'],
  properties: {
    ...{ AlarmName: 'text', ...each(ALARM_TEXTS, 'text'), ...each(ALARM_NUMBERS, 'number') },
    ...{ ...each(ALARM_ACTIONS, ['text']), ActionsEnabled: 'flag', Tags: TAGS },
    Dimensions: [{ Name: 'text', Value: 'text' }],
  },
  build({ name, path, properties, tags }) {
    const { AlarmName: _, Tags: __, ...members } = properties;
    if (members.Statistic === undefined && members.ExtendedStatistic === undefined) {
      throw new TemplateFault(at(path, 'Statistic'), 'is required, or ExtendedStatistic');
    }
    return { desired: { kind: 'alarm', name, attributes: { ...(members as Attributes), tags } } };
  },
};

export const STORAGE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'Custom::S3BucketNotifications': cdkNotifications,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::LogStream': logStream,
  'Custom::LogRetention': cdkRetention,
  'AWS::CloudWatch::Alarm': alarm,
};
