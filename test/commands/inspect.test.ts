import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeAll(async () => {
  session = await new Session().provisioned();
  await session.run('order create --customer ada --item laptop-pro:1 --item keyboard:2');
  await session.run('order create --customer grace --item tablet-air:1 --payment decline');
  await session.run('order create --customer linus --item smartphone-x:150');
  await session.run('drain');
});
afterAll(() => session.close());

const json = async (line: string) => (await session.run(`${line} --json`)).json();
const lines = async (line: string) => (await session.run(`${line} --json`)).lines();

test('inventory: what was sold has left, nothing stays reserved', async () => {
  expect((await session.run('inspect inventory')).stdout).toMatchInlineSnapshot(`
    "SKU           PRODUCT         PRICE  STOCK  RESERVED  AVAILABLE
    laptop-pro    Laptop Pro    1299.99     99         0         99
    smartphone-x  Smartphone X   899.99    100         0        100
    tablet-air    Tablet Air     599.99    100         0        100
    headphones    Headphones     199.99    100         0        100
    keyboard      Keyboard       149.99     98         0         98
    "
  `);
  const { inventory } = await json('inspect inventory');
  expect(inventory.find(({ sku }: any) => sku === 'keyboard')).toEqual({
    ...{ sku: 'keyboard', name: 'Keyboard', price: '149.99' },
    ...{ stock: 98, reserved: 0, available: 98 },
  });
});

test('orders: the same list as order list', async () => {
  expect((await session.run('inspect orders')).stdout).toBe((await session.run('order list')).stdout);
});

test('customers: what they ordered and what was fulfilled', async () => {
  const { customers } = await json('inspect customers');
  expect(customers.map(({ customer_id, orders, spent }: any) => [customer_id, orders, spent])).toEqual([
    ['ada', 1, '1599.97'],
    ['grace', 1, '0.00'],
    ['linus', 1, '0.00'],
    ['margaret', 0, '0.00'],
  ]);
  expect((await session.run('inspect customers')).stdout).toContain('Ada Lovelace');
});

test('queues: everything was handled', async () => {
  const { queues } = await json('inspect queues');
  expect(queues).toHaveLength(5);
  for (const row of queues) expect(row).toMatchObject({ ready: 0, in_flight: 0, delayed: 0, dead_lettered: 0 });
});

describe('receipts', () => {
  test('one for the fulfilled order', async () => {
    const { receipts, more } = await json('inspect receipts');
    expect(receipts).toHaveLength(1);
    expect(receipts[0]).toMatchObject({ customer_id: 'ada', total_amount: '1599.97', items: 3 });
    expect(more).toBe(false);
  });

  test('in full by order id', async () => {
    const { receipts } = await json('inspect receipts');
    const { stdout } = await session.run(`inspect receipts ${receipts[0].order_id}`);
    expect(stdout.replace(/payment [0-9a-z_-]+/, 'payment P')).toMatchInlineSnapshot(`
      "Receipt for ord_1kdwpvng00000000
      customer     Ada Lovelace (ada)
      paid         2026-01-01T12:00:00.031Z, payment P
      fulfilled    2026-01-01T12:00:00.044Z
      correlation  11209677-6dea-83ac-8380-96899f311554

      ITEM        QUANTITY  UNIT PRICE   AMOUNT
      Laptop Pro         1     1299.99  1299.99
      Keyboard           2      149.99   299.98
      TOTAL  1599.97
      "
    `);
    const { receipt } = await json(`inspect receipts ${receipts[0].order_id}`);
    expect(receipt.items.map(({ line_total }: any) => line_total)).toEqual(['1299.99', '299.98']);
  });

  test('none for an order that is not known', async () => {
    const outcome = await session.run('inspect receipts ord_nothing');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('no receipt for order "ord_nothing"');
  });
});

test('receipts that nobody ordered, and what is no receipt, are shown as such', async () => {
  const own = await new Session().provisioned();
  await own.run('order create --customer ada --item keyboard:1');
  await own.run('drain');
  const { receipts } = (await own.run('inspect receipts --json')).json();
  const scope = { account: '000000000000', region: 'us-east-1', service: 's3' } as const;
  const Bucket = 'ecommerce-receipts';
  const put = (Key: string, Body: Uint8Array) =>
    own.emulator!.engine.call({ ...scope, operation: 'PutObject', input: { Bucket, Key, Body } });
  const { receipt } = (await own.run(`inspect receipts ${receipts[0].order_id} --json`)).json();
  const foreign = { ...receipt, order_id: 'ord_00000000foreign0', receipt_version: 1 };
  await put('receipts/ord_00000000foreign0.json', Buffer.from(JSON.stringify(foreign)));
  await put('receipts/report.json', Buffer.from('{}'));
  const shown = (await own.run('inspect receipts --json')).json().receipts;
  const { stdout } = await own.run('inspect receipts');
  const audited = await own.run('audit');
  await own.close();
  expect(Object.fromEntries(shown.map((row: any) => [row.order_id, row.problem]))).toEqual({
    [receipts[0].order_id]: undefined,
    ord_00000000foreign0: 'without an order',
    report: 'not a receipt of the shop',
  });
  expect(stdout).toContain('PROBLEM');
  // The same that audit names.
  for (const id of ['ord_00000000foreign0', 'report']) expect(audited.stdout).toContain(id);
});

describe('metrics', () => {
  test('count, rate, value, stock and times', async () => {
    const { series, period_seconds } = await json('inspect metrics --since 10m');
    const value = (metric: string) => series.find((each: any) => each.metric === metric)?.value;
    expect(period_seconds).toBe(60);
    expect(value('orders created')).toBe(3);
    expect(value('orders fulfilled')).toBe(1);
    expect(value('rejections')).toBe(1);
    expect(value('payment success')).toBe(50);
    expect(value('order value')).toBeCloseTo((1599.97 + 599.99 + 134998.5) / 3, 2);
    expect(value('stock keyboard')).toBe(98);
    expect(series.filter((each: any) => each.metric === 'time order').map((each: any) => each.statistic)).toEqual([
      'p50',
      'p95',
    ]);
  });

  test('the error rate is there, zero, when nothing failed', async () => {
    const { series } = await json('inspect metrics --since 10m');
    for (const service of ['order', 'inventory', 'payment', 'fulfillment', 'analytics']) {
      expect(series).toContainEqual(
        expect.objectContaining({ metric: `error rate ${service}`, statistic: 'average', unit: 'Percent', value: 0 }),
      );
    }
  });

  test('the error rate is errors by deliveries handled', async () => {
    const own = await new Session().provisioned();
    for (const payment of ['approve', 'approve', 'approve', 'error']) {
      await own.run(`order create --customer ada --item keyboard:1 --payment ${payment}`);
    }
    await own.run('drain');
    const { series } = (await own.run('inspect metrics --since 1h --json')).json();
    await own.close();
    const rate = series.find((each: any) => each.metric === 'error rate payment');
    // Three payments that succeed, and three tries of one that does not.
    expect(rate.value).toBeCloseTo(50);
  });

  test('a long span gets longer periods, since CloudWatch gives 1,440 points', async () => {
    const { series, period_seconds } = await json('inspect metrics --since 30d');
    expect(period_seconds * 1440).toBeGreaterThanOrEqual(30 * 86_400);
    expect(series.find((each: any) => each.metric === 'orders created').value).toBe(3);
  });

  test('shows a plot for each', async () => {
    const { stdout } = await session.run('inspect metrics --since 10m');
    expect(stdout).toMatch(/orders created +sum +3 +3 +[·█]+/);
  });
});

describe('logs', () => {
  test('of one order, across services, in order of time', async () => {
    const { orders } = await json('order list --customer grace');
    const found = await lines(`inspect logs --order ${orders[0].order_id}`);
    expect(new Set(found.map(({ service }: any) => service))).toEqual(
      new Set(['order', 'inventory', 'payment', 'analytics']),
    );
    expect(new Set(found.map(({ correlation_id }: any) => correlation_id))).toEqual(
      new Set([orders[0].correlation_id]),
    );
    const times = found.map(({ timestamp }: any) => timestamp);
    expect(times).toEqual([...times].sort());
    for (const line of found) {
      expect(line).toMatchObject({ order_id: orders[0].order_id, event_id: expect.any(String), attempt: 1 });
    }
  });

  test.each([
    ['--service payment', (line: any) => line.service === 'payment'],
    ['--level warn', (line: any) => ['warn', 'error'].includes(line.level)],
    ['--service order --level warn', (line: any) => line.service === 'order' && line.level !== 'info'],
  ])('%s', async (flags, holds) => {
    const found = await lines(`inspect logs ${flags}`);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((line) => !holds(line))).toEqual([]);
  });

  test('--correlation: one chain of events', async () => {
    const { orders } = await json('order list --customer grace');
    const found = await lines(`inspect logs --correlation ${orders[0].correlation_id}`);
    expect(found).toEqual(await lines(`inspect logs --order ${orders[0].order_id}`));
    expect(found.length).toBeGreaterThan(0);
  });

  test("--pattern: CloudWatch Logs' filter pattern, beside the other filters", async () => {
    const found = await lines('inspect logs --pattern "{ $.action = order_placed }"');
    expect(found.map(({ action }) => action)).toEqual(['order_placed', 'order_placed', 'order_placed']);
    expect(await lines('inspect logs --pattern "{ $.action = order_placed }" --order @last')).toHaveLength(1);
  });

  test('no line is said on stderr', async () => {
    const outcome = await session.run('inspect logs --correlation nothing');
    expect(outcome).toMatchObject({ code: 0, stdout: '' });
    expect(outcome.stderr).toBe('No log line matches. All of them: cliffracer inspect logs\n');
    const empty = await new Session().provisioned();
    expect((await empty.run('inspect logs')).stderr).toContain('No log lines. They are written when');
    await empty.close();
  });

  test('--limit keeps the newest', async () => {
    const all = await lines('inspect logs');
    expect(await lines('inspect logs --limit 3')).toEqual(all.slice(-3));
  });
});

test.each([
  ['inspect metrics --since never', '--since'],
  ['inspect metrics --period x', '--period'],
  ['inspect logs --service shipping', 'order, inventory, payment, fulfillment, analytics'],
  ['inspect logs --level loud', 'debug, info, warn, error'],
  ['inspect receipts --limit -1', '--limit'],
  ['inspect nothing', 'inspect'],
  ['inspect', 'inspect needs one of'],
])('%s is a usage error that names the value', async (line, named) => {
  const outcome = await session.run(line);
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toContain(named);
});

test.each(['--follow', '--watch'])('logs %s shows new lines until interrupted', async (flag) => {
  const own = await new Session().provisioned();
  const interrupt = new AbortController();
  const following = own.run(`inspect logs ${flag} --json`, {
    signal: interrupt.signal,
    watch: (stdout) => stdout.includes('margaret') && interrupt.abort(),
  });
  await own.run('order create --customer margaret --item headphones:1');
  const outcome = await following;
  await own.close();
  expect(outcome.stdout).toContain('margaret');
  // Ctrl-C is how a person ends following: no failure.
  expect(outcome.code).toBe(0);
});
