import { deadLetterQueueOf, logStreamOf, queueOf, SERVICES, type ServiceName, TABLES } from '../../domain/names.ts';
import { bucketArn, type Identity, queueArn, topicArn } from '../../topology/arns.ts';
import { type Attributes, type Desired, idOf, STACK_TAG } from '../../topology/resources.ts';
import { VISIBILITY_SECONDS } from '../runtime/heartbeat.ts';
import { onlyFromTopic, onlyOverTls, policyOf } from './access-policies.ts';
import type { StackNames } from './names.ts';
import { subscriptionAttributes } from './subscriptions.ts';
import { tableAttributes } from './tables.ts';

const DAY_SECONDS = 24 * 3_600;
export const MAX_RECEIVE_COUNT = 3;

export interface StackOptions {
  /** Refuses plain HTTP by the policies of topic, queues and bucket. */
  tlsOnly?: boolean;
}

/** Everything that a stack consists of, in the order in which tables show it. */
export function desiredStack(names: StackNames, identity: Identity, { tlsOnly = false }: StackOptions = {}): Desired[] {
  const tags = { [STACK_TAG]: names.stack };
  const place = { names, identity, tlsOnly, tags };
  return [
    topic(place),
    ...SERVICES.map((service) => deadLetterQueue(service, place)),
    ...SERVICES.map((service) => queue(service, place)),
    ...SERVICES.map((service): Desired => {
      const name = names.queue(queueOf(service));
      const needs = [idOf({ kind: 'topic', name: names.topic }), idOf({ kind: 'queue', name })];
      const joins = { topic: topicArn(identity, names.topic), endpoint: queueArn(identity, name) };
      return { kind: 'subscription', name, attributes: subscriptionAttributes(service), joins, needs };
    }),
    ...TABLES.map((table): Desired => {
      const attributes = { ...tableAttributes(table), tags };
      return { kind: 'table', name: names.table(table), attributes, needs: [] };
    }),
    bucket(place),
    {
      kind: 'log_group',
      name: names.logGroup,
      attributes: { retention_days: 14, streams: SERVICES.map(logStreamOf).sort(), tags },
      needs: [],
    },
  ];
}

interface Place {
  names: StackNames;
  identity: Identity;
  tlsOnly: boolean;
  tags: Attributes;
}

function topic({ names, identity, tlsOnly, tags }: Place): Desired {
  const policy = policyOf([onlyOverTls('SNS:Publish', topicArn(identity, names.topic))]);
  const attributes = { ...(tlsOnly && { Policy: policy }), tags };
  return { kind: 'topic', name: names.topic, attributes, needs: [], protections: ['Policy'] };
}

/** Messages that could not be handled are kept as long as SQS keeps any. */
function deadLetterQueue(service: ServiceName, { names, identity, tlsOnly, tags }: Place): Desired {
  const name = names.queue(deadLetterQueueOf(service));
  const attributes = {
    VisibilityTimeout: VISIBILITY_SECONDS,
    MessageRetentionPeriod: 14 * DAY_SECONDS,
    SqsManagedSseEnabled: true,
    ...(tlsOnly && { Policy: policyOf([onlyOverTls('sqs:*', queueArn(identity, name))]) }),
    tags,
  };
  return { kind: 'queue', name, attributes, needs: [], protections: ['SqsManagedSseEnabled'] };
}

function queue(service: ServiceName, { names, identity, tlsOnly, tags }: Place): Desired {
  const name = names.queue(queueOf(service));
  const deadLetters = names.queue(deadLetterQueueOf(service));
  const arn = queueArn(identity, name);
  const statements = [onlyFromTopic(arn, topicArn(identity, names.topic))];
  return {
    kind: 'queue',
    name,
    attributes: {
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageRetentionPeriod: 4 * DAY_SECONDS,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: queueArn(identity, deadLetters), maxReceiveCount: MAX_RECEIVE_COUNT },
      Policy: policyOf(tlsOnly ? [...statements, onlyOverTls('sqs:*', arn)] : statements),
      tags,
    },
    needs: [idOf({ kind: 'queue', name: deadLetters })],
    protections: ['SqsManagedSseEnabled'],
  };
}

/** S3 User Guide, Security best practices: encrypted, closed to the public, and nothing in plain text. */
function bucket({ names: { bucket: name }, identity, tlsOnly, tags }: Place): Desired {
  const arn = bucketArn(identity, name);
  const attributes = {
    encryption: 'AES256',
    public_access_blocked: true,
    ...(tlsOnly && { Policy: policyOf([onlyOverTls('s3:*', [arn, `${arn}/*`])]) }),
    tags,
  };
  const protections = ['encryption', 'public_access_blocked', 'Policy'];
  return { kind: 'bucket', name, attributes, needs: [], protections };
}
