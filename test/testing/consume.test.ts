import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { bodies, openLab } from './world.ts';

const put = (id: string) => new PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } });

describe('a Lambda handler', () => {
  test('reports single failures, and gets those again', async () => {
    await using lab = await openLab();
    const attempts: string[] = [];
    const handler = ({ Records }: { Records: { messageId: string; body: string }[] }) => {
      attempts.push(...Records.map(({ body }) => body));
      const bad = attempts.length < 4 ? Records.filter(({ body }) => body === 'bad') : [];
      return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    for (const body of ['good', 'bad', 'fine']) await lab.send('audit', body);
    lab.consume('audit', handler, { reportBatchItemFailures: true });
    await lab.settled();
    expect(attempts).toEqual(['good', 'bad', 'fine', 'bad']);
  });

  test('does not see what its filter leaves out, and nobody has consumed that', async () => {
    await using lab = await openLab();
    const seen: string[] = [];
    const filterCriteria = { Filters: [{ Pattern: { body: { kind: ['order'] } } }] };
    lab.consume('mails', (event) => void seen.push(...bodies(event)), { filterCriteria });
    await lab.send('mails', { kind: 'order' });
    await lab.send('mails', { kind: 'other' });
    await lab.queue('mails').consumed({ kind: 'order' }, { times: 1 });
    await lab.queue('mails').consumed({ kind: 'other' }, { times: 0 });
    expect(seen).toEqual(['{"kind":"order"}']);
  });

  test('that takes longer than its timeout has failed, and calls no more', async () => {
    await using lab = await openLab();
    const late: unknown[] = [];
    let first = true;
    const consumer = lab.consume(
      'audit',
      async (_event, context) => {
        expect(context.getRemainingTimeInMillis()).toBe(2_000);
        expect(context.functionName).toBe('slow');
        if (!first) return;
        first = false;
        await new Promise<void>((resolve) => void lab.clock.advance('3s', { patience: 1 }).then(resolve));
        await lab.dynamodb.send(put('late')).catch((error: Error) => late.push(error.message));
      },
      { timeout: 2, name: 'slow' },
    );
    await lab.send('audit', 'x');
    await lab.settled();
    expect(consumer.errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('timed out after 2.00') }),
    ]);
    expect(lab.queue('audit').deliveries()).toMatchObject([{ end: 'expired' }, { end: 'deleted', consumer: 'slow' }]);
    expect(late).toEqual([expect.stringContaining('timed out')]);
    expect(lab.table('orders').items()).toEqual([]);
  });

  test('may use its callback', async () => {
    await using lab = await openLab();
    lab.consume('mails', (_event, _context, callback) => void setImmediate(() => callback(null, {})));
    await lab.send('mails', 'x');
    await lab.queue('mails').consumed('x', { times: 1 });
  });

  test.each([
    ['jobs-x', {}, /^there is no queue jobs-x; there are .*mails/],
    ['mails', { batchSize: 0 }, 'the consumer mails.batchSize must be a whole number from 1 to 10000, not 0'],
    ['mails', { batchSize: 11 }, 'the consumer mails.batchSize above 10 needs a batchWindow of at least 1'],
    ['audit', { timeout: 20 }, /audit.timeout must not be longer than the queue's visibility timeout: 10 seconds/],
  ])('for %s with %j is refused as AWS would', async (queue, options, message) => {
    await using lab = await openLab();
    expect(() => lab.consume(queue, () => {}, options)).toThrow(message);
    // The name is free.
    lab.consume('audit', () => {}, { name: queue === 'audit' ? 'audit' : 'mails' });
  });

  test('calls in its own name and trace, whichever client it uses', async () => {
    await using lab = await openLab();
    const handler = async (event: { Records: { body: string }[] }) => {
      for (const body of bodies(event)) await lab.dynamodb.send(put(body));
    };
    lab.consume('mails', handler);
    lab.consume('audit', handler, { name: 'auditor' });
    await Promise.all([lab.send('mails', 'a'), lab.send('audit', 'b'), lab.dynamodb.send(put('c'))]);
    await lab.settled();
    expect(lab.report()).toMatch(/mails +PutItem table\/orders ok in mails, attempt 1/);
    expect(lab.report()).toMatch(/auditor +PutItem table\/orders ok in audit, attempt 1/);
    expect(lab.report()).toMatch(/test +PutItem table\/orders ok\n/);
  });
});

describe('handlers of sqs-consumer', () => {
  test('a returned message is deleted; another one, and one whose handler throws, come again', async () => {
    await using lab = await openLab();
    const seen: string[] = [];
    lab.consume('jobs', {
      async handleMessage(message) {
        seen.push(message.Body);
        if (message.Body === 'throws') throw new Error('no');
        return message.Body === 'done' ? message : undefined;
      },
    });
    for (const body of ['done', 'throws', 'nothing']) await lab.send('jobs', body);
    await lab.settled();
    expect(seen.sort()).toEqual(['done', 'nothing', 'nothing', 'nothing', 'throws', 'throws', 'throws']);
    expect(
      lab
        .queue('jobs')
        .deadLetters()
        .map(({ body }) => body),
    ).toEqual(['throws', 'nothing']);
  });

  test('a batch is deleted as far as it is returned; alwaysAcknowledge deletes all', async () => {
    await using lab = await openLab();
    const sizes: number[] = [];
    const handleMessageBatch = async (messages: { Body: string }[]) => {
      sizes.push(messages.length);
      return messages.filter(({ Body }) => Body !== 'left' || sizes.length > 1);
    };
    for (const body of ['a', 'left', 'b']) await lab.send('audit', body);
    lab.consume('audit', { handleMessageBatch }, { batchSize: 10 });
    for (const body of ['c', 'd']) await lab.send('mails', body);
    lab.consume('mails', { handleMessageBatch: async () => [] }, { batchSize: 10, alwaysAcknowledge: true });
    await lab.settled();
    expect(sizes).toEqual([3, 1]);
    expect(lab.queue('mails').messages()).toEqual([]);
  });

  test('terminateVisibilityTimeout returns what failed', async () => {
    await using lab = await openLab();
    let failures = 2;
    const handleMessage = async (message: object) => {
      if (failures-- > 0) throw new Error('not yet');
      return message;
    };
    lab.consume('mails', { handleMessage }, { terminateVisibilityTimeout: 5 });
    await lab.send('mails', 'x');
    await lab.settled();
    expect(
      lab
        .queue('mails')
        .deliveries()
        .map(({ end }) => end),
    ).toEqual(['expired', 'expired', 'deleted']);
    expect(lab.clock.now()).toEqual(new Date('2026-01-01T00:00:10Z'));
  });

  test('goes on polling after a receive that failed', async () => {
    await using lab = await openLab();
    lab.faults.add('sqs:ReceiveMessage error InternalError 1');
    const consumer = lab.consume('mails', { handleMessage: async (message) => message });
    await lab.send('mails', 'x');
    await lab.settled();
    lab.faults.assertStruck();
    expect(consumer.errors).toHaveLength(1);
    await lab.queue('mails').consumed('x', { times: 1 });
  });

  test('one of the two handlers is wanted', async () => {
    await using lab = await openLab();
    expect(() => lab.consume('mails', {})).toThrow('an object with handleMessage or handleMessageBatch');
    const handleMessage = async () => {};
    expect(() => lab.consume('mails', { handleMessage }, { batchSize: 11 })).toThrow('from 1 to 10, not 11');
  });
});

test('a consumer that was stopped takes nothing any more', async () => {
  await using lab = await openLab();
  const consumer = lab.consume('mails', () => {});
  await consumer.stop();
  await lab.send('mails', 'x');
  await expect(lab.settled({ patience: 1 })).rejects.toThrow('mails: 1 ready, nobody receives');
});
