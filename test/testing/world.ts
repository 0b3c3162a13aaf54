import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startLab } from '../../src/testing/index.ts';
import type { LabOptions } from '../../src/testing/types/lab.ts';

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const queue = (QueueName: string, properties = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, ...properties },
});

/** Topic orders -> queue jobs (three receives, then jobs-dlq); queues mails, audit and groups.fifo; table orders. */
export const TEMPLATE = {
  Resources: {
    Orders: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'orders' } },
    Dead: queue('jobs-dlq'),
    Jobs: queue('jobs', { RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 3 } }),
    Mails: queue('mails'),
    Audit: queue('audit', { VisibilityTimeout: 10 }),
    Groups: queue('groups.fifo', { FifoQueue: true, ContentBasedDeduplication: true }),
    Allow: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Jobs' }],
        PolicyDocument: {
          Statement: [
            {
              ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
              ...{ Resource: arn('Jobs'), Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Orders' } } } },
            },
          ],
        },
      },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: { Protocol: 'sqs', TopicArn: { Ref: 'Orders' }, Endpoint: arn('Jobs') },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        ...{ TableName: 'orders', BillingMode: 'PAY_PER_REQUEST' },
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      },
    },
  },
};

export async function openLab(options: LabOptions = {}) {
  const lab = await startLab({
    ...{ startsAt: '2026-01-01T00:00:00Z', config: { topology: { template: TEMPLATE } } },
    ...options,
  });
  const client = { ...lab.client, maxAttempts: 1 };
  return Object.assign(lab, { sqs: new SQSClient(client), dynamodb: new DynamoDBClient(client) });
}

/** An event's bodies. */
export const bodies = (event: { Records: { body: string }[] }): string[] => event.Records.map(({ body }) => body);
