import { deadLetterQueueOf, logStreamOf, queueOf, SERVICES, type ServiceName, TABLES } from '../domain/names.ts';
import { type Identity, queueArn, topicArn } from './arns.ts';
import { STACK_TAG, type StackNames } from './names.ts';
import { type Attributes, type Desired, idOf, type Value } from './resources.ts';
import { subscriptionAttributes } from './subscriptions.ts';
import { tableAttributes } from './tables.ts';

const DAY_SECONDS = 24 * 3_600;
export const MAX_RECEIVE_COUNT = 3;
export const VISIBILITY_SECONDS = 30;

/** Everything that a stack consists of, in the order in which tables show it. */
export function desiredStack(names: StackNames, identity: Identity): Desired[] {
  const tags = { [STACK_TAG]: names.stack };
  return [
    { kind: 'topic', name: names.topic, attributes: { tags }, needs: [] },
    ...SERVICES.map((service) => deadLetterQueue(service, names, tags)),
    ...SERVICES.map((service) => queue(service, names, identity, tags)),
    ...SERVICES.map((service): Desired => {
      const name = names.queue(queueOf(service));
      const needs = [idOf({ kind: 'topic', name: names.topic }), idOf({ kind: 'queue', name })];
      return { kind: 'subscription', name, attributes: subscriptionAttributes(service), needs };
    }),
    ...TABLES.map((table): Desired => {
      const attributes = { ...tableAttributes(table), tags };
      return { kind: 'table', name: names.table(table), attributes, needs: [] };
    }),
    { kind: 'bucket', name: names.bucket, attributes: { tags }, needs: [] },
    {
      kind: 'log_group',
      name: names.logGroup,
      attributes: { retention_days: 14, streams: SERVICES.map(logStreamOf).sort(), tags },
      needs: [],
    },
  ];
}

/** Messages that could not be handled are kept as long as SQS keeps any. */
function deadLetterQueue(service: ServiceName, names: StackNames, tags: Attributes): Desired {
  const name = names.queue(deadLetterQueueOf(service));
  const attributes = { VisibilityTimeout: VISIBILITY_SECONDS, MessageRetentionPeriod: 14 * DAY_SECONDS, tags };
  return { kind: 'queue', name, attributes, needs: [] };
}

function queue(service: ServiceName, names: StackNames, identity: Identity, tags: Attributes): Desired {
  const name = names.queue(queueOf(service));
  const deadLetters = names.queue(deadLetterQueueOf(service));
  return {
    kind: 'queue',
    name,
    attributes: {
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageRetentionPeriod: 4 * DAY_SECONDS,
      RedrivePolicy: { deadLetterTargetArn: queueArn(identity, deadLetters), maxReceiveCount: MAX_RECEIVE_COUNT },
      Policy: onlyFromTopic(queueArn(identity, name), topicArn(identity, names.topic)),
      tags,
    },
    needs: [idOf({ kind: 'queue', name: deadLetters })],
  };
}

/** SQS Developer Guide, Basic examples of SQS policies: the topic, and nobody else beside the account itself, may send. */
function onlyFromTopic(queue: string, topic: string): Value {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyFromTopic',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ],
  };
}
