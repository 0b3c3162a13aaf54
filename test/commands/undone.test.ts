import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { jobsAndOrders, programsOf } from '../support/programs.ts';
import { Session, START } from '../support/session.ts';

let session: Session;
let kept: string;
let lost: string;

/** A message and an item, a snapshot, and then what its load undoes: the message is handled, and another one sent. */
beforeAll(async () => {
  session = await new Session().engine();
  session.emulator!.engine.clock.freeze(START);
  const { program } = programsOf(session.emulator!);
  const url = await jobsAndOrders({ program });
  const [shop, worker] = [program('shop'), program('worker')];
  const put = (by: typeof shop, state: string) =>
    by.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-1' }, state: { S: state } } });
  await put(shop, 'new');
  kept = (await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: 'o-1' })).MessageId;
  await session.run('snapshot save before');
  const { Messages } = await worker.sqs('ReceiveMessage', { QueueUrl: url });
  await put(worker, 'paid');
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[0].ReceiptHandle });
  lost = (await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: 'o-2' })).MessageId;
  await worker.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-2' } } });
  await session.run('snapshot load before');
});
afterAll(() => session.close());

const out = async (command: string) => (await session.run(command)).stdout;

test('why, trace and blame tell what is true now, and in one line what was undone', async () => {
  const why = await out(`why ${kept}`);
  expect(why).toContain('It is ready, the next one, never received');
  expect(why).not.toContain('attempt 1');
  expect(why).toContain('undone      4 calls were undone by loading the snapshot before\n');
  const trace = await out(`trace ${kept}`);
  expect(trace).not.toContain('worker');
  expect(trace).toContain('1 call, 1 message, 0 deliveries in 0 ms\n');
  expect(trace).toContain('2 calls were undone by loading the snapshot before.\n');
  const blame = await out('blame orders o-1');
  expect(blame).not.toContain('paid');
  expect(blame).toContain('1 call was undone by loading the snapshot before.\n');
  expect(await out('why jobs')).not.toContain('worker');
});

test('@last is the newest message that is there', async () => {
  expect((await session.run('why @last --json')).json()).toMatchObject({ message_id: kept });
  expect((await session.run('trace @last --json')).json()).toMatchObject({ of: kept });
});

test('of what was undone as a whole, that is said', async () => {
  expect((await session.run(`why ${lost} --json`)).json().fate).toMatchObject({ state: 'replaced', name: 'before' });
  const undone = '1 call was undone by loading the snapshot before';
  expect((await session.run(`trace ${lost}`)).stderr).toBe(
    `error: nothing of "${lost}" has a place in the present state: ${undone}\ntry: cliffracer calls --undone\n`,
  );
  expect((await session.run('blame orders o-2')).stderr).toBe(
    `error: no change of "o-2" in the table orders is in the call log: ${undone}\ntry: cliffracer calls --resource table/orders --writes --undone\n`,
  );
});

test('calls leaves out what was undone, and shows it when asked', async () => {
  const calls = await out('calls --as worker');
  expect(calls).toBe(
    'No call is kept that is asked for.\n4 calls were undone by loading the snapshot before: --undone shows them too.\n',
  );
  const all = await out('calls --as worker --undone');
  expect(all.match(/undone by loading the snapshot before/g)).toHaveLength(4);
  const { undone_by: by, seq } = (await session.run('calls --as worker --undone --json')).json().calls[0];
  expect(by).toMatchObject({ change: 'snapshot_loaded', name: 'before' });
  expect(await out(`calls show ${seq}`)).toContain('since     undone by loading the snapshot before');
});

test('after a reset nothing of before is told, though ids come again', async () => {
  const other = await new Session().engine();
  onTestFinished(() => other.close());
  const { program } = programsOf(other.emulator!);
  const send = async () => {
    const url = await jobsAndOrders({ program });
    return (await program('shop').sqs('SendMessage', { QueueUrl: url, MessageBody: 'o-1' })).MessageId;
  };
  const first = await send();
  await other.emulator!.handle({
    ...{ method: 'POST', url: '/_cliffracer/reset', body: Buffer.alloc(0) },
    headers: { host: '127.0.0.1:4566' },
  });
  expect((await other.run(`trace ${first}`)).stderr).toContain('1 call was undone by a reset');
  expect((await other.run('why @last')).stderr).toContain('there are no messages');
  expect(await send()).toBe(first);
  expect((await other.run(`trace ${first} --json`)).json()).toMatchObject({
    counts: { calls: 1 },
    undone: { calls: 1, by: { change: 'reset' } },
  });
});
