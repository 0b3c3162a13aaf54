import { expect, it } from 'vitest';
import { lab } from '../control/lab.ts';

const queueArn = (name: string, account = '000000000000') => `arn:aws:sqs:us-east-1:${account}:${name}`;

function noticed() {
  const notices: string[] = [];
  return { ...lab({ onNotice: (notice) => notices.push(notice) }), notices };
}

it('a dead-letter queue that is gone is told', async () => {
  const { call, notices } = noticed();
  await call('sqs', 'CreateQueue', { QueueName: 'dead' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 1 });
  const { QueueUrl } = await call('sqs', 'CreateQueue', { QueueName: 'q', Attributes: { RedrivePolicy } });
  await call('sqs', 'DeleteQueue', { QueueUrl: 'dead' });
  await call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'a' });
  for (let receive = 0; receive < 3; receive++) await call('sqs', 'ReceiveMessage', { QueueUrl, VisibilityTimeout: 0 });
  expect(notices).toEqual([
    `${queueArn('q')} has no dead-letter queue ${queueArn('dead')}: messages are delivered again and again`,
  ]);
});

it('a confirmation that its queue refuses is told', async () => {
  const { call, notices } = noticed();
  await call('sns', 'CreateTopic', { Name: 't' });
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t';
  await call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueArn('q', '111111111111') });
  expect(notices).toEqual([expect.stringContaining('its confirmation is lost: QueueDoesNotExist')]);
});

it('an event of a bucket that its queue no longer takes is told', async () => {
  const { call, notices } = noticed();
  const Policy = JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } });
  await call('sqs', 'CreateQueue', { QueueName: 'q', Attributes: { Policy } });
  await call('s3', 'CreateBucket', { Bucket: 'bucket' });
  const QueueConfigurations = [{ QueueArn: queueArn('q'), Events: ['s3:ObjectCreated:*'] }];
  const NotificationConfiguration = { QueueConfigurations };
  await call('s3', 'PutBucketNotificationConfiguration', { Bucket: 'bucket', NotificationConfiguration });
  await call('sqs', 'DeleteQueue', { QueueUrl: 'q' });
  await call('s3', 'PutObject', { Bucket: 'bucket', Key: 'k', Body: Buffer.from('x') });
  expect(notices).toEqual([
    `bucket bucket could not notify ${queueArn('q')}, events are lost: QueueDoesNotExist: The specified queue does not exist.`,
  ]);
});

it('a notice that differs each time does not fill the log', async () => {
  const notices: string[] = [];
  const { engine } = lab({ onNotice: (notice) => notices.push(notice) });
  for (let index = 0; index < 5000; index++) engine.notices.add(`notice ${index}`);
  expect(notices).toHaveLength(2001);
  expect(notices.at(-1)).toBe('further notices are left out');
});
