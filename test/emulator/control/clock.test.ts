import { describe, expect, it } from 'vitest';
import { lab, NOON } from './lab.ts';

describe('the clock', () => {
  it('is shown with the next timer', async () => {
    const { call, control, queueWith } = lab();
    const QueueUrl = await queueWith('a');
    await call('sqs', 'ReceiveMessage', { QueueUrl, VisibilityTimeout: 30 });
    const { body } = await control('GET /clock');
    expect(body.clock).toMatchObject({
      now: '2026-01-01T12:00:00.000Z',
      now_ms: NOON,
      frozen: true,
      next: { at: '2026-01-01T12:00:30.000Z', in_ms: 30_000, service: 'sqs', kind: expect.any(String) },
    });
  });

  it('advances, and says what fired', async () => {
    const { call, control, queueWith } = lab();
    const QueueUrl = await queueWith('a');
    await call('sqs', 'ReceiveMessage', { QueueUrl, VisibilityTimeout: 30 });
    const { body } = await control('POST /clock/advance', { ms: 29_999 });
    expect(body).toMatchObject({ fired_count: 0, fired: [] });
    const next = await control('POST /clock/next');
    expect(next.body.clock.now).toBe('2026-01-01T12:00:30.000Z');
    expect(next.body.fired).toEqual([
      {
        at: '2026-01-01T12:00:30.000Z',
        at_ms: NOON + 30_000,
        service: 'sqs',
        kind: expect.any(String),
        what: expect.stringContaining('q'),
      },
    ]);
    expect((await call('sqs', 'ReceiveMessage', { QueueUrl })).Messages).toHaveLength(1);
  });

  it('takes a message to the dead-letter queue after three attempts of 30 s in no time', async () => {
    const { call, control } = lab();
    const { QueueUrl: dlq } = await call('sqs', 'CreateQueue', { QueueName: 'dlq' });
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dlq',
      maxReceiveCount: 3,
    });
    const { QueueUrl } = await call('sqs', 'CreateQueue', { QueueName: 'q', Attributes: { RedrivePolicy } });
    await call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'poison' });
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await call('sqs', 'ReceiveMessage', { QueueUrl })).Messages).toHaveLength(1);
      await control('POST /clock/advance', { ms: 30_000 });
    }
    expect((await call('sqs', 'ReceiveMessage', { QueueUrl })).Messages).toBeUndefined();
    expect((await call('sqs', 'ReceiveMessage', { QueueUrl: dlq })).Messages[0].Body).toBe('poison');
  });

  it('says so when there is nothing to wait for', async () => {
    const { control } = lab();
    const { body } = await control('POST /clock/next');
    expect(body).toMatchObject({ fired: [], clock: { now_ms: NOON, next: null } });
  });

  it('runs on and stops again', async () => {
    const { control, engine } = lab();
    await control('POST /clock/advance', { ms: 60_000 });
    expect((await control('POST /clock/resume')).body.clock).toMatchObject({ frozen: false, now_ms: NOON + 60_000 });
    expect((await control('POST /clock/freeze')).body.clock).toMatchObject({ frozen: true, now_ms: NOON + 60_000 });
    expect(engine.clock.frozen).toBe(true);
  });

  it.each([undefined, -1, '30s', Number.MAX_SAFE_INTEGER, null])('refuses to advance by %j', async (ms) => {
    const { control, engine } = lab();
    const { status, body } = await control('POST /clock/advance', { ms });
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect(engine.clock.now()).toBe(NOON);
  });
});

describe('control routes', () => {
  it.each<[string, unknown, number, string]>([
    ['GET /clock/advance', undefined, 405, 'method_not_allowed'],
    ['POST /clock/advance', '{', 400, 'invalid_request'],
    ['POST /clock/advance', '[]', 400, 'invalid_request'],
    ['GET /clock/elsewhere', undefined, 404, 'not_found'],
    ['GET /nothing', undefined, 404, 'not_found'],
    ['GET /sqs/queues/%zz/messages', undefined, 400, 'invalid_request'],
  ])('%s with %j', async (request, body, status, code) => {
    const { control } = lab();
    const answer = await control(request, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});
