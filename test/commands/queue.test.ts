import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().engine();
});
afterEach(() => session.close());

const SCOPE = { account: '000000000000', region: 'us-east-1' } as const;
const call = (operation: string, input: object) =>
  session.emulator!.engine.call({ ...SCOPE, service: 'sqs', operation, input });

async function makeQueue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  return (await call('CreateQueue', { QueueName, Attributes })).QueueUrl;
}

const receive = async (QueueUrl: string) =>
  ((await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] })).Messages ??
    []) as { MessageId: string; Body: string; ReceiptHandle: string; MessageAttributes?: object }[];

describe('queue list', () => {
  it('tells of every queue, whoever it belongs to', async () => {
    const dead = await makeQueue('jobs-dead');
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:jobs-dead`;
    await makeQueue('jobs', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }) });
    await makeQueue('b.fifo', { FifoQueue: 'true' });
    await session.run('queue send jobs --body hello');
    await call('SendMessage', { QueueUrl: dead, MessageBody: 'failed' });
    await session.run('queue hold jobs');
    const { queues } = (await session.run('queue list --json')).json();
    expect(queues).toMatchObject([
      { queue: 'b.fifo', fifo: true, ready: 0, hold: null, dead_letters: null, oldest_at: null },
      {
        ...{ queue: 'jobs', ready: 1, held: 1, dead_letters: 1, dead_letter_queue: 'jobs-dead' },
        hold: { where: null, released: 0 },
        oldest_at: '2026-01-01T12:00:00.000Z',
      },
      { queue: 'jobs-dead', ready: 1, dead_letters_of: ['jobs'], consumers: [] },
    ]);
    const { stdout } = await session.run('queue list');
    expect(stdout).toMatch(/QUEUE +READY +HELD +IN FLIGHT +DELAYED +DEAD +OLDEST +CONSUMERS/);
    expect(stdout).toMatch(/jobs +1 +1 +0 +0 +1 +2026-01-01T12:00:00/);
  });

  it('says so when there are none', async () => {
    expect((await session.run('queue list')).stdout).toBe('There are no queues.\n');
  });
});

describe('queue send', () => {
  it('sends body, attributes and values set in it', async () => {
    const jobs = await makeQueue('jobs');
    writeFileSync(join(session.home, 'event.json'), '{"total": 5, "items": [{"sku": "mug"}]}');
    const line = `queue send jobs --file ${join(session.home, 'event.json')} --set items.0.sku=cup --set items.1.sku=pot --set total=7 --attribute kind=test --attribute count:Number=3 --json`;
    const sent = await session.run(line);
    const [message] = await receive(jobs);
    expect(sent.json()).toEqual({ queue: 'jobs', message_id: message!.MessageId });
    expect(JSON.parse(message!.Body)).toEqual({ total: 7, items: [{ sku: 'cup' }, { sku: 'pot' }] });
    expect(message!.MessageAttributes).toMatchObject({
      kind: { DataType: 'String', StringValue: 'test' },
      count: { DataType: 'Number', StringValue: '3' },
    });
  });

  it('delays, and takes a group to a FIFO queue', async () => {
    await makeQueue('jobs');
    await makeQueue('b.fifo', { FifoQueue: 'true' });
    await session.run('queue send jobs --body a --delay 30');
    await session.run('queue send b --body a --group x --deduplication-id 1');
    await session.run('queue send b --body a --group x --deduplication-id 1');
    const { queues } = (await session.run('queue list --json')).json();
    expect(queues).toMatchObject([
      { queue: 'b.fifo', ready: 1 },
      { queue: 'jobs', delayed: 1 },
    ]);
  });

  it.each([
    ['queue send jobs', 'the body is missing'],
    ['queue send jobs --body a --file b', 'give one of --body, --file and -'],
    ['queue send jobs --file /nowhere', '"/nowhere" cannot be read: ENOENT'],
    ['queue send jobs --body a --set x=1', '--set needs a body that is a JSON object'],
    ['queue send jobs --set x', '--set "x" is not path=value'],
    ['queue send jobs --set __proto__.x=1', 'names what is no member'],
    ['queue send jobs --body "[1]" --set 5=1', 'goes to 5 of a list of 1'],
    ['queue send jobs --body a --attribute x', 'It must be name=value'],
    ['queue send b.fifo --body a', 'is a FIFO queue, and its messages need a group'],
  ])('%s is a usage error', async (line, message) => {
    await makeQueue('jobs');
    await makeQueue('b.fifo', { FifoQueue: 'true' });
    const { code, stderr } = await session.run(line);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect((await session.run('queue list --json')).json().queues).toMatchObject([{ ready: 0 }, { ready: 0 }]);
  });

  it('names a queue that is not there, and several that begin so', async () => {
    for (const name of ['jobs-a', 'jobs-b']) await makeQueue(name);
    await makeQueue('mails');
    expect((await session.run('queue send jobs-c --body a')).stderr).toContain(
      'there is no queue "jobs-c"; there are jobs-a, jobs-b, mails\n',
    );
    expect((await session.run('queue send jobs --body a')).stderr).toContain(
      '"jobs" is the beginning of several queues: jobs-a, jobs-b',
    );
  });
});

test('queue peek finds a queue as the other commands do', async () => {
  await makeQueue('jobs');
  await session.run('queue send jobs --body hello');
  expect((await session.run('queue peek jo --json')).json()).toMatchObject({
    queue: 'jobs',
    messages: [{ body: 'hello' }],
  });
  const { code, stderr } = await session.run('queue peek nope');
  expect([code, stderr]).toEqual([1, 'error: there is no queue "nope"; there are jobs\ntry: cliffracer queue list\n']);
});

describe('queue purge', () => {
  it('makes no consumer of the program that receives in order to delete', async () => {
    await makeQueue('jobs');
    // The second one within a minute receives and deletes.
    for (const body of ['first', 'second']) {
      await session.run(`queue send jobs --body ${body}`);
      await session.run('queue purge jobs --yes');
    }
    expect((await session.run('calls --operation ReceiveMessage --json')).json().calls).not.toEqual([]);
    expect((await session.run('queue list --json')).json().queues).toMatchObject([{ ready: 0, consumers: [] }]);
  });

  it('twice within a minute of a held queue says that the hold is in the way', async () => {
    await makeQueue('jobs');
    await session.run('queue purge jobs --yes');
    await session.run('queue hold jobs');
    await session.run('queue send jobs --body a');
    const { code, stderr } = await session.run('queue purge jobs --yes');
    expect([code, stderr]).toEqual([1, expect.stringContaining('as the queue is held and was purged within a minute')]);
    expect(stderr).toContain('or now after cliffracer queue release jobs --all');
  });

  it('asks, and deletes what is there', async () => {
    await makeQueue('jobs');
    await session.run('queue send jobs --body a');
    const refused = await session.run('queue purge jobs', { answers: [false] });
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('nothing was changed')]);
    expect((await session.run('queue purge jobs --yes --json')).json()).toEqual({ queue: 'jobs', purged: 1 });
    expect((await session.run('queue list --json')).json().queues).toMatchObject([{ ready: 0 }]);
  });
});

describe('queue hold and queue release', () => {
  it('holds queues, releases one by one, and ends', async () => {
    const jobs = await makeQueue('jobs');
    await makeQueue('other');
    for (const body of ['a', 'b', 'c']) await session.run(`queue send jobs --body ${body}`);
    const held = await session.run('queue hold jobs other');
    expect(held.stdout).toBe('jobs is held: 3 messages wait.\nother is held: 0 messages wait.\n');
    expect(await receive(jobs)).toEqual([]);
    const { queues } = (await session.run('queue release jobs --json')).json();
    expect(queues).toEqual([
      { queue: 'jobs', released: 1, messages: [expect.any(String)], held: 2, hold_ended: false },
    ]);
    expect((await receive(jobs)).map(({ Body }) => Body)).toEqual(['a']);
    const all = await session.run('queue release --all');
    expect(all.stdout).toBe(
      'jobs is no longer held: 2 messages released.\nother is no longer held: 0 messages released.\n',
    );
    expect((await receive(jobs)).map(({ Body }) => Body)).toEqual(['b', 'c']);
  });

  it('holds only what fulfils an expression', async () => {
    const jobs = await makeQueue('jobs');
    for (const total of [5, 500]) await session.run(`queue send jobs --set total=${total}`);
    const held = await session.run('queue hold jobs --where "total > 100" --json');
    expect(held.json()).toEqual({ queues: [{ queue: 'jobs', held: 1, where: 'total > 100' }] });
    expect((await receive(jobs)).map(({ Body }) => Body)).toEqual(['{"total":5}']);
  });

  it.each([
    ['queue hold nothing', 1, 'there is no queue "nothing"'],
    ['queue hold jobs nothing', 1, 'there is no queue "nothing"'],
    ['queue hold jobs --where "a ="', 2, 'where, character 4: expected a value'],
    ['queue release', 1, 'no queue is held'],
    ['queue release jobs', 1, 'jobs is not held'],
    ['queue release jobs --max 2 --all', 2, '--all and --max do not go together'],
  ])('%s is refused, and holds nothing', async (line, code, message) => {
    await makeQueue('jobs');
    const outcome = await session.run(line);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect((await session.run('queue list --json')).json().queues).toMatchObject([{ hold: null }]);
  });

  it('a message that is not there is not found', async () => {
    await makeQueue('jobs');
    await session.run('queue hold jobs');
    const { code, stderr } = await session.run('queue release jobs --message none');
    expect([code, stderr]).toEqual([1, expect.stringContaining('no message none in jobs')]);
  });

  it('on AWS it is unsupported', async () => {
    const { code, stdout } = await session.run('queue hold jobs --target aws --stack default --json', {
      aws: true,
      env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' },
    });
    expect([code, JSON.parse(stdout).error.code]).toEqual([1, 'unsupported']);
  });
});

describe('topics', () => {
  it('are listed and published on', async () => {
    const jobs = await makeQueue('jobs');
    const sns = (operation: string, input: object) =>
      session.emulator!.engine.call({ ...SCOPE, service: 'sns', operation, input });
    const { TopicArn } = await sns('CreateTopic', { Name: 'events' });
    await call('SetQueueAttributes', {
      QueueUrl: jobs,
      Attributes: {
        Policy: JSON.stringify({
          Statement: [
            {
              ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
              Resource: 'arn:aws:sqs:us-east-1:000000000000:jobs',
            },
          ],
        }),
      },
    });
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:jobs';
    await sns('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } });
    expect((await session.run('topic list --json')).json().topics).toMatchObject([
      { topic: 'events', arn: TopicArn, fifo: false, subscriptions: [{ protocol: 'sqs', endpoint: 'jobs' }] },
    ]);
    expect((await session.run('topic list')).stdout).toMatch(/events +jobs/);
    const published = await session.run(`topic publish ev --body hello --attribute kind=test --subject hi`);
    expect(published.stdout).toMatch(/^Published [0-9a-f-]+ on events\.\n$/);
    expect(await receive(jobs)).toMatchObject([
      { Body: 'hello', MessageAttributes: { kind: { StringValue: 'test' } } },
    ]);
    expect((await session.run('topic publish nothing --body a')).stderr).toContain('there is no topic "nothing"');
  });
});

test('dlq list tells of every dead-letter queue, also without the stack', async () => {
  const dead = await makeQueue('jobs-dead');
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:jobs-dead';
  await makeQueue('jobs', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }) });
  await call('SendMessage', { QueueUrl: dead, MessageBody: 'failed' });
  const others = [{ queue: 'jobs-dead', messages: 1, in_flight: 0, dead_letters_of: ['jobs'] }];
  expect((await session.run('dlq list --json')).json()).toMatchObject({ queues: [], others });
  expect((await session.run('dlq list')).stdout).toMatch(
    /^QUEUE +MESSAGES +OLDEST +FROM +TOP REASON\njobs-dead +1 +\S+ +jobs +unknown\n$/,
  );
  await session.run('provision');
  expect((await session.run('dlq list --json')).json()).toMatchObject({ queues: { length: 5 }, others });
});
