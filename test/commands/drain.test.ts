import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().provisioned();
});
afterEach(() => session.close());

const order = (flags = '--customer ada --item laptop-pro:1 --item keyboard:2') => session.run(`order create ${flags}`);
const send = (queue: string, body: string) =>
  session.emulator!.engine.call({
    ...{ service: 'sqs', operation: 'SendMessage', account: '000000000000', region: 'us-east-1' },
    input: { QueueUrl: `${session.endpoint}/000000000000/${queue}`, MessageBody: body },
  });

interface Called {
  operation: string;
  caller: string;
}

interface Received {
  Body: string;
  MessageAttributes?: Record<string, { StringValue: string }>;
}

const received = async (queue: string): Promise<Received[]> => {
  const input = {
    QueueUrl: `${session.endpoint}/000000000000/${queue}`,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  };
  const { Messages = [] } = (await session.emulator!.engine.call({
    ...{ service: 'sqs', operation: 'ReceiveMessage', account: '000000000000', region: 'us-east-1' },
    input,
  })) as { Messages?: Received[] };
  return Messages;
};
const attributesOf = ({ MessageAttributes = {} }: Received) =>
  Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));

describe('drain', () => {
  test('handles a whole order, a line a message', async () => {
    await order();
    const { code, stdout } = await session.run('drain');
    expect(code).toBe(0);
    expect(stdout.replace(/ +\d+(\.\d)? ms$/gm, '  N ms').replace(/in \d+ ms/, 'in N ms')).toMatchInlineSnapshot(`
      "✓ inventory   order_created      ord_1kdwpvng00000000  write held laptop-pro x1, keyboard x2 → publish inventory_reserved  N ms
      ✓ payment     inventory_reserved ord_1kdwpvng00000000  write payment of 1599.97 succeeded → publish payment_succeeded  N ms
      ✓ fulfillment payment_succeeded  ord_1kdwpvng00000000  write reservation held -> shipped → store receipts/ord_1kdwpvng00000000.json → publish order_fulfilled  N ms
      ✓ inventory   order_fulfilled    ord_1kdwpvng00000000  write stock left: laptop-pro x1, keyboard x2  N ms
      ✓ order       inventory_reserved ord_1kdwpvng00000000  write order created -> reserved  N ms
      ✓ order       payment_succeeded  ord_1kdwpvng00000000  write order reserved -> paid  N ms
      ✓ order       order_fulfilled    ord_1kdwpvng00000000  write order paid -> fulfilled  N ms
      ✓ analytics   order_created      ord_1kdwpvng00000000  measure OrdersCreated 1, OrderValue 1599.97  N ms
      ✓ analytics   inventory_reserved ord_1kdwpvng00000000  measure InventoryReservations 1  N ms
      ✓ analytics   payment_succeeded  ord_1kdwpvng00000000  measure PaymentsProcessed 1, PaymentSuccessRate 100  N ms
      ✓ analytics   order_fulfilled    ord_1kdwpvng00000000  measure OrdersFulfilled 1  N ms

      11 messages in N ms: 11 handled
      The queues are empty.

      QUEUE              READY  IN FLIGHT  DELAYED  DEAD-LETTERED
      order-queue            0          0        0              0
      inventory-queue        0          0        0              0
      payment-queue          0          0        0              0
      fulfillment-queue      0          0        0              0
      analytics-queue        0          0        0              0
      "
    `);
  });

  test('--json: one object a message, then the summary', async () => {
    await order();
    const facts = (await session.run('drain --json')).lines();
    const summary = facts.pop();
    expect(facts.map(({ kind, outcome, attempt }) => ({ kind, outcome, attempt }))).toEqual(
      Array.from({ length: 11 }, () => ({ kind: 'step', outcome: 'handled', attempt: 1 })),
    );
    expect(summary).toMatchObject({ kind: 'summary', ended: 'empty', handled: 11, failed: 0, dead_lettered: 0 });
  });

  test('stops after --max messages, and only touches the services named', async () => {
    await order();
    const facts = (await session.run('drain inventory analytics --max 1 --json')).lines();
    expect(facts.map(({ service }) => service)).toEqual(['inventory', undefined]);
    expect(facts.at(-1)).toMatchObject({ ended: 'max', handled: 1 });
  });

  test('says at once that a queue is held, and how to release it', async () => {
    await order();
    await session.run('queue hold inventory-queue');
    const { code, stdout, stderr } = await session.run('drain');
    expect([code, stderr]).toEqual([1, 'try: cliffracer queue release inventory-queue --all\n']);
    expect(stdout).toContain('What is ready is held: nobody gets it until it is released.');
    const summary = (await session.run('drain --json')).lines().at(-1);
    expect(summary).toMatchObject({ ended: 'held', held: ['inventory-queue'], handled: 0 });
  });

  test("calls bear the name of the service that makes them, and the program's own its name", async () => {
    await order();
    await session.run('drain');
    const { calls } = (await session.run('calls --writes --limit 300 --json')).json();
    const callersOf = (operation: string) =>
      new Set(calls.filter((call: Called) => call.operation === operation).map((call: Called) => call.caller));
    const senders = ['inventory-service', 'payment-service', 'fulfillment-service'];
    expect(callersOf('PublishBatch')).toEqual(new Set([...senders, 'cliffracer']));
    expect(callersOf('DeleteMessageBatch')).toEqual(new Set([...senders, 'order-service', 'analytics-service']));
    expect(callersOf('PutObject')).toEqual(new Set(['fulfillment-service']));
  });

  test('nothing to do is no failure', async () => {
    const { code, stdout } = await session.run('drain');
    expect(code).toBe(0);
    expect(stdout).toContain('0 messages');
  });

  test.each([
    ['not JSON', 'hello {', 'not_json'],
    ['not an event', '{"a":1}', 'not_event'],
    ['a newer schema', '{"event_type":"order_created","schema_version":99}', 'newer_schema'],
    ['an unknown order', JSON.stringify(unknownOrder()), 'unknown_order'],
    ['prototype keys', '{"__proto__":{"event_type":"order_created"},"constructor":1}', 'not_event'],
  ])('%s goes to the dead-letter queue at once, says why, and blocks nobody', async (_name, body, code) => {
    await send('order-queue', body);
    await order();
    const outcome = await session.run('drain --json');
    expect(outcome.code).toBe(1);
    const facts = outcome.lines();
    const failures = facts.filter(({ error }) => error !== undefined);
    expect(failures).toMatchObject([
      { error: { code }, attempt: 1, acknowledged: true, dead_letter_queue: 'order-queue-dlq' },
    ]);
    expect(facts.at(-1)).toMatchObject({ handled: 11, failed: 1, dead_lettered: 1, ended: 'empty' });
    const [dead] = await received('order-queue-dlq');
    expect(dead!.Body).toBe(body);
    expect(attributesOf(dead!)).toMatchObject({
      cliffracer_reason: code,
      cliffracer_detail: failures[0].error.message,
      cliffracer_attempt: '1',
      cliffracer_message_id: failures[0].message_id,
    });
    expect((await session.run('inspect queues')).stdout).toContain('1 message could not be handled');
    expect((await session.run('order list --status fulfilled --json')).json().orders).toHaveLength(1);
  });

  test('a failing payment is tried three times, and ends in the dead-letter queue by itself', async () => {
    await order('--customer ada --item keyboard:1 --payment error');
    const { code, stdout } = await session.run('drain');
    expect(code).toBe(1);
    expect(
      stdout.match(/payment_error: the payment provider failed; when it works again: cliffracer order retry ord_/g),
    ).toHaveLength(3);
    expect(stdout).toContain('attempt 3');
    expect(stdout).toContain('1 dead-lettered');
    expect(attributesOf((await received('payment-queue-dlq'))[0]!)).not.toHaveProperty('cliffracer_reason');
  });

  test('an unknown type of event is acknowledged and logged', async () => {
    await send('order-queue', '{"event_type":"order_gift_wrapped","order_id":"ord_1","event_id":"e1"}');
    const facts = (await session.run('drain --json')).lines();
    expect(facts[0]).toMatchObject({ outcome: 'ignored', acknowledged: true });
    const lines = (await session.run('inspect logs --level warn --json')).lines();
    expect(lines.some(({ message }) => message.includes('order_gift_wrapped'))).toBe(true);
  });
});

/** A complete event about an order that nobody placed. */
function unknownOrder() {
  return {
    ...{ event_type: 'inventory_reserved', event_id: 'e-1', order_id: 'ord_nobody', customer_id: 'ada' },
    ...{ customer_name: 'Ada', correlation_id: 'c-1', causation_id: null, timestamp: '2026-01-01T12:00:00.000Z' },
    ...{ schema_version: 1, total_amount: '149.99', payment: 'approve' },
    items: [{ sku: 'keyboard', name: 'Keyboard', quantity: 1, unit_price: '149.99' }],
  };
}

describe('drain --step', () => {
  const scrubbed = (text: string) =>
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
      .replace(/\b[0-9a-f]{8}\b/g, 'ID')
      .replace(/\d+(\.\d+)? ms/g, 'N ms')
      .replace(/\d\d:\d\d:\d\d\.\d{3}/g, 'TIME')
      .replace(/2026-[0-9T:.]+Z/g, 'TIME');

  test('shows each message, its history and what will be done; then what changed', async () => {
    await order('--customer ada --item laptop-pro:1');
    const { code, stdout, stderr } = await session.run('drain --step', { answers: ['h', 'l', 'q'] });
    expect(code).toBe(0);
    expect(scrubbed(stderr)).toMatchInlineSnapshot(`
      "h handle · l leave · d deliver twice · f fail at a call · x dead-letter · e edit · r run to the end of this order · c continue to the next breakpoint · b breakpoint · q quit · ? help

      inventory has a message in inventory-queue
        event          order_created UUID
        order          ord_1kdwpvng00000000
        correlation    UUID
        customer_name  Ada Lovelace
        items          1 × laptop-pro
        total_amount   1299.99
        payment        approve
        message        UUID
        sent           2026-01-01TTIMEZ by cliffracer, published on order-events
        will           write held laptop-pro x1 → publish inventory_reserved

      payment has a message in payment-queue
        event          inventory_reserved UUID
        order          ord_1kdwpvng00000000
        correlation    UUID
        caused by      UUID
        customer_name  Ada Lovelace
        items          1 × laptop-pro
        total_amount   1299.99
        payment        approve
        message        UUID
        sent           2026-01-01TTIMEZ by inventory-service, published on order-events, in delivery ID, attempt 1
        will           write payment of 1299.99 succeeded → publish payment_succeeded

      analytics has a message in analytics-queue
        event          order_created UUID
        order          ord_1kdwpvng00000000
        correlation    UUID
        customer_name  Ada Lovelace
        items          1 × laptop-pro
        total_amount   1299.99
        payment        approve
        message        UUID
        sent           2026-01-01TTIMEZ by cliffracer, published on order-events
        will           measure OrdersCreated 1, OrderValue 1299.99
      "
    `);
    expect(scrubbed(stdout)).toMatchInlineSnapshot(`
      "✓ inventory   order_created      ord_1kdwpvng00000000  write held laptop-pro x1 → publish inventory_reserved  N ms
        inventory-service, attempt 1: acknowledged (6 calls, N ms)
          reservations/ord_1kdwpvng00000000 new: caused_by "UUID", correlation_id "UUID", created_at "2026-01-01TTIMEZ", items [{"sku":"laptop-pro","name":"Laptop Pro","quantity":1,"unit…, order_id "ord_1kdwpvng00000000", status "held"
          inventory/laptop-pro available 100 -> 99, reserved 0 -> 1
          order-events ID published -> order-queue, payment-queue, analytics-queue; filtered for inventory-queue, fulfillment-queue
        waiting: order-queue 1 · payment-queue 1 · analytics-queue 2
      - left UUID in payment-queue

      1 message in N ms: 1 handled, 1 left
      Stopped as asked; what was not handled waits in its queue.

      QUEUE              READY  IN FLIGHT  DELAYED  DEAD-LETTERED
      order-queue            1          0        0              0
      inventory-queue        0          0        0              0
      payment-queue          1          0        0              0
      fulfillment-queue      0          0        0              0
      analytics-queue        2          0        0              0
      "
    `);
    // What was left, and what was not reached, is handled by the next run.
    expect((await session.run('drain --json')).lines().at(-1)).toMatchObject({ ended: 'empty', handled: 10 });
  });

  test('undoes, repeats, fails and dead-letters; the holds are over at the end', async () => {
    await order();
    const answers = ['h', 'u', '?', 'd', 'u', 'f', '2', 'x'];
    const { code, stdout } = await session.run('drain inventory payment --step', { answers });
    expect(code).toBe(1);
    expect(stdout).toContain('waits in inventory-queue as before');
    expect(stdout).toContain('Delivered again');
    expect(stdout).toMatch(/Call 2, \w+, failed as asked: AccessDenied/);
    expect(stdout).toMatch(/moved .* to inventory-queue-dlq/);
    const { queues } = (await session.run('queue list --json')).json();
    expect(queues.filter(({ hold }: { hold: unknown }) => hold !== null)).toEqual([]);
    expect((await session.run('snapshot list --json')).json().snapshots).toEqual([]);
  });

  test('r handles the rest of an order alone; c goes on to a breakpoint', async () => {
    await order();
    const second = (await session.run('order create --customer grace --item keyboard:1 --json')).json().order.order_id;
    const run = await session.run('drain --step', { answers: ['r', 'b', 'service = payment', 'c', 'q'] });
    expect(run.stdout).toMatch(/Nothing more of ord_\w+ waits\./);
    expect(run.stderr).toContain(`order          ${second}`);
    expect(run.stderr).toContain('breakpoint: service = payment\n\npayment has a message in payment-queue');
    expect((await session.run('inspect receipts --json')).json().receipts).toHaveLength(1);
  });

  test('for scripts: --handle, --break, --until, --undo, one object a step', async () => {
    await order();
    const undone = (await session.run('drain --step --undo --json')).lines();
    expect(undone).toMatchObject([
      { kind: 'step', queue: 'inventory-queue', undone: true, before: { shop: { plan: { outcome: 'handled' } } } },
      { kind: 'step', queue: 'analytics-queue', undone: true },
      { kind: 'summary', ended: 'empty', left: 0 },
    ]);
    const until = (await session.run("drain --step --handle --until 'sent_to = fulfillment-queue' --json")).lines();
    const last = until.at(-2);
    expect(last).toMatchObject({ queue: 'payment-queue', attempt: 1, breakpoints: [], before: null });
    expect(last.deliveries[0]).toMatchObject({ caller: 'payment-service', handled: { outcome: 'handled' } });
    expect(last.deliveries[0].items[0].changes).toContainEqual({ attribute: 'status', after: 'succeeded' });
    const stopped = (await session.run("drain --step --dead-letter --break 'service = fulfillment' --json")).lines();
    expect(stopped.filter(({ kind }) => kind === 'dead_lettered')).toMatchObject([{ queue: 'fulfillment-queue' }]);
    expect(stopped.at(-1)).toMatchObject({ kind: 'summary', ended: 'empty', dead_lettered: 1 });
  });

  test('needs a terminal, or a flag for each stop', async () => {
    const outcome = await session.run('drain --step');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('--handle');
    const without = await session.run('drain --handle');
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('flags for stops need --step')]);
    const both = await session.run('drain --step --leave --twice');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--leave and --twice do not go together')]);
  });
});
