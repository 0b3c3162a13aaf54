import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;

async function fresh(): Promise<void> {
  session = await new Session().provisioned();
}

/** Sends as any other program would. */
function send(queue: string, body: string, attributes: Record<string, string> = {}) {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  return session.emulator!.engine.call({
    ...{ service: 'sqs', operation: 'SendMessage', account: '000000000000', region: 'us-east-1' },
    input: { QueueUrl: `${session.endpoint}/000000000000/${queue}`, MessageBody: body, MessageAttributes },
  });
}

const event = (order_id: string, event_type = 'inventory_reserved') =>
  JSON.stringify({ event_type, event_id: `e-${order_id}`, order_id, total_amount: '149.99' });
const because = (reason: string, attempt = 1) => ({
  cliffracer_reason: reason,
  cliffracer_detail: `it was ${reason}`,
  cliffracer_attempt: String(attempt),
});

/** Five dead letters of payment, one of them about an order that there is. */
async function someDeadLetters(): Promise<void> {
  await session.run('order create --customer ada --item keyboard:1');
  await send('payment-queue-dlq', 'hello {\u009b31m\u202e', because('not_json'));
  await send('payment-queue-dlq', event('ord_1kdwpvng00000000'), {
    event_type: 'inventory_reserved',
    ...because('contradiction', 3),
  });
  for (const n of [1, 2, 3]) await send('payment-queue-dlq', event(`ord_${n}`), because('unknown_order'));
  await send('order-queue-dlq', 'plain');
}

/** Without what differs from run to run. */
const scrub = (text: string) =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}/g, 'message'.padEnd(36, '-'))
    .replace(/in \d+(\.\d)? ms/g, 'in N ms');

const depthOf = async (queue: string) => {
  const { queues } = (await session.run('inspect queues --json')).json();
  const row = queues.find((each: { queue: string }) => each.queue === queue);
  return [row.ready, row.dead_lettered];
};

describe('dlq list and show', () => {
  beforeAll(async () => {
    await fresh();
    await someDeadLetters();
  });
  afterAll(() => session.close());

  test('list tells how many, since when and why', async () => {
    const { code, stdout, stderr } = await session.run('dlq list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "QUEUE                  MESSAGES  OLDEST                    TOP REASON
      order-queue-dlq               1  2026-01-01T12:00:00.004Z  unknown
      inventory-queue-dlq           0
      payment-queue-dlq             5  2026-01-01T12:00:00.004Z  unknown_order (3 of 5)
      fulfillment-queue-dlq         0
      analytics-queue-dlq           0
      "
    `);
    expect((await session.run('dlq list', { terminal: 72 })).stdout).toMatchInlineSnapshot(`
      "[2mQUEUE[22m                  [2mMESSAGES[22m  [2mOLDEST[22m    [2mTOP REASON[22m
      order-queue-dlq               [31m1[39m  [2mjust now[22m  [33munknown[39m
      inventory-queue-dlq           [2m0[22m
      payment-queue-dlq             [31m5[39m  [2mjust now[22m  [33munknown_order (3 of 5)[39m
      fulfillment-queue-dlq         [2m0[22m
      analytics-queue-dlq           [2m0[22m
      [2mLook: cliffracer dlq show order. Move back: cliffracer dlq redrive order[22m
      "
    `);
  });

  test('list --json has all reasons', async () => {
    const { queues } = (await session.run('dlq list --json')).json();
    expect(queues[2]).toEqual({
      ...{ service: 'payment', queue: 'payment-queue-dlq', messages: 5, in_flight: 0, examined: 5 },
      oldest: expect.stringMatching(/^2026-01-01T12:00:00/),
      reasons: [
        { reason: 'unknown_order', messages: 3 },
        { reason: 'contradiction', messages: 1 },
        { reason: 'not_json', messages: 1 },
      ],
    });
    expect(queues[0].reasons).toEqual([{ reason: 'unknown', messages: 1 }]);
  });

  test('show has each message in short', async () => {
    const { stdout } = await session.run('dlq show payment --limit 2');
    expect(scrub(stdout)).toMatchInlineSnapshot(`
      "message-----------------------------
        event       no event
        order       none
        attempts    1, sent 2026-01-01T12:00:00.004Z
        reason      not_json: it was not_json
        body        hello {\\u009b31m\\u202e

      message-----------------------------
        event       inventory_reserved e-ord_1kdwpvng00000000
        order       ord_1kdwpvng00000000 created for ada, 149.99
        attempts    3, sent 2026-01-01T12:00:00.004Z
        reason      contradiction: it was contradiction
        body        {"event_type":"inventory_reserved","event_id":"e-ord_1kdwpvng00000000","order_id":"ord_1kdwpvng00000000","total_amount":"149.99"}

      2 of 5 messages: give --limit, or --message ID.
      "
    `);
  });

  test('show --message has it whole, with the order', async () => {
    const { messages } = (await session.run('dlq show payment-queue --json')).json();
    const { stdout } = await session.run(`dlq show payment-queue-dlq --message ${messages[1].message_id}`);
    expect(scrub(stdout)).toMatchInlineSnapshot(`
      "message-----------------------------
        event       inventory_reserved e-ord_1kdwpvng00000000
        order       ord_1kdwpvng00000000 created for ada, 149.99
        attempts    3, sent 2026-01-01T12:00:00.004Z
        reason      contradiction: it was contradiction
        attributes  cliffracer_attempt = 3
                    cliffracer_detail = it was contradiction
                    cliffracer_reason = contradiction

        {
          "event_type": "inventory_reserved",
          "event_id": "e-ord_1kdwpvng00000000",
          "order_id": "ord_1kdwpvng00000000",
          "total_amount": "149.99"
        }
      "
    `);
    expect(messages[1]).toMatchObject({
      order: { status: 'created', customer_id: 'ada' },
      attempts: 3,
      receive_count: 0,
    });
    expect(messages[0]).toMatchObject({ order: null, reason: 'not_json', body: 'hello {\u009b31m\u202e' });
  });

  test('what a message says acts on no terminal', async () => {
    const { stdout } = await session.run('dlq show payment --no-color', { terminal: 60 });
    expect(stdout).toContain('hello {\\u009b31m\\u202e');
    expect(stdout).not.toContain('\u001b');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  test('looking leaves everything where it is', async () => {
    expect(await depthOf('payment-queue')).toEqual([0, 5]);
    expect((await session.run('dlq show fulfillment')).stdout).toBe('No messages in fulfillment-queue-dlq.\n');
  });

  test('--message of another queue is not found', async () => {
    const outcome = await session.run('dlq show payment --message nope');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toBe('error: no message "nope" in payment-queue-dlq\ntry: cliffracer dlq show payment\n');
    expect((await session.run('dlq show payment --message nope --json')).json().error.code).toBe('not_found');
  });
});

describe('a message that nobody can handle', () => {
  beforeEach(fresh);
  afterEach(() => session.close());

  test('is shown with the last error of the log', async () => {
    await send('payment-queue', 'hello {');
    await send('order-queue', event('ord_nobody'));
    await session.run('drain');
    const { messages } = (await session.run('dlq show payment --json')).json();
    expect(messages).toMatchObject([
      {
        reason: 'not_json',
        error: { code: 'not_json', message: 'the body is not JSON', at: expect.stringMatching(/Z$/) },
      },
    ]);
    expect(messages[0].attempts).toBeGreaterThan(0);
    expect((await session.run('dlq show order')).stdout).toContain('ord_nobody is not in the table orders');
  });

  test('is moved back, and comes back', async () => {
    await send('payment-queue', 'hello {');
    await session.run('drain');
    expect(await depthOf('payment-queue')).toEqual([0, 1]);
    expect((await session.run('dlq redrive payment')).code).toBe(0);
    expect(await depthOf('payment-queue')).toEqual([1, 0]);
    expect((await session.run('drain --json')).lines().at(-1)).toMatchObject({ dead_lettered: 1 });
    expect((await session.run('dlq show payment --json')).json().messages).toMatchObject([{ reason: 'not_json' }]);
  });
});

describe('dlq redrive', () => {
  beforeEach(async () => {
    await fresh();
    await someDeadLetters();
  });
  afterEach(() => session.close());

  test('of a whole queue goes by the engine', async () => {
    const { code, stdout } = await session.run('dlq redrive payment');
    expect(code).toBe(0);
    expect(scrub(stdout)).toMatchInlineSnapshot(`
      "✓ 5 messages moved from payment-queue-dlq to payment-queue in N ms
        way      by the engine's own move task
        a crash  the engine goes on by itself: a message may come twice, none is lost
        payment-queue-dlq is empty.
      "
    `);
    expect(await depthOf('payment-queue')).toEqual([5, 0]);
  });

  test('of a part goes message by message', async () => {
    const { code, stdout } = await session.run(
      `dlq redrive payment-queue-dlq --where "reason = unknown_order and not order_id = ord_2"`,
    );
    expect(code).toBe(0);
    expect(scrub(stdout)).toMatchInlineSnapshot(`
      "✓ 2 messages moved from payment-queue-dlq to payment-queue in N ms; 3 others do not match
        way      received, sent with all attributes, deleted, in that order
        a crash  a message may be in both queues and come twice, none is lost; the same command again goes on
        3 messages in payment-queue-dlq
      "
    `);
    expect(await depthOf('payment-queue')).toEqual([2, 3]);
  });

  test('--dry-run tells what would be moved, and moves nothing', async () => {
    const { stdout } = await session.run('dlq redrive payment --where "attempts >= 3 or item = x" --dry-run');
    expect(scrub(stdout)).toMatchInlineSnapshot(`
      "1 message would be moved from payment-queue-dlq to payment-queue; 4 others do not match

      MESSAGE                               EVENT               ORDER                 REASON         ATTEMPTS
      message-----------------------------  inventory_reserved  ord_1kdwpvng00000000  contradiction         3

        way      received, sent with all attributes, deleted, in that order
        a crash  a message may be in both queues and come twice, none is lost; the same command again goes on
        no message has a field "item"
      "
    `);
    expect(await depthOf('payment-queue')).toEqual([0, 5]);
  });

  test.each([
    ['--order ord_1kdwpvng00000000', { moved: 1, skipped: 4, remaining: 4, way: 'receive_send_delete' }],
    ['--max 2', { moved: 2, remaining: 3, ended: 'max', way: 'receive_send_delete' }],
    ['--rate 500/s', { moved: 5, remaining: 0, way: 'move_task' }],
    ['--rate 2', { moved: 5, remaining: 0, way: 'move_task' }],
    ['--max 4 --rate 1000/s', { moved: 4, way: 'receive_send_delete' }],
    ['--where "order_id ~ ORD_" --rate 2/s', { moved: 4, skipped: 1, ended: 'done' }],
    ['--order ord_unheard_of', { moved: 0, skipped: 5, remaining: 5, failed: 0 }],
    ['--dry-run', { moved: 5, remaining: 5, dry_run: true, way: 'move_task' }],
  ])('%s', async (flags, expected) => {
    const outcome = await session.run(`dlq redrive payment ${flags} --json`);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.json()).toMatchObject({
      queue: 'payment-queue-dlq',
      to: 'payment-queue',
      failures: [],
      ...expected,
    });
  });

  test('--rate takes its time by the clock', async () => {
    const start = session.now;
    await session.run('dlq redrive payment --where "body != x" --rate 2/s');
    expect(session.now - start).toBeGreaterThanOrEqual(2_000);
    expect(session.now - start).toBeLessThan(3_000);
  });

  test('Ctrl-C ends it after what is in hand, with 130', async () => {
    const abort = new AbortController();
    abort.abort();
    const outcome = await session.run('dlq redrive payment --max 3 --json', { signal: abort.signal });
    expect(outcome.code).toBe(130);
    expect(await depthOf('payment-queue')).toEqual([0, 5]);
  });

  test('an empty queue is no failure', async () => {
    expect(await session.run('dlq redrive fulfillment')).toMatchObject({ code: 0 });
    expect((await session.run('dlq redrive fulfillment --max 1 --json')).json()).toMatchObject({
      moved: 0,
      ended: 'done',
    });
  });

  test.each([
    ['--rate -1', 'messages a second'],
    ['--rate 0/s', 'messages a second'],
    ['--rate 1.5', 'messages a second'],
    ['--rate 5/m', 'messages a second'],
    ['--rate fast', 'messages a second'],
    ['--max 0', '1 to 1000000'],
    ['--where "event_type ="', '--where, character 13: expected a value after =, not the end'],
    ['--where ""', '--where must not be empty'],
    ['--where "attempts > 3 event_type = x"', 'character 14: expected "and", "or" or the end'],
  ])('%s is a usage error, and moves nothing', async (flags, message) => {
    const outcome = await session.run(`dlq redrive payment ${flags}`);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(message);
    expect((await session.run(`dlq redrive payment ${flags} --json`)).json().error.code).toBe('usage');
    expect(await depthOf('payment-queue')).toEqual([0, 5]);
  });
});

describe('dlq purge', () => {
  beforeEach(async () => {
    await fresh();
    await someDeadLetters();
  });
  afterEach(() => session.close());

  test('asks, and deletes on yes', async () => {
    const kept = await session.run('dlq purge payment', { answers: [false] });
    expect(kept).toMatchObject({ code: 5, stdout: '' });
    expect(await depthOf('payment-queue')).toEqual([0, 5]);
    const purged = await session.run('dlq purge payment', { answers: [true] });
    expect(purged).toMatchObject({ code: 0, stdout: '✓ 5 messages of payment-queue-dlq deleted\n' });
    expect(await depthOf('payment-queue')).toEqual([0, 0]);
  });

  test('--yes does not ask, and touches no other queue', async () => {
    expect((await session.run('dlq purge order-queue-dlq --yes --json')).json()).toEqual({
      queue: 'order-queue-dlq',
      purged: 1,
    });
    expect(await depthOf('payment-queue')).toEqual([0, 5]);
  });

  test('without a terminal it names the flag', async () => {
    const outcome = await session.run('dlq purge payment');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('give --yes');
  });
});

describe('the queue that a command is about', () => {
  beforeAll(fresh);
  afterAll(() => session.close());

  test.each(['show', 'redrive', 'purge'])('dlq %s knows no other, and no beginning of several', async (command) => {
    for (const queue of ['toaster', 'payment-queue-dlq-dlq', 'constructor', 'Payment']) {
      const outcome = await session.run(`dlq ${command} ${queue}`);
      expect(outcome).toMatchObject({ code: 1, stdout: '' });
      expect(outcome.stderr).toContain(`there is no dead-letter queue "${queue}"`);
      expect((await session.run(`dlq ${command} ${queue} --json`)).json().error.code).toBe('not_found');
    }
    expect((await session.run(`dlq ${command}`)).stderr).toContain('QUEUE was not given');
  });
});
