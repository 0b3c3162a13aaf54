import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reservePort } from '../../scripts/ports.mjs';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().provisioned();
});
afterEach(() => session.close());

const json = async (line: string) => (await session.run(`${line} --json`)).json();
const order = () => session.run('order create --customer ada --item keyboard:1');

describe('clock', () => {
  test('shows the time and what is due next', async () => {
    await session.run('clock freeze');
    const { clock } = await json('clock');
    expect(clock).toMatchObject({ frozen: true, pending_timers: expect.any(Number) });
    expect((await session.run('clock')).stdout).toMatch(/^time +2026-01-01T12:.*frozen/);
  });

  test('three receives and three visibility timeouts lead to the dead-letter queue, without any waiting', async () => {
    await session.run('clock freeze');
    await order();
    const receive = () =>
      session.emulator!.engine.call({
        ...{ service: 'sqs', operation: 'ReceiveMessage', account: '000000000000', region: 'us-east-1' },
        input: { QueueUrl: `${session.endpoint}/000000000000/inventory-queue`, MaxNumberOfMessages: 1 },
      });
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect((await receive()).Messages).toHaveLength(1);
      expect((await receive()).Messages ?? []).toHaveLength(0);
      const { fired } = await json('clock advance 30s');
      expect(fired).toHaveLength(1);
      expect(fired[0]).toMatchObject({ service: 'sqs', kind: 'visibility' });
    }
    expect((await receive()).Messages ?? []).toHaveLength(0);
    const { queues } = await json('inspect queues');
    expect(queues.find(({ queue }: any) => queue === 'inventory-queue')).toMatchObject({ ready: 0, dead_lettered: 1 });
  });

  test('next goes to the next timer that does something, and says what', async () => {
    await session.run('clock freeze');
    await order();
    const { fired, clock } = await json('clock next');
    expect(fired[0]).toMatchObject({ service: 'sqs', kind: 'retention' });
    expect(Date.parse(clock.now) - Date.UTC(2026, 0, 1, 12)).toBeGreaterThan(4 * 86_400_000 - 60_000);
  });

  test('resume lets it run on', async () => {
    await session.run('clock freeze');
    expect((await json('clock resume')).clock.frozen).toBe(false);
  });

  test.each(['freeze', 'resume'])("after %s and three weeks the shop works on, by the engine's time", async (turn) => {
    await session.run(`clock ${turn}`);
    await session.run('clock advance 21d');
    await order();
    expect((await session.run('drain')).code).toBe(0);
    const day = '2026-01-22';
    expect((await json('order list')).orders[0].created_at).toContain(day);
    expect((await json('inspect receipts')).receipts[0].fulfilled_at).toContain(day);
    const lines = (await session.run('inspect logs --since 1h --json')).lines();
    expect(lines).toHaveLength(12);
    for (const line of lines) expect(line.timestamp).toContain(day);
    const { series } = await json('inspect metrics --since 1h');
    expect(series.find(({ metric }: any) => metric === 'orders created').value).toBe(1);
    expect(await json('audit --since 1h')).toMatchObject({ verdict: 'holds', orders: 1 });
    const health = await json('health --deep');
    expect(health).toMatchObject({
      healthy: true,
      clock: { frozen: turn === 'freeze', at: expect.stringContaining(day) },
    });
  });

  test('inspect metrics --queues plots what SQS measures of the queues, once the minute has ended', async () => {
    await session.run('clock freeze');
    await order();
    expect((await json('inspect metrics --queues')).series).toEqual([]);
    await session.run('clock advance 3m');
    await session.run('drain');
    await session.run('clock advance 1m');
    const { series } = await json('inspect metrics --queues --since 10m');
    const of = (metric: string) => series.find((each: any) => each.metric === metric);
    expect(of('sent inventory')).toMatchObject({ statistic: 'sum', unit: 'Count', value: 2 });
    expect(of('waiting inventory')).toMatchObject({ statistic: 'maximum', value: 1, latest: 0 });
    expect(of('oldest inventory')).toMatchObject({ unit: 'Seconds', value: 180, latest: 0 });
    expect(of('dead letters inventory')).toBeUndefined();
    const { stdout } = await session.run('inspect metrics --queues --since 10m');
    expect(stdout).toMatch(/oldest inventory +maximum +180 s +0 s +[·▁█▃▄▅▆▇▂]+/);
  });

  test('a comparison with AWS is refused while time stands still', async () => {
    await session.run('clock freeze');
    const { code, json: document } = await session.run('conformance --json');
    expect(code).toBe(1);
    expect(document().error).toMatchObject({ code: 'conflict', hint: 'cliffracer clock resume' });
  });

  test.each(['soon', '-5s', '10', ''])('refuses to advance by "%s"', async (time) => {
    expect((await session.run(`clock advance ${time}`)).code).toBe(2);
  });
});

describe('queue peek', () => {
  test('shows messages and leaves them as they are', async () => {
    await order();
    for (let look = 0; look < 3; look++) {
      const { messages, ready } = await json('queue peek inventory-queue');
      expect(ready).toBe(1);
      expect(messages[0]).toMatchObject({ receive_count: 0, state: 'ready' });
      expect(JSON.parse(messages[0].body)).toMatchObject({ event_type: 'order_created' });
    }
    expect((await json('queue peek inventory-queue --state in-flight')).messages).toEqual([]);
  });

  test('messages that are too large for one answer are shown, the newest included', async () => {
    const QueueUrl = `${session.endpoint}/000000000000/order-queue`;
    for (const letter of 'abcdefgh') {
      await session.emulator!.engine.call({
        ...{ service: 'sqs', operation: 'SendMessage', account: '000000000000', region: 'us-east-1' },
        input: { QueueUrl, MessageBody: letter.repeat(900_000) },
      });
    }
    const { messages } = await json('queue peek order-queue');
    expect(messages.map(({ body }: { body: string }) => body[0]).join('')).toBe('abcdefgh');
    expect((await json('queue peek order-queue --limit 3')).messages).toHaveLength(3);
  });

  test('more than one answer holds are shown, and what is left out is counted', async () => {
    const QueueUrl = `${session.endpoint}/000000000000/order-queue`;
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: 'job' }));
    for (let batch = 0; batch < 101; batch++) {
      await session.emulator!.engine.call({
        ...{ service: 'sqs', operation: 'SendMessageBatch', account: '000000000000', region: 'us-east-1' },
        input: { QueueUrl, Entries },
      });
    }
    expect((await json('queue peek order-queue --limit 1005')).messages).toHaveLength(1005);
    expect((await json('queue peek order-queue --limit 2000')).messages).toHaveLength(1010);
    const { stdout } = await session.run('queue peek order-queue', { terminal: 80, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(/\nand 1000 more: --limit 1010\n$/);
  });

  test('an unknown queue is named', async () => {
    const outcome = await session.run('queue peek shipping-queue');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('shipping-queue');
  });

  test('a message full of escapes is shown harmlessly', async () => {
    await session.emulator!.engine.call({
      ...{ service: 'sqs', operation: 'SendMessage', account: '000000000000', region: 'us-east-1' },
      input: { QueueUrl: `${session.endpoint}/000000000000/order-queue`, MessageBody: 'red\u009b31m \u202e' },
    });
    const { stdout } = await session.run('queue peek order-queue', { terminal: 100, env: { NO_COLOR: '1' } });
    expect(stdout).toContain('\\u009b31m \\u202e');
  });
});

describe('fault', () => {
  test('a lost delete makes a duplicate, which changes nothing', async () => {
    expect((await session.run('fault add sqs:DeleteMessageBatch drop 1')).stdout).toContain(
      'sqs:DeleteMessageBatch drop 1',
    );
    await order();
    const facts = (await session.run('drain inventory --json')).lines();
    expect(facts.at(-1)).toMatchObject({ ended: 'in_flight' });
    expect((await json('fault list')).faults[0]).toMatchObject({ seen: 1, struck: 1, remaining: 0 });
    await session.run('clock advance 30s');
    const again = (await session.run('drain --json')).lines();
    expect(again.at(-1)).toMatchObject({ ended: 'empty', failed: 0 });
    expect(again.filter(({ attempt }: any) => attempt === 2)).toMatchObject([{ outcome: 'duplicate' }]);
    expect((await json('inspect inventory')).inventory.find(({ sku }: any) => sku === 'keyboard').stock).toBe(99);
  });

  test('clear ends them', async () => {
    await session.run('fault add dynamodb throttle 5% --seed 7');
    await session.run('fault add sqs reorder');
    expect((await json('fault clear 1')).removed).toHaveLength(1);
    expect((await json('fault clear')).removed).toHaveLength(1);
    expect((await json('fault list')).faults).toEqual([]);
  });

  test.each([
    ['sqs explode', 'explode'],
    ['teleport drop', 'teleport'],
    ['sqs duplicate 500%', '500%'],
    ['sns reorder', 'reorder'],
  ])('refuses "%s", naming the word', async (rule, named) => {
    const outcome = await session.run(`fault add ${rule}`);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(named);
  });
});

describe('snapshot', () => {
  test('save, change, diff, load: as if nothing had happened', async () => {
    await order();
    const before = (await session.run('inspect inventory')).stdout;
    expect((await json('snapshot save before')).snapshot.name).toBe('before');
    await session.run('drain');
    const diff = await json('snapshot diff before');
    expect(diff.totals.some(({ service, added }: any) => service === 's3' && added > 0)).toBe(true);
    expect((await session.run('snapshot diff before --exit-code')).code).toBe(1);
    expect((await session.run('snapshot load before')).code).toBe(0);
    expect((await session.run('snapshot diff before --exit-code')).code).toBe(0);
    expect((await session.run('inspect inventory')).stdout).toBe(before);
    // The order can be handled once more from there.
    expect((await session.run('drain --json')).lines().at(-1)).toMatchObject({ handled: 11 });
  });

  test('list and delete', async () => {
    await session.run('snapshot save one');
    await session.run('snapshot save two');
    expect((await json('snapshot list')).snapshots.map(({ name }: any) => name).sort()).toEqual(['one', 'two']);
    await session.run('snapshot delete one');
    expect((await json('snapshot list')).snapshots.map(({ name }: any) => name)).toEqual(['two']);
  });

  test.each([
    ['load nothing', 1, 'nothing'],
    ['delete nothing', 1, 'nothing'],
    ['diff nothing', 1, 'nothing'],
    ['save ../escape', 2, 'name'],
  ])('snapshot %s', async (line, code, named) => {
    const outcome = await session.run(`snapshot ${line}`);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(named);
  });
});

test.each(['clock', 'clock next', 'queue peek order-queue', 'fault list', 'snapshot list'])(
  '%s says so on an engine that cannot do it, and where none is',
  async (line) => {
    const other = createServer((request, response) => {
      if (request.url !== '/_localstack/health') response.writeHead(404).end();
      else response.end(JSON.stringify({ services: { sqs: 'running' }, edition: 'community', version: '4.14.0' }));
    });
    const { port, release } = await reservePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${port}`;
    const refused = await session.run(`${line} --endpoint-url ${endpoint} --json`);
    other.close();
    expect(refused.code).toBe(1);
    const { code, hint: elsewhere } = refused.json().error;
    expect(code).toBe('unsupported');
    // The other engine has the port.
    if (!line.startsWith('queue')) expect(elsewhere).toBe('cliffracer up --engine embedded --port 0');
    const gone = await session.run(`${line} --endpoint-url ${endpoint} --json`);
    release();
    expect(gone.code).toBe(3);
    // With the endpoint that was asked for: up starts an engine where the next call looks for it.
    const hint = `cliffracer up --endpoint-url ${endpoint}`;
    expect(gone.json().error).toMatchObject({ code: 'engine_unreachable', hint });
  },
);

test('reset --all empties the whole engine, every stack in it', async () => {
  await session.run('provision --stack other');
  await order();
  expect((await session.run('reset --all')).code).toBe(2);
  expect((await session.run('reset --all --yes')).code).toBe(0);
  expect((await json('order list')).orders).toEqual([]);
  expect((await session.run('order list --stack other')).code).toBe(4);
});
