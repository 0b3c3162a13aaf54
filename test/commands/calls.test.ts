import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobsAndOrders, type Program, programsOf } from '../support/programs.ts';
import { Session, START } from '../support/session.ts';

interface World {
  session: Session;
  url: string;
  message: string;
  program(name: string): Program;
}

/** What two programs did to a queue and a table. */
async function fresh(): Promise<World> {
  const session = await new Session().engine();
  session.emulator!.engine.clock.freeze(START);
  const { program } = programsOf(session.emulator!);
  const url = await jobsAndOrders({ program });
  const shop = program('shop');
  const put = (state: string) =>
    shop.dynamodb('PutItem', {
      TableName: 'orders',
      Item: { id: { S: 'o-1' }, state: { S: state }, pieces: { N: '2' } },
    });
  await put('new');
  await put('paid');
  const { MessageId } = await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: '{"order":"o-00001"}' });
  const worker = program('worker-with-a-long-name');
  const { Messages } = await worker.sqs('ReceiveMessage', { QueueUrl: url });
  await worker.dynamodb('UpdateItem', {
    TableName: 'orders',
    Key: { id: { S: 'o-1' } },
    UpdateExpression: 'SET #s = :s REMOVE pieces',
    ExpressionAttributeNames: { '#s': 'state' },
    ExpressionAttributeValues: { ':s': { S: 'shipped' } },
  });
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[0].ReceiptHandle });
  await shop.sqs('SendMessage', { QueueUrl: `${url}-none`, MessageBody: "it's \u001b[31mred\n$(id)" });
  return { session, url, message: MessageId, program };
}

let session: Session;
let url: string;
let message: string;
beforeAll(async () => {
  ({ session, url, message } = await fresh());
});
afterAll(() => session.close());

/** Durations are real time. */
const scrub = (text: string) => text.replace(/ *\b[\d.]+ ms\b/g, '   N ms').replace(/\b[0-9a-f]{8}\b/g, 'MESSAGE8');

describe('calls', () => {
  test.each([80, 60])('a line a call with its effects, in %i columns', async (terminal) => {
    const { code, stdout, stderr } = await session.run('calls', { terminal, env: { NO_COLOR: '1' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(terminal);
    expect(scrub(stdout)).toMatchSnapshot();
  });

  test.each([
    ['--as shop', ['PutItem', 'PutItem', 'SendMessage', 'SendMessage']],
    ['--as worker --writes', ['ReceiveMessage', 'UpdateItem', 'DeleteMessage']],
    ['--failed', ['SendMessage']],
    ['--resource orders --limit 1', ['UpdateItem']],
    ['--resource table/orders/o-1 --operation putitem', ['PutItem', 'PutItem']],
    ['--order o-00001', ['SendMessage', 'ReceiveMessage']],
    ['--service dynamodb --since 1h', ['CreateTable', 'PutItem', 'PutItem', 'UpdateItem']],
    ['--message MESSAGE', ['SendMessage', 'ReceiveMessage', 'UpdateItem', 'DeleteMessage']],
    ['--as nobody', []],
  ])('%s', async (flags, operations) => {
    const { calls } = (await session.run(`calls ${flags.replace('MESSAGE', message)} --json`)).json();
    expect(calls.map(({ operation }: { operation: string }) => operation)).toEqual(operations);
  });
});

test('names of attributes stay as the program has them', async () => {
  const world = await fresh();
  const Item = { id: { S: 'o-2' }, orderState: { S: 'new' } };
  await world.program('camel').dynamodb('PutItem', { TableName: 'orders', Item });
  const { calls } = (await world.session.run('calls --as camel --json')).json();
  expect(calls[0].effects[0].after).toEqual(Item);
  await world.session.close();
});

test('calls -f tells calls as they come, until Ctrl-C', async () => {
  const world = await fresh();
  const late = world.program('late');
  const send = () => late.sqs('SendMessage', { QueueUrl: world.url, MessageBody: 'late' });
  await send();
  const end = new AbortController();
  const { code, lines } = await world.session.run('calls -f --as late --json --limit 1', {
    signal: end.signal,
    watch: (text) => void (text.split('\n').length > 3 ? end.abort() : send()),
  });
  expect(code).toBe(0);
  expect(lines().map(({ operation }) => operation)).toEqual(['SendMessage', 'SendMessage', 'SendMessage']);
  await world.session.close();
});

test('a service that there is not is refused', async () => {
  const { code, stderr } = await session.run('calls --service dynamo');
  expect([code, stderr]).toEqual([2, expect.stringContaining('sns, sqs, dynamodb, s3, cloudwatch, logs, sts, engine')]);
});

describe('calls show', () => {
  const failed = async () => (await session.run('calls --failed --json')).json().calls[0].seq as number;

  test('a call in full, whatever is in it', async () => {
    const { stdout } = await session.run(`calls show ${await failed()}`, { terminal: 80, env: { NO_COLOR: '1' } });
    expect(stdout).not.toContain('\u001b');
    expect(scrub(stdout).replaceAll(session.endpoint, 'ENDPOINT')).toMatchSnapshot();
  });

  test('repeated by the AWS CLI and by curl, quoted for the shell', async () => {
    const seq = await failed();
    const shown = async (flag: string) =>
      (await session.run(`calls show ${seq} ${flag}`)).stdout
        .replaceAll(session.endpoint, 'ENDPOINT')
        .replaceAll(url, 'URL');
    expect(await shown('--as-cli')).toMatchSnapshot();
    expect(await shown('--as-curl')).toMatchSnapshot();
  });

  test('a number that is no call', async () => {
    const { code, stderr } = await session.run('calls show 999999');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: no such call: 999999\ntry: cliffracer calls\n' });
  });
});

test('an engine without a log, or another one, says what works instead', async () => {
  const other = await new Session().engine();
  other.emulator!.engine.calls = undefined;
  const { code, stderr } = await other.run('calls');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'error: this engine keeps no log of calls\ntry: the log lines of the shop: cliffracer inspect logs\n',
  });
  await other.close();
});
