import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptKeyOf } from '../../src/domain/names.ts';
import type { ServiceId } from '../../src/emulator/core/types.ts';
import { Session } from '../support/session.ts';

/**
 * What somebody else may have put into the tables, queues, bucket and log group: escapes that clear the screen, set the
 * title, move the cursor or hide text; 8-bit controls; marks that turn the direction of text.
 */
const ESCAPES = '\u001b[2J\u001b]0;pwned\u0007\u009b31m\r\b\u0000\u007f\u202egnp.exe\u2028\u200b\nfake line';
// Anything in it that is not printed as it reads.
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u202e]/u;

const SCOPE = { account: '000000000000', region: 'us-east-1' };
const AT = '2026-01-01T12:00:00.000Z';
const ID = 'ord_hostile';

let session: Session;
beforeAll(async () => {
  session = await new Session().provisioned();
  await poisonTables();
  await poisonBucket();
  await poisonLogs();
});
afterAll(() => session.close());

const call = (service: ServiceId, operation: string, input: Record<string, unknown>) =>
  session.emulator!.engine.call({ service, operation, ...SCOPE, input });

/** DynamoDB's form of a value (AttributeValue). */
function attribute(value: unknown): Record<string, unknown> {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  return { M: attributes(value as Record<string, unknown>) };
}
const attributes = (item: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attribute(value)]));
const put = (table: string, item: Record<string, unknown>) =>
  call('dynamodb', 'PutItem', { TableName: table, Item: attributes(item) });

const LINES = [{ sku: ESCAPES, name: ESCAPES, quantity: 1, unit_price: ESCAPES }];
const ABOUT = { correlation_id: ESCAPES, caused_by: ESCAPES, created_at: ESCAPES, reason: ESCAPES };
const order = (order_id: string, status: string) => ({
  ...{ order_id, status, customer_id: `c${ESCAPES}`, customer_name: ESCAPES, items: LINES, payment: ESCAPES },
  ...{ total_amount: ESCAPES, created_at: AT, updated_at: ESCAPES, version: 1, reason: ESCAPES },
  ...{ correlation_id: ESCAPES, history: [{ status: ESCAPES, at: ESCAPES, event_id: ESCAPES, reason: ESCAPES }] },
});

async function poisonTables(): Promise<void> {
  await put('orders', order(ID, 'fulfilled'));
  await put('orders', order(`ord${ESCAPES}`, 'created'));
  await put('customers', { customer_id: `c${ESCAPES}`, name: ESCAPES });
  await put('products', { sku: `s${ESCAPES}`, name: ESCAPES, price: '1.00' });
  await put('inventory', { sku: `s${ESCAPES}`, stock: 1, reserved: 0, available: 1, received: 1 });
  await put('reservations', { ...ABOUT, order_id: ID, status: ESCAPES, items: LINES });
  await put('payments', { ...ABOUT, order_id: ID, payment_id: ESCAPES, status: ESCAPES, amount: ESCAPES });
}

async function poisonBucket(): Promise<void> {
  const line = { sku: ESCAPES, name: ESCAPES, quantity: 1, unit_price: '1.00', line_total: '1.00' };
  const receipt = {
    ...{ order_id: ID, customer_id: ESCAPES, customer_name: ESCAPES, correlation_id: ESCAPES, payment_id: ESCAPES },
    ...{ items: [line], total_amount: '1.00', paid_at: ESCAPES, fulfilled_at: ESCAPES, receipt_version: 1 },
  };
  for (const key of [receiptKeyOf(ID), `receipts/x${ESCAPES.replace('\u0000', '')}`]) {
    await call('s3', 'PutObject', {
      Bucket: 'ecommerce-receipts',
      Key: key,
      Body: Buffer.from(JSON.stringify(receipt)),
    });
  }
}

async function poisonLogs(): Promise<void> {
  const line = {
    ...{ timestamp: ESCAPES, level: ESCAPES, service: ESCAPES, action: ESCAPES, message: ESCAPES, order_id: ESCAPES },
    ...{ attempt: ESCAPES, duration_ms: ESCAPES, error: { code: ESCAPES, message: ESCAPES } },
  };
  const group = { logGroupName: '/cliffracer/ecommerce', logStreamName: 'order-service' };
  await call('logs', 'PutLogEvents', {
    ...group,
    logEvents: [JSON.stringify(line), `plain ${ESCAPES}`].map((message) => ({ timestamp: session.now, message })),
  });
}

const VIEWS = [
  'order list',
  `order show ${ID}`,
  'inspect orders',
  'inspect inventory',
  'inspect customers',
  'inspect receipts',
  `inspect receipts ${ID}`,
  'inspect queues',
  'inspect metrics',
  'inspect logs',
];

describe.each(VIEWS)('%s', (line) => {
  test.each([
    ['in a pipe', {}],
    ['in a terminal', { terminal: 400 }],
    ['in a narrow terminal', { terminal: 40 }],
  ])('%s', async (_where, options) => {
    const { code, stdout, stderr } = await session.run(`${line} --no-color`, options);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(ACTS);
    expect(stdout).not.toMatch(/^fake line/m);
  });

  test('--json: any reader of JSON gets the very strings, any terminal only harmless text', async () => {
    const { code, stdout, stderr } = await session.run(`${line} --json`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(ACTS);
  });
});

test('--json keeps the strings', async () => {
  const { customers } = (await session.run('inspect customers --json')).json();
  expect(customers.map(({ name }: any) => name)).toContain(ESCAPES);
});

test('errors repeat a hostile value harmlessly', async () => {
  for (const line of [
    `order show "${ESCAPES}"`,
    `inspect receipts "${ESCAPES}"`,
    `inspect "${ESCAPES}"`,
    `drain "${ESCAPES}"`,
    `order list --status "${ESCAPES}"`,
    `order list "--${ESCAPES}"`,
    `order create --customer ada --item "${ESCAPES}:1"`,
    `order create --customer "${ESCAPES}" --item keyboard:1`,
    `order create --customer ada --item keyboard:1 --name "${ESCAPES}"`,
    `order list --stack "${ESCAPES}"`,
    `order list --region "${ESCAPES}"`,
    `order list --endpoint-url "http://${ESCAPES}"`,
  ]) {
    for (const flags of ['', ' --json', ' --debug']) {
      const { code, stdout, stderr } = await session.run(line + flags);
      expect(code).toBeGreaterThan(0);
      expect(stdout + stderr).not.toMatch(ACTS);
    }
  }
});

describe('messages', () => {
  let own: Session;
  const event = {
    ...{ event_type: 'inventory_reserved', event_id: ESCAPES, order_id: ESCAPES, customer_id: ESCAPES },
    ...{ customer_name: ESCAPES, correlation_id: ESCAPES, causation_id: ESCAPES, timestamp: AT },
    ...{ schema_version: 1, total_amount: '1.00', payment: 'approve' },
    items: [{ sku: ESCAPES, name: ESCAPES, quantity: 1, unit_price: '1.00' }],
  };
  // SQS takes no other control characters than these; JSON spells out the rest.
  const bodies = [
    JSON.stringify(event),
    JSON.stringify({ ...event, event_type: ESCAPES }),
    JSON.stringify({ ...event, items: ESCAPES }),
    '\u009b31m\u202e not JSON \u007f',
  ];
  beforeAll(async () => {
    own = await new Session().provisioned();
    for (const body of bodies) {
      const input = { QueueUrl: `${own.endpoint}/000000000000/order-queue`, MessageBody: body };
      await own.emulator!.engine.call({ service: 'sqs', operation: 'SendMessage', ...SCOPE, input });
    }
  });
  afterAll(() => own.close());

  test('shown, handled, logged and summed up without effect on the terminal', async () => {
    const answers = Array.from({ length: bodies.length }, () => 'l');
    const steps = await own.run('drain order --step --no-color', { terminal: 100, answers });
    expect(steps.stdout + steps.stderr).not.toMatch(ACTS);
    expect(steps.stderr).toContain('\\u001b[2J');
    const pipe = await own.run('drain --max 2');
    expect(pipe.stdout + pipe.stderr).not.toMatch(ACTS);
    const json = await own.run('drain --json');
    expect(json.stdout).not.toMatch(ACTS);
    expect(json.lines().at(-1)).toMatchObject({ kind: 'summary', ended: 'empty' });
    for (const line of ['inspect logs', 'inspect queues', 'inspect logs --json']) {
      expect((await own.run(line)).stdout).not.toMatch(ACTS);
    }
  });
});
