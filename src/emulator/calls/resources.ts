import { isReading } from '../core/journal.ts';
import type { ByteRing } from './byte-ring.ts';
import type { CallEntry } from './entry.ts';

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What stands behind the last `/` or `:` of an ARN, an address or a name. */
export const lastPart = (text: string) => text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1);

/**
 * The resources that a call names in its input, as `queue/NAME`, `topic/NAME`, `table/NAME`, `bucket/NAME[/KEY]`,
 * `log_group/NAME`, `namespace/NAME` and `alarm/NAME`.
 */
export const resourcesOf = (entry: CallEntry, bytes: ByteRing): string[] =>
  resourcesIn(entry.service, entry.input(bytes));

/** The same of an input at hand. */
export function resourcesIn(service: CallEntry['service'], input: unknown): string[] {
  const found = new Set<string>();
  const add = (kind: string, value: unknown, name = (text: string) => text) => {
    if (typeof value === 'string' && value !== '') found.add(`${kind}/${name(value)}`);
  };
  const fields = fieldsOf(input);
  for (const member of ['ResourceArn', 'ResourceARN', 'resourceArn']) add('resource', fields[member]);
  switch (service) {
    case 'sqs':
      for (const member of ['QueueUrl', 'QueueName', 'SourceArn', 'DestinationArn'])
        add('queue', fields[member], lastPart);
      add('move_task', fields.TaskHandle);
      break;
    case 'sns':
      for (const member of ['TopicArn', 'TargetArn', 'Name']) add('topic', fields[member], lastPart);
      add('topic', typeof fields.SubscriptionArn === 'string' ? fields.SubscriptionArn.split(':')[5] : undefined);
      break;
    case 'dynamodb':
      for (const name of tablesOf(fields)) add('table', name, lastPart);
      break;
    case 's3':
      if (typeof fields.Key === 'string') found.add(`bucket/${fields.Bucket}/${fields.Key}`);
      else add('bucket', fields.Bucket);
      break;
    case 'cloudwatch':
      add('namespace', fields.Namespace);
      for (const name of [fields.AlarmName, ...listOf(fields.AlarmNames)]) add('alarm', name);
      break;
    case 'logs':
      for (const member of ['logGroupName', 'logGroupIdentifier']) add('log_group', fields[member]);
      break;
    case 'sts':
  }
  return [...found];
}

function tablesOf(fields: Fields): unknown[] {
  const actions = listOf(fields.TransactItems).flatMap((item) => Object.values(fieldsOf(item)));
  return [
    fields.TableName,
    ...Object.keys(fieldsOf(fields.RequestItems)),
    ...actions.map((action) => fieldsOf(action).TableName),
  ];
}

/** Operations on contents: what they change they report themselves, and nothing when they changed nothing. */
const ON_CONTENTS = new Set([
  ...['SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch', 'PurgeQueue'],
  ...['ChangeMessageVisibility', 'ChangeMessageVisibilityBatch', 'Publish', 'PublishBatch'],
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'],
  ...['PutObject', 'CopyObject', 'DeleteObject', 'DeleteObjects', 'CompleteMultipartUpload'],
  ...['PutMetricData', 'PutLogEvents', 'SetAlarmState', 'TestMetricFilter'],
]);

/** What a call that succeeded did to resources as a whole: made, configured, tagged or deleted them. */
export function resourceEffects(entry: CallEntry, bytes: ByteRing) {
  const { code, effects, operation, service } = entry;
  const applies = code === undefined && effects === undefined && service !== 'engine';
  if (!applies || operation === '' || isReading(operation) || ON_CONTENTS.has(operation)) return [];
  return resourcesOf(entry, bytes).map((resource) => ({ kind: 'resource', resource, operation }));
}

/** Whether a call changed something, or was meant to; a receive that got nothing was not. */
export const isWriting = ({ effects, operation }: CallEntry) =>
  effects !== undefined || !(isReading(operation) || operation === 'ReceiveMessage');
