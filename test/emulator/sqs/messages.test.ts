import { describe, expect, it } from 'vitest';
import { failure, queueWorld, START } from './queue-world.ts';

describe('a message', () => {
  it('comes back with the digest, ids and times it was sent with', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const sent = await world.send(queue, 'msg');
    expect(sent).toMatchObject({ MD5OfMessageBody: '6e2baaf3b97dbeef01c0043275f9a0e7' });
    world.advance(5);
    const [message] = await world.receive(queue);
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'msg',
      MD5OfBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
      Attributes: {
        SenderId: '000000000000',
        SentTimestamp: String(START),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(START + 5000),
      },
    });
  });

  it('leaves when it is deleted, and not before', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    const [message] = await world.receive(queue);
    expect(await world.depths(queue)).toEqual([0, 1, 0]);
    await world.remove(queue, message!);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
    await world.remove(queue, message!);
    world.advance(3600);
    expect(await world.receive(queue)).toEqual([]);
  });

  it('is delivered oldest first, also after it came back', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    for (const body of ['1', '2', '3']) await world.send(queue, body);
    expect(await world.bodies(queue, { MaxNumberOfMessages: 1, VisibilityTimeout: 10 })).toEqual(['1']);
    await world.send(queue, '4');
    world.advance(10);
    expect(await world.bodies(queue)).toEqual(['1', '2', '3', '4']);
  });

  it('is one a receive unless more are asked for', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    for (let index = 0; index < 12; index++) await world.send(queue, `${index}`);
    expect(await world.receive(queue, { MaxNumberOfMessages: undefined })).toHaveLength(1);
    expect(await world.receive(queue)).toHaveLength(10);
    expect(await world.receive(queue)).toHaveLength(1);
    expect(await world.call('ReceiveMessage', { QueueUrl: queue })).toEqual({});
  });

  it('keeps to standard queues the group it was sent with (SQS Developer Guide, Fair queues)', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a', { MessageGroupId: 'tenant-1' });
    expect((await world.receive(queue))[0]!.Attributes).toMatchObject({ MessageGroupId: 'tenant-1' });
  });
});

describe('a body', () => {
  it.each([
    ['emoji', '🦖 ok'],
    ['tab and line ends', 'a\tb\r\nc'],
    ['the last allowed character', '\ud7ff\ue000\ufffd'],
    ['a name of the prototype', '__proto__'],
  ])('may hold %s', async (_, body) => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, body);
    expect(await world.bodies(queue)).toEqual([body]);
  });

  it.each([
    ['NUL', 'a\0b'],
    ['an escape', '\x1b[31m'],
    ['a vertical tab', '\v'],
    ['a lone high surrogate', 'a\ud83e'],
    ['a lone low surrogate', '\udd96b'],
    ['U+FFFE', '\ufffe'],
    ['U+FFFF', '\uffff'],
  ])('may not hold %s (SQS API, SendMessage)', async (_, body) => {
    const world = queueWorld();
    const queue = await world.create('q');
    expect(await failure(world.send(queue, body))).toMatch(/^InvalidMessageContents: Invalid characters found\./);
    expect(await world.depths(queue)).toEqual([0, 0, 0]);
  });

  it('may not be empty', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    expect(await failure(world.send(queue, ''))).toBe(
      'MissingRequiredParameterException: The request must contain the parameter MessageBody.',
    );
  });

  it.each([
    [1_048_576, {}],
    [1024, { MaximumMessageSize: '1024' }],
  ])('may have %d bytes, attributes included, and not one more', async (limit, attributes) => {
    const world = queueWorld();
    const queue = await world.create('q', attributes as Record<string, string>);
    const MessageAttributes = { k: { DataType: 'String', StringValue: 'x' } };
    await world.send(queue, 'a'.repeat(limit - 8), { MessageAttributes });
    await world.send(queue, 'é'.repeat(limit / 2));
    const message = `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`;
    for (const body of ['a'.repeat(limit + 1), 'é'.repeat(limit / 2 + 1)]) {
      expect(await failure(world.send(queue, body))).toBe(`InvalidParameterValueException: ${message}`);
    }
    expect(await failure(world.send(queue, 'a'.repeat(limit - 7), { MessageAttributes }))).toContain(message);
  });
});

describe('parameters', () => {
  const range = (value: unknown, name: string, reason: string) =>
    `InvalidParameterValueException: Value ${value} for parameter ${name} is invalid. Reason: ${reason}`;

  it.each([
    ['MaxNumberOfMessages', 0, 'Must be between 1 and 10, if provided.'],
    ['MaxNumberOfMessages', 11, 'Must be between 1 and 10, if provided.'],
    ['WaitTimeSeconds', -1, 'Must be >= 0 and <= 20, if provided.'],
    ['WaitTimeSeconds', 21, 'Must be >= 0 and <= 20, if provided.'],
    ['VisibilityTimeout', -1, 'Must be >= 0 and <= 43200, if provided.'],
    ['VisibilityTimeout', 43_201, 'Must be >= 0 and <= 43200, if provided.'],
  ])('ReceiveMessage refuses %s %d', async (name, value, reason) => {
    const world = queueWorld();
    const queue = await world.create('q');
    expect(await failure(world.receive(queue, { [name]: value }))).toBe(range(value, name, reason));
  });

  it.each([-1, 901, 1.5])('SendMessage refuses DelaySeconds %d', async (seconds) => {
    const world = queueWorld();
    const queue = await world.create('q');
    const reason = 'DelaySeconds must be >= 0 and <= 900.';
    expect(await failure(world.send(queue, 'a', { DelaySeconds: seconds }))).toBe(
      range(seconds, 'DelaySeconds', reason),
    );
  });

  it('of a FIFO queue are refused on a standard one', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    expect(await failure(world.send(queue, 'a', { MessageDeduplicationId: 'd' }))).toBe(
      range('d', 'MessageDeduplicationId', 'The request includes a parameter that is not valid for this queue type.'),
    );
    expect(await world.receive(queue, { ReceiveRequestAttemptId: 'ignored' })).toEqual([]);
  });

  it.each([
    ['', 'ReceiptHandleIsInvalid'],
    ['garbage', 'ReceiptHandleIsInvalid'],
    ['AQEB////', 'ReceiptHandleIsInvalid'],
    [`AQEB${Buffer.from('0:0:0').toString('base64')}`, 'ReceiptHandleIsInvalid'],
  ])('a receipt handle %j is refused', async (ReceiptHandle, code) => {
    const world = queueWorld();
    const QueueUrl = await world.create('q');
    expect(await failure(world.call('DeleteMessage', { QueueUrl, ReceiptHandle }))).toBe(
      `${code}: The input receipt handle "${ReceiptHandle}" is not a valid receipt handle.`,
    );
  });

  it('a receipt handle of another queue, or of an earlier one of the same name, is refused', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    const [message] = await world.receive(queue);
    const other = await world.create('other');
    expect(await failure(world.remove(other, message!))).toMatch(/^ReceiptHandleIsInvalid/);
    await world.call('DeleteQueue', { QueueUrl: queue });
    await world.create('q');
    expect(await failure(world.remove(queue, message!))).toMatch(/^ReceiptHandleIsInvalid/);
  });
});

describe('system attributes', () => {
  const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' };

  it('carry the trace header, with a digest of its own', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const sent = await world.send(queue, 'a', { MessageSystemAttributes: { AWSTraceHeader } });
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    expect(sent.MD5OfMessageAttributes).toBeUndefined();
    const [message] = await world.receive(queue);
    expect(message!.Attributes).toMatchObject({ AWSTraceHeader: AWSTraceHeader.StringValue });
  });

  it.each([[{ Other: AWSTraceHeader }], [{ AWSTraceHeader: { DataType: 'Number', StringValue: '1' } }]])(
    'refuse %j',
    async (MessageSystemAttributes) => {
      const world = queueWorld();
      const queue = await world.create('q');
      expect(await failure(world.send(queue, 'a', { MessageSystemAttributes }))).toMatch(/^InvalidParameterValue/);
    },
  );

  it.each([
    [{ AttributeNames: ['SenderId'] }, ['SenderId']],
    [{ MessageSystemAttributeNames: ['SenderId', 'SequenceNumber'] }, ['SenderId']],
    [{ AttributeNames: ['SenderId'], MessageSystemAttributeNames: ['SentTimestamp'] }, ['SenderId', 'SentTimestamp']],
    [{ AttributeNames: ['Policy'] }, []],
    [{ AttributeNames: [] }, undefined],
  ])('are told as asked for by %j', async (names, told) => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a');
    const [message] = await world.receive(queue, { AttributeNames: undefined, ...names });
    expect(message!.Attributes && Object.keys(message!.Attributes).sort()).toEqual(told);
  });

  it('an unknown one is refused', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    expect(await failure(world.receive(queue, { MessageSystemAttributeNames: ['Foo'] }))).toBe(
      'InvalidAttributeName: Unknown Attribute Foo.',
    );
  });
});
