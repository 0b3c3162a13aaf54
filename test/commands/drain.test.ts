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
  test('shows each message, then handles it, leaves it, or quits', async () => {
    await order();
    const { code, stdout, stderr } = await session.run('drain --step', { answers: ['handle', 'leave', 'quit'] });
    expect(code).toBe(0);
    expect(stderr).toContain('has a message in inventory-queue');
    expect(stderr).toContain('order_created');
    expect(stdout).toContain('publish inventory_reserved');
    expect(stdout).toContain('1 handled');
    // What was left, and what was not reached, is handled by the next run.
    expect((await session.run('drain --json')).lines().at(-1)).toMatchObject({ ended: 'empty', handled: 10 });
  });

  test('needs a terminal', async () => {
    const outcome = await session.run('drain --step');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('--max 1');
  });
});
