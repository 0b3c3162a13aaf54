import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;

async function fresh(): Promise<void> {
  session = await new Session().provisioned();
}

describe('order create', () => {
  beforeEach(fresh);
  afterEach(() => session.close());

  test('places an order and says what happens next', async () => {
    const pipe = await session.run('order create --customer ada --item laptop-pro:1 --item keyboard:2');
    expect(pipe).toMatchObject({ code: 0, stderr: '' });
    expect(pipe.stdout).toMatchInlineSnapshot(`
      "✓ ord_1kdwpvng00000000 for ada: 1 × laptop-pro, 2 × keyboard, 1599.97
      "
    `);
    const terminal = await session.run('order create --customer ada --item keyboard:1', { terminal: 100 });
    expect(terminal.stdout).toMatchInlineSnapshot(`
      "[32m✓[39m [1mord_1kdwpvng40000000[22m for ada: 1 × keyboard, [1m149.99[22m
      [2m  order_created waits for inventory and analytics. Next: cliffracer drain --step[22m
      "
    `);
  });

  test('--json gives the order', async () => {
    const { order } = (await session.run('order create --customer ada --item laptop-pro:1 --json')).json();
    expect(order).toMatchObject({
      customer_name: 'Ada Lovelace',
      items: [{ sku: 'laptop-pro', name: 'Laptop Pro', quantity: 1, unit_price: '1299.99' }],
      total_amount: '1299.99',
      status: 'created',
    });
  });

  test('merges lines of the same product', async () => {
    const { order } = (
      await session.run('order create --customer ada --item keyboard:1 --item keyboard:2 --json')
    ).json();
    expect(order.items).toEqual([{ sku: 'keyboard', name: 'Keyboard', quantity: 3, unit_price: '149.99' }]);
    expect(order.total_amount).toBe('449.97');
  });

  test('--count places that many, one line each', async () => {
    const placed = (await session.run('order create --customer ada --item keyboard:1 --count 12 --json')).lines();
    expect(new Set(placed.map(({ order }) => order.order_id)).size).toBe(12);
    expect((await session.run('order list --limit 50 --json')).json().orders).toHaveLength(12);
  });

  test('--count in a terminal: one summary, and a large one is asked about', async () => {
    const line = 'order create --customer ada --item keyboard:1';
    const { stdout } = await session.run(`${line} --count 500`, { terminal: 100, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(
      /^✓ 500 orders for ada: 1 × keyboard, 149\.99 each; the last is ord_\w+\n {2}Next: cliffracer drain\n$/,
    );
    const unasked = await session.run(`${line} --count 100000`);
    expect(unasked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--yes') });
    expect(await session.run(`${line} --count 1001`, { answers: [false] })).toMatchObject({ code: 5, stdout: '' });
    expect((await session.run(`${line} --count 1001 --yes --json`)).lines()).toHaveLength(1001);
  });

  test('another name for a customer who is known is refused', async () => {
    const line = 'order create --item keyboard:1 --customer newcomer --name';
    expect((await session.run(`${line} "Ada L."`)).code).toBe(0);
    expect((await session.run(`${line} "Ada L."`)).code).toBe(0);
    const { code, stdout, stderr } = await session.run(`${line} Eve`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'error: customer "newcomer" is known as "Ada L."; --name is for a new customer\ntry: drop --name, or give another --customer\n',
    );
  });

  test('asks for what no flag gave', async () => {
    const answers = ['grace', ['laptop-pro', 'headphones'], '2', '1', 'approve', true];
    const { code, stdout } = await session.run('order create', { answers });
    expect(code).toBe(0);
    expect(stdout).toContain('2 × laptop-pro, 1 × headphones, 2799.97');
  });

  test('asks for a new customer, and keeps name and email', async () => {
    const answers = ['+', 'Zoé 🚀', 'zoe', 'zoe@example.com', ['keyboard'], '1', 'approve', true];
    expect((await session.run('order create', { answers })).code).toBe(0);
    const { customers } = (await session.run('inspect customers --json')).json();
    const zoe = { customer_id: 'zoe', name: 'Zoé 🚀', email: 'zoe@example.com', orders: 1, spent: '0.00' };
    expect(customers).toContainEqual(zoe);
    const { orders } = (await session.run('order list --json')).json();
    expect(orders[0]).toMatchObject({ customer_name: 'Zoé 🚀' });
    expect(orders[0]).not.toHaveProperty('customer_email');
    expect((await session.run('inspect customers')).stdout).toContain('zoe@example.com');
  });

  test('asks for the name of a customer that a flag names and nobody knows', async () => {
    const answers = ['Edsger Dijkstra', '', ['keyboard'], '1', 'decline', true];
    expect((await session.run('order create --customer edsger', { answers })).code).toBe(0);
    const { orders } = (await session.run('order list --json')).json();
    expect(orders[0]).toMatchObject({ customer_name: 'Edsger Dijkstra', payment: 'decline' });
  });

  test('--email must be an address', async () => {
    const outcome = await session.run('order create --customer zoe --email zoe --item keyboard:1');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('email "zoe" is not an address');
  });

  test('no at the question changes nothing', async () => {
    const outcome = await session.run('order create --customer ada', {
      answers: [['keyboard'], '1', 'approve', false],
    });
    expect(outcome).toMatchObject({ code: 5, stdout: '' });
    expect((await session.run('order list --json')).json().orders).toEqual([]);
  });

  test.each([
    ['--customer ada --item toaster:1', 2, 'no product "toaster"'],
    ['--customer ada --item laptop-pro:0', 2, 'quantity 0'],
    // What is given is judged before anything is asked, or missed.
    ['--item laptop-pro:0', 2, 'quantity 0'],
    ['--customer ada --item laptop-pro:-1', 2, 'negative'],
    ['--customer ada --item laptop-pro:1.5', 2, 'not whole'],
    ['--customer ada --item laptop-pro:99999999999999999999', 2, 'above 1000'],
    ['--customer ada --item laptop-pro', 2, 'SKU:QTY'],
    ['--customer ada --item :1', 2, 'SKU:QTY'],
    ['--customer ada --item keyboard:600 --item keyboard:600', 2, '1200'],
    ['--customer ada --item keyboard:1 --name "\u001b[31mred"', 2, 'control character'],
    ['--customer "no spaces" --item keyboard:1', 2, 'customer'],
    ['--customer ada --item keyboard:1 --payment maybe', 2, 'approve, decline'],
    ['--customer ada --item keyboard:1 --count 0', 2, '--count'],
    ['--item keyboard:1', 2, '--customer ID'],
    ['--customer ada', 2, '--item SKU:QTY'],
    ['', 2, '--customer ID and --item SKU:QTY'],
  ])('refuses %s before anything is written', async (flags, code, named) => {
    const outcome = await session.run(`order create ${flags}`);
    expect(outcome).toMatchObject({ code, stdout: '' });
    expect(outcome.stderr).toContain(named);
    expect(outcome.stderr).not.toContain('\u001b');
    const { error } = (await session.run(`order create ${flags} --json`)).json();
    expect(error.message).toContain(named);
    expect((await session.run('order list --json')).json().orders).toEqual([]);
  });
});

describe('order list and show', () => {
  beforeAll(async () => {
    await fresh();
    await session.run('order create --customer ada --item laptop-pro:1 --item keyboard:2');
    await session.run('order create --customer grace --item tablet-air:1 --payment decline');
    await session.run('order create --customer linus --item smartphone-x:150');
    await session.run('drain');
  });
  afterAll(() => session.close());

  test('lists the newest first, in a pipe and in a terminal', async () => {
    expect((await session.run('order list')).stdout).toMatchInlineSnapshot(`
      "ORDER                 CUSTOMER  STATUS         TOTAL  ITEMS                         PLACED
      ord_1kdwpvng80000000  linus     rejected   134998.50  150 × smartphone-x            2026-01-01T12:00:00.008Z
      ord_1kdwpvng40000000  grace     cancelled     599.99  1 × tablet-air                2026-01-01T12:00:00.004Z
      ord_1kdwpvng00000000  ada       fulfilled    1599.97  1 × laptop-pro, 2 × keyboard  2026-01-01T12:00:00.000Z
      "
    `);
    expect((await session.run('order list', { terminal: 72 })).stdout).toMatchInlineSnapshot(`
      "[2mORDER[22m                 [2mCUSTOMER[22m  [2mSTATUS[22m         [2mTOTAL[22m  [2mPLACED[22m
      ord_1kdwpvng80000000  linus     [33mrejected[39m   134998.50  [2mjust now[22m
      ord_1kdwpvng40000000  grace     [33mcancelled[39m     599.99  [2mjust now[22m
      ord_1kdwpvng00000000  ada       [32mfulfilled[39m    1599.97  [2mjust now[22m
      "
    `);
  });

  test.each([
    ['--status fulfilled', ['ada']],
    ['--status cancelled', ['grace']],
    ['--customer linus', ['linus']],
    ['--customer linus --status fulfilled', []],
    ['--limit 2', ['linus', 'grace']],
  ])('order list %s', async (flags, customers) => {
    const { orders } = (await session.run(`order list ${flags} --json`)).json();
    expect(orders.map(({ customer_id }: any) => customer_id)).toEqual(customers);
  });

  test('--limit says when there is more', async () => {
    expect((await session.run('order list --limit 2 --json')).json().more).toBe(true);
    expect((await session.run('order list --limit 3 --json')).json().more).toBe(false);
  });

  test('shows one order whole', async () => {
    const { orders } = (await session.run('order list --customer ada --json')).json();
    const { stdout } = await session.run(`order show ${orders[0].order_id}`);
    expect(stdout).toMatchInlineSnapshot(`
      "ord_1kdwpvng00000000  fulfilled
      customer     Ada Lovelace (ada)
      placed       2026-01-01T12:00:00.000Z
      correlation  11209677-6dea-83ac-8380-96899f311554
      reservation  committed
      payment      succeeded 1599.97
      receipt      receipts/ord_1kdwpvng00000000.json

      ITEM        PRODUCT     QUANTITY  UNIT PRICE
      laptop-pro  Laptop Pro         1     1299.99
      keyboard    Keyboard           2      149.99
      TOTAL  1599.97 for 3 pieces

      History
      STATUS     WHEN                      EVENT                                 REASON
      created    2026-01-01T12:00:00.000Z  ab1ad044-fe95-844b-b9fe-98cb8d417ceb
      reserved   2026-01-01T12:00:00.017Z  5defe5f8-b39e-8223-9349-4f0839a6a14f
      paid       2026-01-01T12:00:00.031Z  239aa1be-2840-8403-9644-ba73acb48006
      fulfilled  2026-01-01T12:00:00.044Z  e1a355dd-bd92-80ba-94da-db3e1373e0cc
      "
    `);
    const detail = (await session.run(`order show ${orders[0].order_id} --json`)).json();
    expect(detail).toMatchObject({
      order: { status: 'fulfilled' },
      reservation: { status: 'committed' },
      payment: { status: 'succeeded', amount: '1599.97' },
      receipt: { key: `receipts/${orders[0].order_id}.json` },
    });
  });

  test('an unknown order is not found', async () => {
    const outcome = await session.run('order show ord_nothing');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatchInlineSnapshot(`
      "error: no order "ord_nothing"
      try: cliffracer order list
      "
    `);
  });
});
