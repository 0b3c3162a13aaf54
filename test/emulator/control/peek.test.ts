import { describe, expect, it } from 'vitest';
import { lab } from './lab.ts';

describe('peeking into a queue', () => {
  it('shows messages by state and changes nothing', async () => {
    const { call, control, queueWith } = lab();
    const QueueUrl = await queueWith('a', 'b');
    await call('sqs', 'SendMessage', {
      QueueUrl,
      MessageBody: 'c',
      DelaySeconds: 60,
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    });
    await call('sqs', 'ReceiveMessage', { QueueUrl });
    const peek = async (state: string) => (await control(`GET /sqs/queues/q/messages?state=${state}`)).body;
    for (const _time of [1, 2]) {
      expect(await peek('ready')).toMatchObject({
        queue: 'q',
        ready: 1,
        in_flight: 1,
        delayed: 1,
        messages: [{ body: 'b', receive_count: 0, visible_at: null }],
      });
      expect(await peek('in-flight')).toMatchObject({
        messages: [{ body: 'a', receive_count: 1, visible_at: '2026-01-01T12:00:30.000Z' }],
      });
      expect(await peek('delayed')).toMatchObject({
        messages: [
          {
            body: 'c',
            attributes: [{ name: 'kind', type: 'String', value: 'x' }],
            visible_at: '2026-01-01T12:01:00.000Z',
          },
        ],
      });
    }
    expect((await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })).Messages).toHaveLength(1);
  });

  it('is bounded by a limit', async () => {
    const { control, queueWith } = lab();
    await queueWith('a', 'b', 'c');
    expect((await control('GET /sqs/queues/q/messages?limit=2')).body.messages).toHaveLength(2);
  });

  it('tells large messages page by page, each message once', async () => {
    const { control, queueWith } = lab();
    const bodies = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(400 * 1024));
    await queueWith(...bodies);
    const pages: [string[], number | null][] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const { body } = await control(`GET /sqs/queues/q/messages?limit=100&offset=${offset}`);
      pages.push([body.messages.map((message: { body: string }) => message.body[0]), body.next_offset]);
      offset = body.next_offset;
    }
    expect(pages).toEqual([
      [['a', 'b'], 2],
      [['c', 'd'], 4],
      [['e'], null],
    ]);
    const { body } = await control('GET /sqs/queues/q/messages?limit=1&offset=3');
    expect([body.messages.length, body.next_offset]).toEqual([1, null]);
  });

  it('looks into other accounts and regions', async () => {
    const { control, engine, queueWith } = lab();
    await queueWith('a');
    await engine.call({
      account: '111111111111',
      region: 'eu-west-1',
      service: 'sqs',
      operation: 'CreateQueue',
      input: { QueueName: 'far' },
    });
    expect((await control('GET /sqs/queues')).body.queues).toMatchObject([
      { name: 'q', ready: 1, in_flight: 0, delayed: 0 },
    ]);
    const far = await control('GET /sqs/queues?account=111111111111&region=eu-west-1');
    expect(far.body.queues).toMatchObject([{ name: 'far', ready: 0, in_flight: 0, delayed: 0 }]);
  });

  it.each<[string, number]>([
    ['missing/messages', 404],
    ['__proto__/messages', 404],
    ['q/messages?state=lost', 400],
    ['q/messages?limit=0', 400],
    ['q/messages?limit=1e3', 400],
    ['q/messages?offset=-1', 400],
    ['q/messages?account=1', 400],
    ['q/messages?region=moon', 400],
  ])('refuses %s', async (path, status) => {
    const { control, queueWith } = lab();
    await queueWith('a');
    expect((await control(`GET /sqs/queues/${path}`)).status).toBe(status);
  });
});

describe('confirmations', () => {
  it('are the tokens that would be sent', async () => {
    const { call, control } = lab();
    const { TopicArn } = await call('sns', 'CreateTopic', { Name: 't' });
    await call('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'ada@example.com' });
    const { confirmations } = (await control('GET /sns/confirmations')).body;
    expect(confirmations).toEqual([
      { topic_arn: TopicArn, protocol: 'email', endpoint: 'ada@example.com', token: expect.any(String) },
    ]);
    await call('sns', 'ConfirmSubscription', { TopicArn, Token: confirmations[0].token });
    expect((await control('GET /sns/confirmations')).body.confirmations).toEqual([]);
  });
});
