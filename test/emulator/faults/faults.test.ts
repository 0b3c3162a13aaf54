import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/emulator/core/errors.ts';
import { lab } from '../control/lab.ts';

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
}

/** A queue, and a way to send to it that tells how it went. */
async function queue(seed = 1) {
  const here = lab({ seed });
  const QueueUrl = await here.queueWith();
  const rule = (text: string) => here.control('POST /faults', { rule: text });
  const send = (MessageBody = 'x') => outcome(here.call('sqs', 'SendMessage', { QueueUrl, MessageBody }));
  const receive = async (input: object = {}) => {
    const { Messages = [] } = await here.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...input });
    return Messages as { Body: string; ReceiptHandle: string }[];
  };
  return { ...here, QueueUrl, rule, send, receive };
}

describe('kinds of faults', () => {
  it('drop answers without acting', async () => {
    const { call, rule, send, receive, QueueUrl, control } = await queue();
    await send('a');
    await rule('sqs:DeleteMessage drop 1');
    const [message] = await receive();
    const input = { QueueUrl, ReceiptHandle: message!.ReceiptHandle };
    expect(await call('sqs', 'DeleteMessage', input)).toEqual({});
    expect((await control('GET /sqs/queues')).body.queues[0].in_flight).toBe(1);
    await call('sqs', 'DeleteMessage', input);
    expect((await control('GET /sqs/queues')).body.queues[0].in_flight).toBe(0);
  });

  it('drop answers batches and publishes as AWS would', async () => {
    const { call, rule, QueueUrl } = await queue();
    const { TopicArn } = await call('sns', 'CreateTopic', { Name: 't' });
    await rule('drop');
    expect(await call('sqs', 'DeleteMessageBatch', { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: 'x' }] })).toEqual({
      Successful: [{ Id: 'a' }],
    });
    expect(await call('sns', 'Publish', { TopicArn, Message: 'x' })).toEqual({
      MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it.each<[string, string, string, object]>([
    ['sqs', 'SendMessage', 'RequestThrottled', {}],
    ['sns', 'ListTopics', 'Throttling', {}],
    ['s3', 'ListBuckets', 'SlowDown', {}],
    ['logs', 'DescribeLogGroups', 'ThrottlingException', {}],
  ])('throttle uses the code of %s', async (service, operation, code, input) => {
    const { call, rule } = await queue();
    await rule(`${service} throttle`);
    expect(await outcome(call(service as 'sqs', operation, input))).toBe(code);
  });

  it('an error before leaves nothing, one after has acted', async () => {
    const { rule, send, receive } = await queue();
    await rule('sqs:SendMessage error InternalError 1');
    expect(await send('before')).toBe('InternalError');
    expect(await receive()).toEqual([]);
    await rule('sqs:SendMessage error InternalError after 1');
    expect(await send('after')).toBe('InternalError');
    expect((await receive()).map(({ Body }) => Body)).toEqual(['after']);
    expect(await send()).toBe('ok');
  });

  it('a refused call is refused also where an error would follow', async () => {
    const { call, rule } = await queue();
    await rule('sqs error InternalError after');
    expect(await outcome(call('sqs', 'SendMessage', { QueueUrl: 'missing', MessageBody: 'x' }))).toMatch(
      /QueueDoesNotExist|NonExistent/,
    );
  });

  it('latency holds a call up for real time, and adds up', async () => {
    const { rule, send, waiting, receive } = await queue();
    await rule('latency 200ms');
    await rule('sqs:SendMessage latency 1s');
    const before = waiting.length;
    const sending = send();
    expect(waiting.slice(before).map(({ ms }) => ms)).toEqual([1200]);
    waiting.at(-1)!.run();
    expect(await sending).toBe('ok');
    const receiving = receive();
    waiting.at(-1)!.run();
    expect(await receiving).toHaveLength(1);
  });

  it('duplicate delivers a message more than once', async () => {
    const { rule, send, receive } = await queue();
    await rule('sqs duplicate 1');
    await send('a');
    expect(await receive()).toHaveLength(1);
    expect(await receive()).toHaveLength(1);
    expect(await receive()).toHaveLength(0);
  });

  it('reorder mixes up a standard queue, and loses nothing', async () => {
    const { rule, send, receive } = await queue();
    await rule('sqs reorder');
    const bodies = Array.from({ length: 10 }, (_, index) => String(index));
    for (const body of bodies) await send(body);
    const received = (await receive()).map(({ Body }) => Body);
    expect(received).not.toEqual(bodies);
    expect([...received].sort()).toEqual(bodies);
  });
});

describe('chance', () => {
  async function pattern(seed: number, rule: { rule: string; seed?: number }) {
    const { control, send } = await queue(seed);
    await control('POST /faults', rule);
    let outcomes = '';
    for (let index = 0; index < 60; index++) outcomes += (await send()) === 'ok' ? '.' : 'x';
    return outcomes;
  }

  it('is the same for the same seed, and another for another', async () => {
    const rule = { rule: 'sqs:SendMessage throttle 30%' };
    const first = await pattern(7, rule);
    expect(await pattern(7, rule)).toBe(first);
    expect(await pattern(8, rule)).not.toBe(first);
    expect(first).toMatch(/x/);
    expect(first).toMatch(/\./);
    expect(await pattern(8, { ...rule, seed: 5 })).toBe(await pattern(9, { ...rule, seed: 5 }));
  });

  it('comes near the rate', async () => {
    const { control, send } = await queue();
    await control('POST /faults', { rule: 'sqs:SendMessage throttle 25%' });
    for (let index = 0; index < 2000; index++) await send();
    const { struck } = (await control('GET /faults')).body.faults[0];
    expect(struck).toBeGreaterThan(400);
    expect(struck).toBeLessThan(600);
  });

  it('does not change the ids of what succeeds', async () => {
    const ids = async (rule?: string) => {
      const here = await queue();
      if (rule !== undefined) await here.rule(rule);
      return [1, 2, 3]
        .map(() => here.engine.state.random)
        .concat((await here.call('sns', 'CreateTopic', { Name: 't' })).TopicArn);
    };
    expect(await ids('sqs throttle 50%')).toEqual(await ids());
  });
});

describe('the list', () => {
  it('shows rules with what they struck, and clears them', async () => {
    const { control, rule, send } = await queue();
    expect((await rule('sqs:SendMessage throttle 2')).body.fault).toEqual({
      id: 1,
      rule: 'sqs:SendMessage throttle 2',
      service: 'sqs',
      operation: 'SendMessage',
      kind: 'throttle',
      code: null,
      latency_ms: null,
      when: 'before',
      rate: 1,
      remaining: 2,
      ...{ seen: 0, struck: 0, missed: {} },
    });
    await rule('s3 throttle');
    expect([await send(), await send(), await send()]).toEqual(['RequestThrottled', 'RequestThrottled', 'ok']);
    const { faults } = (await control('GET /faults')).body;
    expect(
      faults.map(({ id, remaining, seen, struck, missed }: Record<string, unknown>) => [
        id,
        remaining,
        seen,
        struck,
        missed,
      ]),
    ).toEqual([
      [1, 0, 2, 2, {}],
      [2, null, 0, 0, {}],
    ]);
    expect((await control('DELETE /faults/1')).body.removed).toHaveLength(1);
    expect((await control('DELETE /faults/1')).status).toBe(404);
    expect((await control('DELETE /faults/x')).status).toBe(404);
    expect((await control('DELETE /faults')).body.removed).toHaveLength(1);
    expect((await control('GET /faults')).body.faults).toEqual([]);
  });

  it('tells of a rule that could strike nothing which calls there were', async () => {
    const { control, rule, send, receive } = await queue();
    await rule('sqs:DeleteMessage throttle');
    await rule('sqs duplicate 1');
    await send();
    await send();
    await receive({ MaxNumberOfMessages: 1 });
    const { faults } = (await control('GET /faults')).body;
    expect(faults[0]).toMatchObject({ seen: 0, missed: { 'sqs:SendMessage': 2, 'sqs:ReceiveMessage': 1 } });
    expect(faults[1]).toMatchObject({ seen: 1, struck: 1, missed: {} });
  });

  it.each([{}, { rule: 5 }, { rule: 'nonsense' }, { rule: 'latency 1ms', seed: 'x' }])('refuses %j', async (body) => {
    const { control } = lab();
    const answer = await control('POST /faults', body);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_request']);
    expect((await control('GET /faults')).body.faults).toEqual([]);
  });

  it('is bounded', async () => {
    const { control } = lab();
    for (let index = 0; index < 100; index++) await control('POST /faults', { rule: 'latency 1ms 1' });
    expect((await control('POST /faults', { rule: 'latency 1ms' })).status).toBe(400);
  });
});
