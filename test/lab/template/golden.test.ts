import { describe, expect, test } from 'vitest';
import { compiled, textOf } from './template.ts';

/** What each file comes to, in full. */
describe('templates as their users write them', () => {
  test.each([
    ['plain CloudFormation', 'orders.yaml', {}],
    ['SAM: functions with SQS and SNS events', 'thumbnails.sam.yaml', {}],
    ['CDK synth output', 'PaymentsStack.template.json', { place: { stack: 'PaymentsStack' } }],
  ])('%s', async (_name, file, given) => {
    expect(await compiled(textOf(file), given)).toMatchSnapshot();
  });
});

test('conditions, mappings and parameters choose what is made', async () => {
  const { desired } = await compiled(textOf('orders.yaml'), { parameters: { Stage: 'prod' } });
  const names = desired.map(({ name }) => name);
  expect(names).toContain('billing-prod');
  expect(names.some((name) => name.startsWith('shop-AuditQueue-'))).toBe(true);
  const log = desired.find(({ kind }) => kind === 'log_group');
  expect(log?.attributes.retention_days).toBe(90);
  const alarm = desired.find(({ kind }) => kind === 'alarm');
  expect(alarm?.attributes.AlarmActions).toEqual(['arn:aws:sns:us-east-1:000000000000:orders-prod']);
});

test('a topic is FIFO only where the template says so', async () => {
  const topic = async (fifo: boolean) => {
    const text = `Resources:\n  T: {Type: AWS::SNS::Topic, Properties: {TopicName: t${fifo ? '.fifo' : ''}, FifoTopic: ${fifo}}}`;
    return (await compiled(text)).desired[0]?.attributes.FifoTopic;
  };
  expect([await topic(true), await topic(false)]).toEqual([true, undefined]);
});

test('the partition key of a table comes first, however the template orders its keys', async () => {
  const { desired } = await compiled(`Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: at, AttributeType: N}]
      KeySchema: [{AttributeName: at, KeyType: RANGE}, {AttributeName: id, KeyType: HASH}]`);
  expect(desired[0]?.attributes.key).toEqual(['id', 'at (N)']);
});
