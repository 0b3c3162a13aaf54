import { describe, expect, it } from 'vitest';
import { lab } from '../control/lab.ts';

/** A lab with a queue, and a way to make rules. */
async function world() {
  const here = lab();
  const QueueUrl = await here.queueWith();
  const rule = (text: string) => here.control('POST /faults', { rule: text });
  const received = async () => {
    const { Messages = [] } = await here.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    return Messages as { Body: string; ReceiptHandle: string }[];
  };
  const sendBatch = (...bodies: string[]) =>
    here.call('sqs', 'SendMessageBatch', {
      QueueUrl,
      Entries: bodies.map((MessageBody) => ({ Id: MessageBody, MessageBody })),
    });
  return { ...here, QueueUrl, rule, received, sendBatch };
}

const ids = (entries: { Id: string }[] | undefined) => entries?.map(({ Id }) => Id);

describe('a rule for an operation covers its batches, entry by entry', () => {
  it('sqs:DeleteMessage drop 1 loses one delete of a batch', async () => {
    const { call, rule, received, sendBatch, control, QueueUrl } = await world();
    await sendBatch('a', 'b', 'c');
    await rule('sqs:DeleteMessage drop 1');
    const Entries = (await received()).map(({ Body: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
    expect(await call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries })).toEqual({
      Successful: [{ Id: 'a' }, { Id: 'b' }, { Id: 'c' }],
    });
    expect((await control('GET /sqs/queues')).body.queues[0].in_flight).toBe(1);
    expect((await control('GET /faults')).body.faults[0]).toMatchObject({ seen: 1, struck: 1, remaining: 0 });
  });

  it('an error stands in Failed with its code; before it the entry is not sent, after it is', async () => {
    const { rule, received, sendBatch } = await world();
    await rule('sqs:SendMessage error InternalError 1');
    const before = await sendBatch('a', 'b');
    expect(ids(before.Successful)).toEqual(['b']);
    expect(before.Failed).toMatchObject([{ Id: 'a', Code: 'InternalError', SenderFault: false }]);
    await rule('sqs:SendMessage error ServiceUnavailable after 1');
    const after = await sendBatch('c', 'd');
    expect(ids(after.Successful)).toEqual(['d']);
    expect(after.Failed).toMatchObject([{ Id: 'c', Code: 'ServiceUnavailable', SenderFault: false }]);
    expect((await received()).map(({ Body }) => Body)).toEqual(['b', 'c', 'd']);
  });

  it('a rule for the batch, or for the service, strikes the call', async () => {
    const { rule, sendBatch } = await world();
    await rule('sqs:SendMessageBatch throttle 1');
    await expect(sendBatch('a', 'b')).rejects.toMatchObject({ code: 'RequestThrottled' });
    await rule('sqs throttle 1');
    await expect(sendBatch('a', 'b')).rejects.toMatchObject({ code: 'RequestThrottled' });
    expect(ids((await sendBatch('a', 'b')).Successful)).toEqual(['a', 'b']);
  });

  it('a batch waits once', async () => {
    const { rule, sendBatch, waiting } = await world();
    await rule('sqs:SendMessage latency 200ms');
    const sending = sendBatch('a', 'b');
    expect(waiting.at(-1)).toMatchObject({ ms: 200 });
    waiting.at(-1)!.run();
    expect(ids((await sending).Successful)).toEqual(['a', 'b']);
  });

  it('an entry that SQS itself refuses keeps its own error', async () => {
    const { call, rule, QueueUrl } = await world();
    await rule('sqs:ChangeMessageVisibility error InternalError after');
    const Entries = [{ Id: 'a', ReceiptHandle: 'none', VisibilityTimeout: 0 }];
    const { Failed } = await call('sqs', 'ChangeMessageVisibilityBatch', { QueueUrl, Entries });
    expect(Failed).toMatchObject([{ Id: 'a', Code: 'ReceiptHandleIsInvalid' }]);
  });

  it('sns:Publish', async () => {
    const { call, rule } = await world();
    const { TopicArn } = await call('sns', 'CreateTopic', { Name: 't' });
    const PublishBatchRequestEntries = ['a', 'b', 'c'].map((Id) => ({ Id, Message: 'x' }));
    const publish = () => call('sns', 'PublishBatch', { TopicArn, PublishBatchRequestEntries });
    await rule('sns:Publish throttle 1');
    const throttled = await publish();
    expect(ids(throttled.Successful)).toEqual(['b', 'c']);
    expect(throttled.Failed).toMatchObject([{ Id: 'a', Code: 'Throttling', SenderFault: true }]);
    await rule('sns:Publish drop 1');
    expect((await publish()).Successful).toEqual(
      ['a', 'b', 'c'].map((Id) => ({ Id, MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/) })),
    );
  });

  it('s3:DeleteObject', async () => {
    const { call, rule } = await world();
    await call('s3', 'CreateBucket', { Bucket: 'bucket' });
    for (const Key of ['a', 'b', 'c']) await call('s3', 'PutObject', { Bucket: 'bucket', Key, Body: Buffer.from('') });
    const keys = (entries: { Key: string }[]) => entries.map(({ Key }) => Key).sort();
    const remove = (...Keys: string[]) =>
      call('s3', 'DeleteObjects', { Bucket: 'bucket', Delete: { Objects: Keys.map((Key) => ({ Key })) } });
    await rule('s3:DeleteObject error AccessDenied 1');
    const refused = await remove('a', 'b');
    expect(refused.Errors).toMatchObject([{ Key: 'a', Code: 'AccessDenied' }]);
    expect(keys(refused.Deleted)).toEqual(['b']);
    await rule('s3:DeleteObject drop 1');
    expect(keys((await remove('a', 'c')).Deleted)).toEqual(['a', 'c']);
    expect(keys((await call('s3', 'ListObjectsV2', { Bucket: 'bucket' })).Contents)).toEqual(['a']);
  });
});

describe('batches of items', () => {
  const key = (id: string) => ({ id: { S: id } });

  async function table() {
    const here = await world();
    await here.call('dynamodb', 'CreateTable', {
      TableName: 'table',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    const stored = async () =>
      (await here.call('dynamodb', 'Scan', { TableName: 'table' })).Items.map(({ id }: any) => id.S).sort();
    const write = (...names: string[]) =>
      here.call('dynamodb', 'BatchWriteItem', {
        RequestItems: { table: names.map((id) => ({ PutRequest: { Item: key(id) } })) },
      });
    const transact = (...names: string[]) =>
      here.call('dynamodb', 'TransactWriteItems', {
        TransactItems: names.map((id) => ({ Put: { TableName: 'table', Item: key(id) } })),
      });
    return { ...here, stored, write, transact };
  }

  // BatchWriteItem: "If any requested operations fail because the table's provisioned throughput is exceeded or an internal
  // processing failure occurs, the failed operations are returned in the UnprocessedItems response parameter."
  it('what fails comes back unprocessed', async () => {
    const { rule, write, stored } = await table();
    await rule('dynamodb:PutItem throttle 1');
    expect((await write('a', 'b')).UnprocessedItems).toEqual({ table: [{ PutRequest: { Item: key('a') } }] });
    expect(await stored()).toEqual(['b']);
  });

  // BatchWriteItem: "If none of the items can be processed due to insufficient provisioned throughput [...] then
  // BatchWriteItem returns a ProvisionedThroughputExceededException."
  it('the call is refused when all of it fails', async () => {
    const { rule, write, stored } = await table();
    await rule('dynamodb:PutItem throttle');
    await expect(write('a', 'b')).rejects.toMatchObject({ code: 'ProvisionedThroughputExceededException' });
    expect(await stored()).toEqual([]);
  });

  it('keys that cannot be read come back too', async () => {
    const { call, rule, write } = await table();
    await write('a', 'b');
    await rule('dynamodb:GetItem throttle 1');
    const RequestItems = { table: { Keys: [key('a'), key('b')], ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await call('dynamodb', 'BatchGetItem', { RequestItems });
    expect(Responses.table).toEqual([key('b')]);
    expect(UnprocessedKeys).toEqual({ table: { Keys: [key('a')], ConsistentRead: true } });
  });

  // TransactWriteItems, "Cancellation reasons".
  it('a transaction is cancelled as a whole, with the reason of the entry', async () => {
    const { rule, transact, stored } = await table();
    await rule('dynamodb:PutItem error TransactionConflictException 1');
    await expect(transact('a', 'b')).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      fields: { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] },
    });
    await rule('dynamodb:PutItem error InternalServerError 1');
    await expect(transact('a', 'b')).rejects.toMatchObject({ code: 'InternalServerError' });
    await rule('dynamodb:PutItem drop 1');
    expect(await transact('a', 'b')).toEqual({});
    expect(await stored()).toEqual([]);
    await transact('a', 'b');
    expect(await stored()).toEqual(['a', 'b']);
  });
});
