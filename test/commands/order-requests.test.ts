import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(async () => {
  session = await new Session().provisioned();
});
afterEach(() => session.close());

const order = async (flags = '--customer ada --item laptop-pro:1') =>
  (await session.run(`order create ${flags} --json`)).json().order.order_id as string;
const show = async (id: string) => (await session.run(`order show ${id} --json`)).json();

describe('order cancel', () => {
  test('releases what is held, and refunds what was paid', async () => {
    const id = await order();
    await session.run('drain inventory payment');
    const { code, stdout } = await session.run(`order cancel ${id}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `✓ ${id} is to be cancelled: cancel_requested published\n` });
    expect((await show(id)).order.status).toBe('cancelling');
    expect((await session.run('drain')).code).toBe(0);
    expect(await show(id)).toMatchObject({
      order: { status: 'cancelled', reason: 'cancelled on request' },
      reservation: { status: 'released' },
      payment: { status: 'refunded', amount: '1299.99' },
    });
    expect((await session.run('audit')).code).toBe(0);
    const metrics = (await session.run('inspect metrics --json')).json();
    expect(metrics.series.find(({ metric }: any) => metric === 'refunds')).toMatchObject({ value: 1 });
  });

  test('--json gives the order as it stands now; asked twice it is asked again', async () => {
    const id = await order();
    expect((await session.run(`order cancel ${id} --json`)).json()).toMatchObject({
      order: { order_id: id, status: 'cancelling' },
      event_id: expect.any(String),
      asked_before: false,
      warnings: [],
    });
    const again = await session.run(`order cancel ${id}`, { terminal: 100 });
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('was to be cancelled before; asked again');
    expect(again.stdout).toContain('Next: cliffracer drain');
  });

  test.each([
    ['fulfilled', '--customer ada --item laptop-pro:1'],
    ['cancelled', '--customer ada --item keyboard:1 --payment timeout'],
    ['rejected', '--customer ada --item tablet-air:101'],
  ])('an order that is %s is refused, naming that', async (status, flags) => {
    const id = await order(flags);
    await session.run('drain');
    const outcome = await session.run(`order cancel ${id}`);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toBe(
      `error: order ${id} is ${status}: it cannot be cancelled\ntry: cliffracer order show ${id}\n`,
    );
    expect((await session.run(`order cancel ${id} --json`)).json().error).toMatchObject({ code: 'conflict' });
  });

  test('an unknown order is not found', async () => {
    const outcome = await session.run('order cancel ord_none');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toBe('error: no order "ord_none"\ntry: cliffracer order list\n');
  });
});

describe('order retry', () => {
  test('lets the payment of an order go through whose provider failed', async () => {
    const id = await order('--customer ada --item keyboard:1 --payment error');
    expect((await session.run('drain')).code).toBe(1);
    const { code, stdout } = await session.run(`order retry ${id}`);
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "✓ ord_1kdwpvng00000000 its payment provider works from now on
      ✓ ord_1kdwpvng00000000 inventory_reserved published again: payment has not handled it
      "
    `);
    await session.run('drain');
    expect((await show(id)).order.status).toBe('fulfilled');
    expect((await session.run('dlq redrive payment')).code).toBe(0);
    expect((await session.run('drain')).code).toBe(0);
    expect((await session.run('audit')).code).toBe(0);
  });

  test('says when there is nothing to do', async () => {
    const id = await order();
    await session.run('drain');
    const { code, stdout } = await session.run(`order retry ${id}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `· ${id} is fulfilled and waits for nothing\n` });
    expect((await session.run(`order retry ${id} --json`)).json()).toEqual({
      order_id: id,
      status: 'fulfilled',
      payment_repaired: false,
      published: [],
      warnings: [],
    });
  });

  test('an unknown order is not found', async () => {
    expect(await session.run('order retry ord_none')).toMatchObject({ code: 1, stdout: '' });
    expect((await session.run('order retry ord_none --json')).json().error.code).toBe('not_found');
  });
});

describe('order create --payment', () => {
  test.each([
    ['approve', 'fulfilled', 'succeeded', undefined],
    ['decline', 'cancelled', 'failed', 'payment declined'],
    ['timeout', 'cancelled', 'failed', 'payment timed out'],
    ['error', 'reserved', undefined, undefined],
  ])('%s: %s', async (payment, status, paid, reason) => {
    const id = await order(`--customer ada --item keyboard:1 --payment ${payment}`);
    await session.run('drain');
    const detail = await show(id);
    expect([detail.order.status, detail.payment?.status, detail.order.reason]).toEqual([status, paid, reason]);
  });
});
