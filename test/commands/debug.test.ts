import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConsumerEngine, engineForConsumers } from '../support/consumer.ts';
import { Session } from '../support/session.ts';

let session: Session;
let engine: ConsumerEngine;
let jobs: string;
let mails: string;
beforeEach(async () => {
  session = new Session();
  engine = await engineForConsumers();
  jobs = await engine.world('jobs');
  mails = (await engine.call('sqs', 'CreateQueue', { QueueName: 'mails' })).QueueUrl;
});
afterEach(async () => {
  await engine.close();
  await session.close();
});

const run = (line: string, options: Parameters<Session['run']>[1] = {}) =>
  session.run(line, { ...options, env: { AWS_ENDPOINT_URL: engine.endpoint, ...options.env } });
const send = (body: string) => engine.call('sqs', 'SendMessage', { QueueUrl: jobs, MessageBody: body });
const holds = async () =>
  (await run('queue list --json')).json().queues.filter(({ hold }: { hold: unknown }) => hold !== null).length;

/** Counts what is sold, and sends a mail. */
const sell = async ({ Body = '' }: { Body?: string | undefined }, { dynamodb, sqs }: Clients) => {
  await dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName: 'orders', Key: { id: { S: JSON.parse(Body).id } }, UpdateExpression: 'ADD sold :one' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  const QueueUrl = mails.replace(/^http:\/\/[^/]+/, engine.endpoint);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'sold' }));
};

/** Starts consumers once the queues are held: before, they would take what is sent. */
const onceHeld = (start: () => void) => {
  let started = false;
  return (text: string) => {
    if (started || !/Held:|"opened"/.test(text)) return;
    started = true;
    start();
  };
};
const shop = onceHeld.bind(undefined, () => engine.consume(jobs, 'shop', sell));

interface Clients {
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
}

const scrubbed = (text: string) =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/\b[0-9a-f]{8}\b/g, 'ID')
    .replace(/\d+(\.\d+)? (ms|s)\b/g, 'N ms')
    .replace(/2026-[0-9T:.-]+Z/g, 'TIME');

describe('debug at the keys', () => {
  it('stops at each message of whatever consumer runs, and ends the holds that it made', async () => {
    await send('{"id":"a"}');
    await send('{"id":"b"}');
    const { code, stdout, stderr } = await run('debug', { answers: ['h', 'd', 'l', 'l', 'q'], watch: shop() });
    expect(code).toBe(0);
    expect(scrubbed(stderr)).toMatchInlineSnapshot(`
      "h handle · l leave · d deliver twice · f fail at a call · e edit · r run to the end of this conversation · c continue to the next breakpoint · b breakpoint · q quit · ? help

      jobs has a message
        body           {"id":"a"}
        message        UUID
        consumers      none was seen yet: cliffracer exec -- COMMAND

      jobs has a message
        body           {"id":"b"}
        message        UUID
        consumers      shop (TIME)

      mails has a message
        body           sold
        message        UUID
        sent           TIME by shop, in delivery ID, attempt 1
        consumers      none was seen yet: cliffracer exec -- COMMAND

      mails has a message
        body           sold
        message        UUID
        sent           TIME by shop, in delivery ID, attempt 1
        consumers      none was seen yet: cliffracer exec -- COMMAND

      mails has a message
        body           sold
        message        UUID
        sent           TIME by shop, in delivery ID, attempt 2
        consumers      none was seen yet: cliffracer exec -- COMMAND
      "
    `);
    expect(scrubbed(stdout)).toMatchInlineSnapshot(`
      "Held: jobs, mails
        waiting: jobs 2
      jobs ID
        shop, attempt 1: acknowledged (3 calls, N ms)
          orders/a new: id "a", sold 1
          mails ID sent
        waiting: jobs 1 · mails 1
      First delivery
      jobs ID
        shop, attempt 1: acknowledged (3 calls, N ms)
          orders/b new: id "b", sold 1
          mails ID sent
      Delivered again
      jobs ID
        shop, attempt 2: acknowledged (3 calls, N ms)
          orders/b sold 1 -> 2
          mails ID sent
        waiting: mails 3
      - left UUID in mails
      - left UUID in mails

      3 deliveries in N ms: 3 acknowledged, 2 left
      Stopped as asked; what was not handled waits in its queue.
      No longer held: jobs, mails
      "
    `);
    expect(await holds()).toBe(0);
  });

  it('undo brings back the state, the message and what was left', async () => {
    await send('{"id":"a"}');
    const { stdout } = await run('debug jobs', { answers: ['h', 'u', 'f', '1', 'u', 'h', 'q'], watch: shop() });
    expect(stdout.match(/orders\/a new: id "a", sold 1/g)).toHaveLength(2);
    expect(stdout).toContain('Call 1, UpdateItem, failed as asked: AccessDenied');
    expect(stdout.match(/waits in jobs as before/g)).toHaveLength(2);
    expect((await run('snapshot list --json')).json().snapshots).toEqual([]);
  });

  it('the body is edited in the editor, and delivered so', async () => {
    await send('{"id":"a"}');
    const EDITOR = "sed -i.bak 's/a/edited/'";
    const PATH = process.env.PATH!;
    const options = { answers: ['e', 'h', 'q'], env: { EDITOR, PATH }, watch: shop() };
    const { stdout, stderr } = await run('debug jobs', options);
    expect(stderr).toContain('jobs has a message edited\n  body           {"id":"edited"}');
    expect(stdout).toContain('orders/edited new');
  });

  it('r follows what a message causes, c goes on to a breakpoint before or after a delivery', async () => {
    await send('{"id":"a"}');
    await send('{"id":"b"}');
    await send('{"id":"c"}');
    const watch = onceHeld(() => {
      engine.consume(jobs, 'shop', sell);
      engine.consume(mails, 'mailer', async () => {});
    });
    const answers = ['r', 'b', 'item = orders/b', 'c', 'q'];
    const { stdout } = await run('debug', { answers, watch });
    expect(stdout).toMatch(
      /shop, attempt 1[\s\S]*mailer, attempt 1[\s\S]*Nothing more of what belongs to [0-9a-f]{8} waits/,
    );
    expect(stdout).toMatch(/orders\/b new[\s\S]*breakpoint: item = orders\/b/);
    expect(stdout).not.toContain('orders/c');
  });
});

describe('debug for scripts', () => {
  it('--handle until nothing waits, one object a step', async () => {
    await send('{"id":"a"}');
    const outcome = await run('debug jobs --handle --json', { watch: shop() });
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(outcome.lines()).toMatchObject([
      { kind: 'opened', held: ['jobs'], queues: [{ queue: 'jobs', ready: 1 }] },
      {
        ...{ kind: 'step', queue: 'jobs', attempt: 1, twice: false, edited: false, undone: false, failed_call: null },
        before: { body: '{"id":"a"}', history: { deliveries: [] }, shop: null },
        deliveries: [{ caller: 'shop', outcome: 'acknowledged', sent: [{ queue: 'mails' }], handled: null }],
        queues: [{ queue: 'jobs', ready: 0 }],
      },
      { kind: 'summary', ended: 'empty', handled: 1, failed: 0, released: ['jobs'] },
    ]);
  });

  it('--until ends it, --break chooses the messages that the other flags are for', async () => {
    for (const id of ['a', 'b', 'c']) await send(JSON.stringify({ id }));
    // Held by somebody else, so that the consumer takes nothing between two sessions.
    await run('queue hold jobs');
    engine.consume(jobs, 'shop', sell);
    const until = (await run("debug jobs --handle --until 'id = b' --json")).lines();
    expect(until.map(({ kind }) => kind)).toEqual(['opened', 'step', 'summary']);
    expect(until.at(-1)).toMatchObject({ ended: 'until', handled: 1 });
    const file = join(session.home, 'body.json');
    writeFileSync(file, '{"id":"z"}');
    const failed = await run(`debug jobs --break 'id = b' --fail-call 1 --edit ${file} --max 1 --json`);
    expect(failed.code).toBe(1);
    expect(failed.lines()[1]).toMatchObject({ edited: true, failed_call: { number: 1, struck: true } });
    const twice = (await run("debug jobs --break 'id = c' --twice --json"))
      .lines()
      .filter(({ kind }) => kind === 'step');
    expect(twice.map(({ deliveries }) => deliveries.length)).toEqual([1, 2]);
  });

  it('a queue without a dead-letter queue says so; one with has the message moved', async () => {
    await send('{"id":"a"}');
    const refused = await run('debug jobs --dead-letter');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('jobs has no dead-letter queue')]);
    await engine.call('sqs', 'CreateQueue', { QueueName: 'dead' });
    await engine.call('sqs', 'SetQueueAttributes', {
      QueueUrl: jobs,
      Attributes: {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
          maxReceiveCount: 3,
        }),
      },
    });
    const moved = (await run('debug jobs --dead-letter --json')).lines();
    expect(moved[1]).toMatchObject({ kind: 'dead_lettered', queue: 'jobs', dead_letter_queue: 'dead' });
    expect((await run('queue peek dead --json')).json().messages).toMatchObject([{ body: '{"id":"a"}' }]);
    expect(await holds()).toBe(0);
  });

  it('6 when nobody takes it, 130 on Ctrl-C; holds that others made stay', async () => {
    await send('{"id":"a"}');
    await run('queue hold mails');
    const alone = await run('debug --handle --timeout 0.05');
    expect(alone.code).toBe(6);
    expect(alone.stdout).toContain('within 0.05 s (no consumer was seen); it is held again');
    const interrupt = new AbortController();
    const waiting = run('debug --handle --json', {
      signal: interrupt.signal,
      watch: (text) => text.includes('"opened"') && interrupt.abort(),
    });
    expect((await waiting).code).toBe(130);
    expect((await waiting).lines().at(-1)).toMatchObject({ ended: 'interrupted', released: ['jobs'] });
    expect(await holds()).toBe(1);
  });

  it.each([
    ['debug', 2, '--handle'],
    ['debug nothing --handle', 1, 'there is no queue "nothing"'],
    ["debug --break 'total >' --handle", 2, 'It is no expression: character 8'],
    ['debug --run --undo', 2, '--run and --undo do not go together'],
    ['debug --handle --target aws', 1, 'the target is AWS'],
  ])('%s is refused', async (line, code, message) => {
    const outcome = await run(line);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});
