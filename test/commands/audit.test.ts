import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().provisioned();
});
afterEach(() => session.close());

const call = (service: 'sqs' | 'dynamodb', operation: string, input: object) =>
  session.emulator!.engine.call({
    ...{ service, operation, account: '000000000000', region: 'us-east-1' },
    input,
  }) as any;
const purge = (queue: string) => call('sqs', 'PurgeQueue', { QueueUrl: `${session.endpoint}/000000000000/${queue}` });
const order = async (flags = '--customer ada --item laptop-pro:1') =>
  (await session.run(`order create ${flags} --json`)).json().order.order_id as string;

describe('audit', () => {
  test('says what was examined, and that it holds', async () => {
    await order('--customer ada --item laptop-pro:1 --item keyboard:2');
    await order('--customer grace --item tablet-air:1 --payment decline');
    await order('--customer linus --item smartphone-x:150');
    await session.run('drain');
    const { code, stdout } = await session.run('audit');
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "      INVARIANT                                                               EXAMINED  ID
      PASS  stock, reserved and available are never below zero                             5  stock_not_negative
      PASS  available = stock - reserved                                                   5  stock_adds_up
      PASS  reserved = sum of open reservations                                            5  reservations_add_up
      PASS  received = stock + what has left                                               5  stock_conserved
      PASS  one payment for each reserved order, of its total, ending as it says           2  one_payment
      PASS  what was paid for a cancelled order was refunded, and nothing else was         0  refunds_match
      PASS  nothing has shipped unpaid                                                     1  shipped_is_paid
      PASS  nothing has shipped that was not reserved                                      1  shipped_is_reserved
      PASS  one receipt for each fulfilled order, equal to the cent                        1  receipts_match
      PASS  order, reservation and payment agree                                           3  records_agree
      PASS  every order has come to its end                                                3  orders_finished
      PASS  published x subscribers = handled + waiting + dead-lettered                   26  messages_conserved
      PASS  no message is waiting, in flight or dead-lettered                              5  messages_done

      DELIVERIES TO  DUE  HANDLED  WAITING  DEAD-LETTERED  LOST
      order            7        7        0              0     0
      inventory        5        5        0              0     0
      payment          3        3        0              0     0
      fulfillment      1        1        0              0     0
      analytics       10       10        0              0     0

      All 13 invariants hold for 3 orders.
      "
    `);
  });

  test('exit 6 while messages are on their way, and what waits is no violation', async () => {
    await order();
    const { code, stdout } = await session.run('audit');
    expect(code).toBe(6);
    expect(stdout).toContain('WAIT  every order has come to its end');
    expect(stdout).toContain('cliffracer drain, then look again');
    expect(stdout).not.toContain('FAIL');
    const report = (await session.run('audit --json')).json();
    expect(report).toMatchObject({ kind: 'audit', ok: false, settled: false, verdict: 'not_settled', orders: 1 });
  });

  test('exit 1 on a violation, with the offender and the command that shows it', async () => {
    const id = await order();
    await session.run('drain');
    await call('dynamodb', 'UpdateItem', {
      TableName: 'payments',
      Key: { order_id: { S: id } },
      UpdateExpression: 'SET amount = :a',
      ExpressionAttributeValues: { ':a': { S: '1.00' } },
    });
    const { code, stdout } = await session.run('audit');
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  one payment for each reserved order, of its total');
    expect(stdout).toContain(`  ${id}: charged 1.00 for 1299.99   cliffracer order show ${id}`);
    const { checks } = (await session.run('audit --json')).json();
    expect(checks.find(({ id }: any) => id === 'one_payment')).toMatchObject({
      result: 'fail',
      offenders: [{ id, command: `cliffracer order show ${id}` }],
    });
  });

  test('a violation is certain even while messages wait', async () => {
    await order();
    await call('dynamodb', 'UpdateItem', {
      TableName: 'inventory',
      Key: { sku: { S: 'keyboard' } },
      UpdateExpression: 'SET stock = :n',
      ExpressionAttributeValues: { ':n': { N: '-1' } },
    });
    expect((await session.run('audit')).code).toBe(1);
  });

  test('a dead letter is accounted for, and no order with it is finished', async () => {
    const id = await order('--customer ada --item keyboard:1 --payment error');
    await session.run('drain');
    const { code, stdout } = await session.run('audit');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^payment +1 +0 +0 +1 +0$/m);
    expect(stdout).toContain(`${id}: still reserved`);
    expect(stdout).toContain('payment-queue: 1 dead-lettered   cliffracer dlq show payment-queue');
  });

  test('--order audits one order; an unknown one is not found', async () => {
    const id = await order();
    await order();
    await session.run('drain');
    expect((await session.run(`audit --order ${id} --json`)).json()).toMatchObject({ orders: 1, verdict: 'holds' });
    const outcome = await session.run('audit --order ord_none');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toBe('error: no order "ord_none"\ntry: cliffracer order list\n');
  });

  test('--since audits the orders placed since then', async () => {
    await order();
    await session.run('drain');
    session.now += 3_600_000;
    await order();
    await session.run('drain');
    expect((await session.run('audit --since 30m --json')).json()).toMatchObject({ orders: 1, verdict: 'holds' });
    expect((await session.run('audit --since 2h --json')).json()).toMatchObject({ orders: 2, verdict: 'holds' });
  });

  test.each([
    ['audit --since soon', 'length of time'],
    ['audit --watch --repair', '--repair'],
    ['audit --since 1h --order ord_1', 'not both'],
  ])('%s is a usage error', async (line, named) => {
    const outcome = await session.run(line);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(named);
    expect((await session.run(`${line} --json`)).json().error.code).toBe('usage');
  });
});

describe('audit --watch', () => {
  test('tells what changes until Ctrl-C, and exits as the last audit did', async () => {
    const interrupt = new AbortController();
    let placed: Promise<unknown> | undefined;
    const outcome = await session.run('audit --watch --json', {
      signal: interrupt.signal,
      watch: (stdout) => {
        if (stdout.includes('"holds"')) placed ??= order();
        if (stdout.includes('"not_settled"')) interrupt.abort();
      },
    });
    await placed;
    expect(outcome.code).toBe(6);
    const reports = outcome.lines();
    expect(reports[0]).toMatchObject({ kind: 'audit', verdict: 'holds', orders: 0, at: expect.any(String) });
    expect(reports.at(-1)).toMatchObject({ verdict: 'not_settled', orders: 1 });
  });

  test('text: one report after the other, each under its time', async () => {
    const interrupt = new AbortController();
    const { code, stdout } = await session.run('audit --watch', {
      signal: interrupt.signal,
      watch: () => interrupt.abort(),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2026-01-01T12:00:\d\d\.\d{3}Z\n {6}INVARIANT/);
  });
});

describe('audit --repair', () => {
  test('finds an order whose event was never published, mends it, and may run twice', async () => {
    const id = await order();
    await purge('inventory-queue');
    await session.run('drain');
    expect((await session.run('audit')).stdout).toContain('What was lost: cliffracer audit --repair');
    const { code, stdout } = await session.run('audit --repair');
    expect(code).toBe(6);
    expect(stdout).toContain(`✓ ${id}  order_created published again: inventory has not handled order_created`);
    expect(stdout).toContain('1 event of 1 order published again.');
    const again = await session.run('audit --repair');
    expect(again.code).toBe(6);
    expect(again.stdout).toContain('nothing that publishing again would repair');
    await session.run('drain');
    const last = await session.run('audit --repair --json');
    expect(last.code).toBe(0);
    expect(last.lines()).toMatchObject([
      { kind: 'audit', verdict: 'holds' },
      { kind: 'repair', orders: 0, events: 0, verdict: 'holds' },
    ]);
    expect((await session.run(`order show ${id} --json`)).json().order.status).toBe('fulfilled');
  });

  test('names what helps where publishing again does not', async () => {
    const id = await order('--customer ada --item keyboard:1 --payment error');
    await session.run('drain');
    await purge('payment-queue-dlq');
    const { code, stdout } = await session.run('audit --repair');
    expect(code).toBe(1);
    expect(stdout).toContain(
      `! ${id}  not repaired: payment has not handled inventory_reserved   cliffracer order retry ${id}`,
    );
  });
});
