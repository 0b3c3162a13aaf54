import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsAndOrders, type Program, programsOf } from '../support/programs.ts';
import { Session, START } from '../support/session.ts';

let session: Session;
let url: string;
let program: (name: string) => Program;
const advance = (ms: number) => session.emulator!.engine.advanceTo(session.emulator!.engine.clock.now() + ms);

/** A producer, a worker that fails once and then sends on and writes an item, and a mailer that has not come yet. */
beforeAll(async () => {
  session = await new Session().engine();
  session.emulator!.engine.clock.freeze(START);
  ({ program } = programsOf(session.emulator!));
  url = await jobsAndOrders({ program });
  const { QueueUrl: mails } = await program('setup').sqs('CreateQueue', { QueueName: 'mails' });
  await program('producer').sqs('SendMessage', { QueueUrl: url, MessageBody: '{"order":"o-00001"}' });
  const worker = program('worker');
  advance(200);
  await worker.sqs('ReceiveMessage', { QueueUrl: url });
  await worker.dynamodb('PutItem', { TableName: 'nowhere', Item: { id: { S: 'o-00001' } } });
  advance(40_000);
  const { Messages } = await worker.sqs('ReceiveMessage', { QueueUrl: url });
  await worker.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-00001' }, state: { S: 'paid' } } });
  await worker.sqs('SendMessage', { QueueUrl: mails, MessageBody: 'paid: o-00001' });
  advance(500);
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[0].ReceiptHandle });
});
afterAll(() => session.close());

/** Durations of calls are real time, and what is cut depends on how wide they are. */
const scrub = (text: string) =>
  text
    .replace(/\b[0-9a-f]{8}\b/g, 'MESSAGE8')
    .replace(/(\S*…)? {2}[\d.]+ ms$/gm, '  N ms')
    .replace(/ +0 ms$/gm, '  0 ms');

async function trace(flags: string, terminal?: number): Promise<string> {
  const { code, stdout, stderr } = await session.run(`trace ${flags}`, {
    ...(terminal !== undefined && { terminal }),
    env: { NO_COLOR: '1' },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(terminal ?? 200);
  return scrub(stdout);
}

describe('trace by the call log', () => {
  test.each([80, 60])('a tree of causes, in %i columns', async (terminal) => {
    expect(await trace('orders/o-00001', terminal)).toMatchSnapshot();
  });

  test.each([80, 60])('a waterfall of bars, in %i columns', async (terminal) => {
    expect(await trace('orders/o-00001 --format timeline', terminal)).toMatchSnapshot();
  });

  test('a diagram for Mermaid', async () => {
    expect(await trace('orders/o-00001 --format mermaid')).toMatchSnapshot();
  });

  test('of a message, by the beginning of its id; of a text; with --calls of anything', async () => {
    const { calls } = (await session.run('calls --operation SendMessage --json')).json();
    const id = calls[0].effects[0].message_id as string;
    const of = async (line: string) => (await session.run(`trace ${line} --json`)).json();
    expect(await of(id.slice(0, 8))).toMatchObject({
      of: id,
      named: 'message',
      counts: { messages: 2, deliveries: 2 },
    });
    expect(await of('o-00001')).toMatchObject({ named: 'text', missing: [{ to: 'mails', state: 'waiting' }] });
    expect(await of('ord_none --calls').catch((error) => error)).toMatchObject({ error: { code: 'not_found' } });
  });

  test('time in the queue stands apart from time in the consumer', async () => {
    const { calls } = (await session.run('trace orders/o-00001 --json')).json();
    expect(calls[0].sends[0].deliveries).toMatchObject([
      {
        attempt: 1,
        waited_ms: 200,
        worked_ms: 30_000,
        end: 'timed_out',
        calls: [{ outcome: 'ResourceNotFoundException' }],
      },
      { attempt: 2, waited_ms: 10_000, worked_ms: 500, end: 'deleted', calls: [{ operation: 'PutItem' }, {}] },
    ]);
  });

  test('@last without an order of the shop is the newest message', async () => {
    const own = await new Session().engine();
    const { program: named } = programsOf(own.emulator!);
    const QueueUrl = await jobsAndOrders({ program: named });
    for (const name of ['first', 'second']) await named(name).sqs('SendMessage', { QueueUrl, MessageBody: name });
    const last = (await own.run('trace @last --json')).json();
    expect(last).toMatchObject({ named: 'message', messages: [], calls: [{ caller: 'second' }] });
    // An id that the shop's might be is another program's, where there is no shop.
    await named('third').sqs('SendMessage', { QueueUrl, MessageBody: '{"id":"ord_1"}' });
    const ofOwn = (await own.run('trace ord_1 --json')).json();
    expect(ofOwn).toMatchObject({ named: 'text', calls: [{ caller: 'third' }] });
    await own.close();
  });

  test('nothing that the log knows', async () => {
    const { code, stderr } = await session.run('trace orders/none');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'error: no order "orders/none", and nothing in the call log has to do with it\ntry: cliffracer calls\n',
    });
  });
});

test('--follow tells each delivery as it ends, until nothing is missing', async () => {
  const shop = program('shop');
  const { MessageId } = await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: 'followed' });
  const { Messages } = await program('late').sqs('ReceiveMessage', { QueueUrl: url });
  const following = session.run(`trace ${MessageId} --follow --json`);
  await program('late').sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[0].ReceiptHandle });
  const facts = (await following).lines();
  expect(facts).toMatchObject([
    { kind: 'step', attempt: 1, caller: 'late', end: 'deleted' },
    { kind: 'trace', of: MessageId, missing: [] },
  ]);
});
