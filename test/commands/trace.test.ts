import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;

async function fresh(): Promise<string> {
  session = await new Session().provisioned();
  const { order } = (
    await session.run('order create --customer ada --item keyboard:1 --item laptop-pro:2 --json')
  ).json();
  return order.order_id;
}

/** Without times, which depend on how often anybody looked at the clock. */
const scrub = (text: string) =>
  text
    .replace(/ *\+[\d.]+ (ms|s)/g, '    +N ms')
    .replace(/(?<= |\u001b\[2m)[\d.]+ ms/g, 'N ms')
    .replace(/\+[\d.]+ ms/g, '+N ms');

describe('trace', () => {
  let id: string;
  beforeAll(async () => {
    id = await fresh();
    await session.run('drain');
  });
  afterAll(() => session.close());

  test('shows an order as a tree of causes', async () => {
    const { code, stdout, stderr } = await session.run(`trace ${id}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(scrub(stdout)).toMatchInlineSnapshot(`
      "ord_1kdwpvng00000000  fulfilled  1 × keyboard, 2 × laptop-pro, 2749.97 for ada
      placed 2026-01-01T12:00:00.000Z, correlation 11209677-6dea-83ac-8380-96899f311554

          +N ms  order_created  by order: write order created
          +N ms  ├─ ✓ inventory   write held keyboard x1, laptop-pro x2  N ms
                 │  └─ inventory_reserved  5defe5f8-b39e-8223-9349-4f0839a6a14f
          +N ms  │     ├─ ✓ payment     write payment of 2749.97 succeeded  N ms
                 │     │  └─ payment_succeeded  239aa1be-2840-8403-9644-ba73acb48006
          +N ms  │     │     ├─ ✓ fulfillment write reservation held -> shipped → store receipts/ord_1kdwpvng00000000.json  N ms
                 │     │     │  └─ order_fulfilled  e1a355dd-bd92-80ba-94da-db3e1373e0cc
          +N ms  │     │     │     ├─ ✓ inventory   write stock left: keyboard x1, laptop-pro x2  N ms
          +N ms  │     │     │     ├─ ✓ analytics   measure OrdersFulfilled 1  N ms
          +N ms  │     │     │     └─ ✓ order       write order paid -> fulfilled  N ms
          +N ms  │     │     ├─ ✓ analytics   measure PaymentsProcessed 1, PaymentSuccessRate 100  N ms
          +N ms  │     │     └─ ✓ order       write order reserved -> paid  N ms
          +N ms  │     ├─ ✓ analytics   measure InventoryReservations 1  N ms
          +N ms  │     └─ ✓ order       write order created -> reserved  N ms
          +N ms  └─ ✓ analytics   measure OrdersCreated 1, OrderValue 2749.97  N ms

      4 events, 11 deliveries in N ms
      Nothing is missing.
      "
    `);
  });

  test('fits the terminal', async () => {
    const { stdout } = await session.run(`trace ${id}`, { terminal: 70 });
    expect(scrub(stdout)).toMatchInlineSnapshot(`
      "[1mord_1kdwpvng00000000[22m  [32mfulfilled[39m  1 × keyboard, 2 × laptop-pro, 2749.97
                            for ada
      [2mplaced just now, correlation 11209677-6dea-83ac-8380-96899f311554[22m

      [2m    +N ms[22m  [1morder_created[22m  [2mby order: write order created[22m
      [2m    +N ms[22m  [2m├ [22m[32m✓[39m [36minventory  [39m write held keyboard x1, laptop-pro x2  [2mN ms[22m
      [2m         [22m  [2m│ └ [22m[1minventory_reserved[22m  [2m5defe5f8-b39e-8223-9349-4f0839a6a1…[22m
      [2m    +N ms[22m  [2m│   ├ [22m[32m✓[39m [36mpayment    [39m write payment of 2749.97 succeed…  [2mN ms[22m
      [2m         [22m  [2m│   │ └ [22m[1mpayment_succeeded[22m  [2m239aa1be-2840-8403-9644-ba73acb…[22m
      [2m    +N ms[22m  [2m│   │   ├ [22m[32m✓[39m [36mfulfillment[39m write reservation held -> sh…  [2mN ms[22m
      [2m         [22m  [2m│   │   │ └ [22m[1morder_fulfilled[22m  [2me1a355dd-bd92-80ba-94da-db3e1…[22m
      [2m    +N ms[22m  [2m│   │   │   ├ [22m[32m✓[39m [36minventory  [39m write stock left: keyboa…  [2mN ms[22m
      [2m    +N ms[22m  [2m│   │   │   ├ [22m[32m✓[39m [36manalytics  [39m measure OrdersFulfilled 1  [2mN ms[22m
      [2m    +N ms[22m  [2m│   │   │   └ [22m[32m✓[39m [36morder      [39m write order paid -> ful…  [2mN ms[22m
      [2m    +N ms[22m  [2m│   │   ├ [22m[32m✓[39m [36manalytics  [39m measure PaymentsProcessed 1,…  [2mN ms[22m
      [2m    +N ms[22m  [2m│   │   └ [22m[32m✓[39m [36morder      [39m write order reserved -> paid  [2mN ms[22m
      [2m    +N ms[22m  [2m│   ├ [22m[32m✓[39m [36manalytics  [39m measure InventoryReservations 1  [2mN ms[22m
      [2m    +N ms[22m  [2m│   └ [22m[32m✓[39m [36morder      [39m write order created -> reserved  [2mN ms[22m
      [2m    +N ms[22m  [2m└ [22m[32m✓[39m [36manalytics  [39m measure OrdersCreated 1, OrderValue …  [2mN ms[22m

      4 events, 11 deliveries in N ms
      [32mNothing is missing.[39m
      "
    `);
  });

  test('--format timeline shows it in the order of time', async () => {
    const { stdout } = await session.run(`trace ${id} --format timeline`);
    const lines = stdout.split('\n').filter((line) => / ms {2}[→✓]/.test(line));
    expect(lines).toHaveLength(12);
    const times = lines.map((line) => Number(/\+([\d.]+) ms/.exec(line)![1]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(scrub(lines[1]!)).toMatchInlineSnapshot(
      `"    +N ms  ✓ inventory   order_created      write held keyboard x1, laptop-pro x2 → publish inventory_reserved  N ms"`,
    );
  });

  test('--format mermaid is a sequence diagram', async () => {
    const { stdout } = await session.run(`trace ${id} --format mermaid`, { terminal: 80 });
    expect(scrub(stdout).split('\n').slice(0, 14).join('\n')).toMatchInlineSnapshot(`
      "sequenceDiagram
        title Order ord_1kdwpvng00000000, fulfilled
        participant order
        participant inventory
        participant payment
        participant fulfillment
        participant analytics
        Note over order: write order created
        order->>inventory: order_created
        Note over inventory:    +N ms write held keyboard x1, laptop-pro x2, measure StockLevel 99, StockLevel 98
        inventory->>payment: inventory_reserved
        Note over payment:    +N ms write payment of 2749.97 succeeded
        payment->>fulfillment: payment_succeeded
        Note over fulfillment:    +N ms write reservation held → shipped, store receipts/ord_1kdwpvng00000000.json"
    `);
  });

  test('--json and --format json give the tree as data', async () => {
    const trace = (await session.run(`trace ${id} --json`)).json();
    expect(trace).toMatchObject({
      ...{ order_id: id, settled: true, missing: [], order: { status: 'fulfilled', customer_id: 'ada' } },
      counts: { events: 4, deliveries: 11, duplicates: 0, failed: 0 },
      events: [{ event_type: 'order_created', published_by: 'order', causation_id: null }],
    });
    expect((await session.run(`trace ${id} --format json`)).json()).toEqual(trace);
    expect((await session.run(`trace ${id} --format mermaid --json`)).json()).toEqual(trace);
  });

  test('--follow of a settled order tells all and ends', async () => {
    const facts = (await session.run(`trace ${id} --follow --json`)).lines();
    expect(facts.map(({ kind }) => kind)).toEqual([...Array.from({ length: 12 }, () => 'step'), 'trace']);
    expect((await session.run(`trace ${id} --follow --format timeline`)).stdout).toContain('Nothing is missing.');
  });

  test.each(['ord_nobody', 'constructor', '"; drop"'])('an order that is not there: %s', async (unknown) => {
    for (const flags of ['', '--follow']) {
      const outcome = await session.run(`trace ${unknown} ${flags}`);
      expect(outcome).toMatchObject({ code: 1, stdout: '' });
      expect(outcome.stderr).toContain('no order ');
      expect((await session.run(`trace ${unknown} ${flags} --json`)).json().error.code).toBe('not_found');
    }
  });

  test.each([
    ['', 'ID was not given'],
    ['x --format svg', 'tree, timeline, mermaid, json'],
    ['x y', 'too many arguments'],
  ])('trace %s: a usage error', async (flags, message) => {
    const outcome = await session.run(`trace ${flags}`);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(message);
  });
});

describe('an order under way', () => {
  let id: string;
  beforeEach(async () => {
    id = await fresh();
  });
  afterEach(() => session.close());

  test('shows what is still missing', async () => {
    await session.run('drain inventory payment --max 2');
    expect(scrub((await session.run(`trace ${id}`)).stdout)).toMatchInlineSnapshot(`
      "ord_1kdwpvng00000000  created  1 × keyboard, 2 × laptop-pro, 2749.97 for ada
      placed 2026-01-01T12:00:00.000Z, correlation 11209677-6dea-83ac-8380-96899f311554

          +N ms  order_created  by order: write order created
          +N ms  ├─ ✓ inventory   write held keyboard x1, laptop-pro x2  N ms
                 │  └─ inventory_reserved  5defe5f8-b39e-8223-9349-4f0839a6a14f
          +N ms  │     ├─ ✓ payment     write payment of 2749.97 succeeded  N ms
                 │     │  └─ payment_succeeded  239aa1be-2840-8403-9644-ba73acb48006
                 │     │     ├─ … order       waits in its queue
                 │     │     ├─ … fulfillment waits in its queue
                 │     │     └─ … analytics   waits in its queue
                 │     ├─ … order       waits in its queue
                 │     └─ … analytics   waits in its queue
                 └─ … analytics   waits in its queue

      3 events, 2 deliveries in N ms
      Still missing: analytics: 3 messages waiting; order: 2 messages waiting; fulfillment: 1 message waiting.
      "
    `);
    const { missing, settled } = (await session.run(`trace ${id} --json`)).json();
    expect(settled).toBe(false);
    expect(missing).toContainEqual({
      ...{ service: 'fulfillment', event_type: 'payment_succeeded', event_id: expect.any(String) },
      ...{ attempts: 0, state: 'waiting' },
    });
  });

  test('is followed until it is settled', async () => {
    const drained = { done: false };
    const outcome = await session.run(`trace ${id} --follow --json`, {
      watch: (stdout) => {
        if (drained.done || !stdout.includes('order_created')) return;
        drained.done = true;
        void session.run('drain');
      },
    });
    expect(outcome.code).toBe(0);
    const facts = outcome.lines();
    expect(facts).toHaveLength(13);
    expect(facts.at(-1)).toMatchObject({ kind: 'trace', settled: true, order: { status: 'fulfilled' } });
  });

  test('is followed until Ctrl-C: what there is, and 130', async () => {
    const abort = new AbortController();
    const outcome = await session.run(`trace ${id} --follow`, {
      signal: abort.signal,
      watch: (stdout) => stdout.includes('order_created') && abort.abort(),
    });
    expect(outcome).toMatchObject({ code: 130, stderr: '' });
    expect(outcome.stdout).toContain('Still missing: inventory: 1 message waiting; analytics: 1 message waiting.');
  });

  test('that ends in the dead-letter queue says how to look', async () => {
    session.emulator!.engine.call({
      ...{ service: 'dynamodb', operation: 'PutItem', account: '000000000000', region: 'us-east-1' },
      input: {
        TableName: 'payments',
        Item: {
          order_id: { S: id },
          payment_id: { S: 'p' },
          status: { S: 'succeeded' },
          amount: { S: '1.00' },
          correlation_id: { S: 'c' },
          caused_by: { S: 'x' },
          created_at: { S: '2026-01-01T00:00:00.000Z' },
        },
      },
    });
    await session.run('drain');
    const { stdout } = await session.run(`trace ${id}`, { terminal: 100 });
    expect(stdout).toContain('contradiction: order');
    expect(stdout).toContain('Still missing: payment: 1 message dead-lettered.');
    expect(stdout).toContain('cliffracer dlq show payment');
  });

  test('log lines act on no terminal, and break no diagram', async () => {
    const message = JSON.stringify({
      ...{
        order_id: id,
        service: 'in\u001b[31mventory',
        event_type: 'evil\n  end\u202e',
        event_id: 'e\u0007',
        message_id: 'm',
      },
      ...{ effects: ['<script>;#35;'], error: { code: '\u009b31m', message: 'x\r\ny' } },
    });
    session.emulator!.engine.call({
      ...{ service: 'logs', operation: 'PutLogEvents', account: '000000000000', region: 'us-east-1' },
      input: {
        logGroupName: '/cliffracer/ecommerce',
        logStreamName: 'order-service',
        logEvents: [{ timestamp: session.now, message }],
      },
    });
    for (const format of ['tree', 'timeline', 'mermaid']) {
      const { code, stdout } = await session.run(`trace ${id} --format ${format}`);
      expect(code).toBe(0);
      expect(stdout).not.toMatch(/[\u001b\u0007\u009b\u202e\r]/);
      expect(stdout).toContain('in\\u001b[31mventory');
    }
    const { stdout } = await session.run(`trace ${id} --format mermaid`);
    expect(stdout).toContain('participant other');
    expect(stdout).not.toMatch(/[<>](?!>)script|^ *end/m);
  });
});
