import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SERVICES } from '../../src/domain/names.ts';
import { BIN, Sandbox } from './program.ts';

const TIMEOUT = 120_000;
const SCRIPT = fileURLToPath(new URL('list-everything.mjs', import.meta.url));

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await new Sandbox().open();
}, TIMEOUT);
afterAll(() => sandbox.close(), TIMEOUT);

test('a plain script of the AWS SDK, pointed by the exports of env, sees all that the shop did', {
  timeout: TIMEOUT,
}, async () => {
  for (const line of [
    'up',
    'order create --customer ada --item laptop-pro:1 --item keyboard:2 --json',
    'drain --json',
  ]) {
    expect(await sandbox.run(line)).toMatchObject({ code: 0, stderr: '' });
  }
  // What another profile or session would leave in the environment; the exports must put it right.
  const before = { AWS_PROFILE: 'nobody', AWS_SESSION_TOKEN: 'x', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
  const shell = 'eval "$("$0" "$1" env)" && exec "$0" "$2"';
  const script = sandbox.command('bash', ['-c', shell, process.execPath, BIN, SCRIPT], {
    ...before,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  const { code, stdout, stderr } = await script.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const seen = JSON.parse(stdout);
  const queues = SERVICES.map((service) => `${service}-queue`).sort();
  expect(seen.topics).toEqual(['order-events']);
  expect(seen.subscriptions).toEqual(queues);
  expect(seen.queues).toEqual(queues.flatMap((name) => [name, `${name}-dlq`]));
  expect(seen.redrive).toMatchObject({
    deadLetterTargetArn: expect.stringMatching(/:order-queue-dlq$/),
    maxReceiveCount: expect.anything(),
  });
  expect(seen.tables).toEqual(['customers', 'inventory', 'orders', 'payments', 'products', 'reservations']);
  expect(seen.orders).toMatchObject([{ customer_id: 'ada', status: 'fulfilled', total_amount: '1599.97' }]);
  const { order_id } = seen.orders[0];
  expect(seen.receipts).toEqual([`receipts/${order_id}.json`]);
  expect(seen.receipt).toMatchObject({ order_id, customer_id: 'ada', total_amount: '1599.97' });
  expect(seen.metrics).toEqual(
    expect.arrayContaining(['OrdersCreated', 'OrderValue', 'PaymentsProcessed', 'OrdersFulfilled', 'StockLevel']),
  );
  expect(seen.value).toBeCloseTo(1599.97, 2);
  expect(seen.lines.length).toBeGreaterThanOrEqual(12);
  for (const line of seen.lines) expect(line).toMatchObject({ order_id, level: 'info', service: expect.any(String) });
});
