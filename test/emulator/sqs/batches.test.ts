import { describe, expect, it } from 'vitest';
import { failure, queueWorld } from './queue-world.ts';

const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Id: `${index}`, MessageBody: `body ${index}`, ReceiptHandle: 'x' }));

const BATCHES = [
  ['SendMessageBatch', 'SendMessageBatchRequestEntry'],
  ['DeleteMessageBatch', 'DeleteMessageBatchRequestEntry'],
  ['ChangeMessageVisibilityBatch', 'ChangeMessageVisibilityBatchRequestEntry'],
] as const;

describe.each(BATCHES)('%s as a whole', (operation, shape) => {
  const idText =
    'InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. ' +
    'It can be at most 80 letters long.';

  it.each([
    ['no entries', [], `EmptyBatchRequest: There should be at least one ${shape} in the request.`],
    [
      'too many entries',
      entries(20),
      'TooManyEntriesInBatchRequest: Maximum number of entries per request are 10. You have sent 20.',
    ],
    ['an id twice', [...entries(2), ...entries(1)], 'BatchEntryIdsNotDistinct: Id 0 repeated.'],
    ...['', 'invalid:id', 'é', 'x'.repeat(81)].map((Id): [string, object[], string] => [
      `the id ${Id}`,
      [{ ...entries(1)[0], Id }],
      idText,
    ]),
  ])('refuses %s', async (_, given, message) => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    expect(await failure(world.call(operation, { QueueUrl, Entries: given }))).toBe(message);
  });
});

describe('SendMessageBatch', () => {
  // Seen at AWS since SQS speaks JSON; the SDK for Java takes a list that is there for a failure (hasFailed).
  it('leaves out a list that would be empty', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    const sent = await world.call('SendMessageBatch', { QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }] });
    expect(Object.keys(sent)).toEqual(['Successful']);
    const failed = await world.call('SendMessageBatch', { QueueUrl, Entries: [{ Id: 'a', MessageBody: '' }] });
    expect(Object.keys(failed)).toEqual(['Failed']);
  });

  it('sends in order, and reports what it could not send', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q', { MaximumMessageSize: '1024' });
    const Entries = [
      { Id: 'good', MessageBody: 'msg', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } },
      { Id: 'control', MessageBody: 'a\0' },
      { Id: 'empty', MessageBody: '' },
      { Id: 'big', MessageBody: 'a'.repeat(1025) },
      { Id: 'late', MessageBody: 'late', DelaySeconds: 5 },
      { Id: 'never', MessageBody: 'never', DelaySeconds: 901 },
    ];
    const { Successful, Failed } = await world.call('SendMessageBatch', { QueueUrl, Entries });
    expect(Successful).toMatchObject([
      { Id: 'good', MD5OfMessageBody: '6e2baaf3b97dbeef01c0043275f9a0e7', MessageId: expect.any(String) },
      { Id: 'late' },
    ]);
    expect(Successful[0].MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
    expect(Failed.map((entry: { Code: string }) => ({ ...entry, Message: undefined }))).toEqual([
      { Id: 'control', SenderFault: true, Code: 'InvalidMessageContents' },
      { Id: 'empty', SenderFault: true, Code: 'MissingParameter' },
      { Id: 'big', SenderFault: true, Code: 'InvalidParameterValue' },
      { Id: 'never', SenderFault: true, Code: 'InvalidParameterValue' },
    ]);
    expect(await world.depths(QueueUrl)).toEqual([1, 0, 1]);
  });

  it('may have 1 MiB in all, attributes included, whatever the limit of the queue', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    const MessageAttributes = { k: { DataType: 'String', StringValue: 'x' } };
    const batch = (bytes: number) => ({
      QueueUrl,
      Entries: [
        { Id: '1', MessageBody: 'a'.repeat(bytes - 24), MessageAttributes },
        { Id: '2', MessageBody: 'é'.repeat(8) },
      ],
    });
    expect((await world.call('SendMessageBatch', batch(1_048_576))).Successful).toHaveLength(2);
    expect(await failure(world.call('SendMessageBatch', batch(1_048_577)))).toBe(
      'BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    );
    expect(await world.depths(QueueUrl)).toEqual([2, 0, 0]);
  });

  it.each([
    [
      'a group',
      [{ Id: '1', MessageBody: 'a', MessageDeduplicationId: 'd' }],
      /The request must contain the parameter MessageGroupId\.$/,
    ],
    ['an id for deduplication', [{ Id: '1', MessageBody: 'a', MessageGroupId: 'g' }], /ContentBasedDeduplication/],
  ])('to a FIFO queue is refused as a whole where an entry lacks %s', async (_, given, message) => {
    const world = queueWorld();
    const QueueUrl = await world.create('q.fifo', { FifoQueue: 'true' });
    const Entries = [{ Id: '0', MessageBody: 'ok', MessageGroupId: 'g', MessageDeduplicationId: '0' }, ...given];
    const text = await failure(world.call('SendMessageBatch', { QueueUrl, Entries }));
    expect(text).toMatch(/^InvalidParameterValueException/);
    expect(text).toMatch(message);
    expect(await world.depths(QueueUrl)).toEqual([0, 0, 0]);
  });

  it('to a FIFO queue keeps the order and drops duplicates within', async () => {
    const world = queueWorld();
    const QueueUrl = await world.createFifo('q.fifo');
    const Entries = ['1', '2', '1', '3'].map((MessageBody, index) => ({
      Id: `${index}`,
      MessageBody,
      MessageGroupId: 'g',
    }));
    const { Successful } = await world.call('SendMessageBatch', { QueueUrl, Entries });
    expect(Successful[2].MessageId).toBe(Successful[0].MessageId);
    expect(await world.bodies(QueueUrl)).toEqual(['1', '2', '3']);
  });
});

describe('batches of receipts', () => {
  it('report each entry by itself', async () => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    for (const body of ['a', 'b', 'c']) await world.send(QueueUrl, body);
    const [a, b, c] = (await world.receive(QueueUrl)).map(({ ReceiptHandle }) => ReceiptHandle);
    const invalid = { SenderFault: true, Code: 'ReceiptHandleIsInvalid', Message: expect.any(String) };

    const change = await world.call('ChangeMessageVisibilityBatch', {
      QueueUrl,
      Entries: [
        { Id: 'zero', ReceiptHandle: a, VisibilityTimeout: 0 },
        { Id: 'long', ReceiptHandle: b, VisibilityTimeout: 600 },
        { Id: 'bad', ReceiptHandle: 'x', VisibilityTimeout: 0 },
        { Id: 'none', ReceiptHandle: c },
        { Id: 'range', ReceiptHandle: c, VisibilityTimeout: 50_000 },
      ],
    });
    expect(change.Successful).toEqual([{ Id: 'zero' }, { Id: 'long' }]);
    expect(change.Failed).toMatchObject([
      { Id: 'bad', ...invalid },
      { Id: 'none', Code: 'MissingParameter' },
      { Id: 'range', Code: 'InvalidParameterValue' },
    ]);
    expect(await world.depths(QueueUrl)).toEqual([1, 2, 0]);

    const Entries = [b, 'x', c].map((ReceiptHandle, index) => ({ Id: `${index}`, ReceiptHandle }));
    const deletion = await world.call('DeleteMessageBatch', { QueueUrl, Entries });
    expect(deletion).toEqual({ Successful: [{ Id: '0' }, { Id: '2' }], Failed: [{ Id: '1', ...invalid }] });
    expect(await world.depths(QueueUrl)).toEqual([1, 0, 0]);
  });
});
