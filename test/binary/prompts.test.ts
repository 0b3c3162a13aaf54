import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CTRL_C, CTRL_U, DOWN, ENTER, ESCAPE, Sandbox, SPACE, type Terminal } from './program.ts';

const TIMEOUT = 120_000;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
}, TIMEOUT);
afterEach(() => sandbox.close(), TIMEOUT);

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Whatever hid the cursor has shown it again. */
function expectCursor({ raw }: Terminal): void {
  expect(raw.lastIndexOf(SHOW_CURSOR)).toBeGreaterThanOrEqual(raw.lastIndexOf(HIDE_CURSOR));
}

describe('order create', () => {
  beforeEach(async () => {
    expect((await sandbox.run('up')).code).toBe(0);
  }, TIMEOUT);

  test('asks for customer, products, quantities and the order itself', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('order create');
    await terminal.until('Customer (type to search');
    await terminal.until('ada       Ada Lovelace');
    terminal.keys('grace');
    // The only one left, with the keys' help below: the search for the whole word has ended.
    await terminal.until(/❯ grace +Grace Hopper\s+\+ a new customer: grace\s+↑↓/);
    terminal.keys(ENTER);
    await terminal.until('Products (space picks');
    await terminal.until(/Laptop Pro +1299\.99 +100 available/);
    terminal.keys(SPACE);
    await terminal.until('◉');
    terminal.keys(DOWN, SPACE, ENTER);
    await terminal.until('How many Laptop Pro');
    terminal.keys('0', ENTER);
    await terminal.until('quantity 0 of "laptop-pro" orders nothing: take 1 to 1000');
    terminal.keys('\u007f', '2', ENTER);
    await terminal.until('How many Smartphone X');
    terminal.keys(ENTER);
    await terminal.until('How does the simulated payment end?');
    await terminal.until('the payment succeeds');
    terminal.keys(DOWN);
    await terminal.until('it is declined');
    terminal.keys(ENTER);
    await terminal.until('3499.97 for 3 pieces');
    await terminal.until('Place this order?');
    terminal.keys(ENTER);
    await terminal.until(/✓ ord_[0-9a-z]+ for grace: 2 × laptop-pro, 1 × smartphone-x, 3499\.97/);
    expect(await terminal.ended).toBe(0);
    expectCursor(terminal);
    const { orders } = (await sandbox.run('order list --json')).json();
    expect(orders).toMatchObject([{ customer_id: 'grace', total_amount: '3499.97', payment: 'decline' }]);
  });

  test('a new customer: each answer is judged where it is given', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('order create --item keyboard:1');
    await terminal.until('ada       Ada Lovelace');
    terminal.keys('Zoé 🚀');
    await terminal.until(/❯ \+ a new customer: Zoé 🚀\s+↑↓/);
    terminal.keys(ENTER);
    await terminal.until('Name of the new customer (Zoé 🚀)');
    terminal.keys(ENTER);
    await terminal.until('Customer id (zoe)');
    terminal.keys('Zoé 🚀', ENTER);
    await terminal.until('customer "Zoé 🚀" is not a customer id');
    terminal.keys(CTRL_U, 'ada', ENTER);
    await terminal.until('customer ada is known already');
    terminal.keys(CTRL_U, ENTER);
    await terminal.until('Email (Enter leaves it out)');
    terminal.keys('zoe', ENTER);
    await terminal.until('email "zoe" is not an address');
    terminal.keys('@example.com', ENTER);
    await terminal.until('How does the simulated payment end?');
    terminal.keys(ENTER);
    await terminal.until(/customer +Zoé 🚀 \(zoe\), zoe@example\.com/);
    await terminal.until('149.99 for 1 piece');
    await terminal.until('Place this order?');
    terminal.keys(ENTER);
    await terminal.until(/✓ ord_[0-9a-z]+ for zoe/);
    expect(await terminal.ended).toBe(0);
    const { customers } = (await sandbox.run('inspect customers --json')).json();
    expect(customers).toContainEqual(expect.objectContaining({ name: 'Zoé 🚀', email: 'zoe@example.com' }));
  });

  test('Esc leads back question by question, and out; no changes nothing', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('order create --customer ada');
    await terminal.until('Products (space picks');
    terminal.keys(SPACE, ENTER);
    await terminal.until('How many Laptop Pro');
    terminal.keys('7', ENTER);
    await terminal.until('How does the simulated payment end?');
    terminal.keys(ESCAPE);
    await terminal.until('How many Laptop Pro at 1299.99 (100 available) (7)');
    terminal.keys(ESCAPE);
    // What was picked is still picked.
    await terminal.until(/❯◉ Laptop Pro/);
    terminal.keys(ENTER);
    await terminal.until('(7)');
    terminal.keys(ENTER);
    await terminal.until('How does the simulated payment end?');
    terminal.keys(ENTER);
    await terminal.until('9099.93 for 7 pieces');
    await terminal.until('Place this order?');
    terminal.keys('n', ENTER);
    await terminal.until('the order was not placed');
    expect(await terminal.ended).toBe(5);
    const left = sandbox.terminal('order create');
    await left.until('Customer (type to search');
    left.keys(ESCAPE);
    await left.until('left with Esc; nothing was changed');
    expect(await left.ended).toBe(130);
    expectCursor(left);
    expect((await sandbox.run('order list --json')).json().orders).toEqual([]);
  });

  test.each([
    ['at the first question', 'Customer (type to search', []],
    ['at a later one', 'Place this order?', ['--customer ada']],
  ] as const)(
    'Ctrl-C %s: exit 130, and the terminal is as it was',
    { timeout: TIMEOUT },
    async (_where, question, flags) => {
      // The shell survives the program and tells what it left behind.
      const script = `stty -a > "$HOME/before"; "$0" "$1" order create ${flags.join(' ')}; echo "code=$?"; stty -a > "$HOME/after"; cmp "$HOME/before" "$HOME/after" && echo clean=yes`;
      const terminal = sandbox.shell(script);
      if (flags.length > 0) {
        await terminal.until('Products (space picks');
        terminal.keys(SPACE, ENTER);
        await terminal.until('How many');
        terminal.keys(ENTER);
        await terminal.until('How does the simulated payment end?');
        terminal.keys(ENTER);
      }
      await terminal.until(question);
      terminal.keys(CTRL_C);
      await terminal.until('interrupted');
      await terminal.until('code=130');
      await terminal.until('clean=yes');
      expect(await terminal.ended).toBe(0);
      expectCursor(terminal);
      expect((await sandbox.run('order list --json')).json().orders).toEqual([]);
    },
  );
});

describe('drain --step', () => {
  beforeEach(async () => {
    await sandbox.ready('up');
    await sandbox.ready('order create --customer ada --item laptop-pro:1');
  }, TIMEOUT);

  test('stops at each message: handle, leave, quit', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('drain --step');
    await terminal.until('inventory has a message in inventory-queue');
    await terminal.until('order_created');
    await terminal.until('What now?');
    terminal.keys(ENTER);
    await terminal.until('publish inventory_reserved');
    await terminal.until('inventory/laptop-pro available 100 -> 99, reserved 0 -> 1');
    await terminal.until('payment has a message in payment-queue');
    await terminal.until('What now?');
    terminal.keys('l');
    await terminal.until(/left .* in payment-queue/);
    await terminal.until('What now?');
    terminal.keys('q');
    await terminal.until('Stopped as asked');
    expect(await terminal.ended).toBe(0);
    expectCursor(terminal);
    // Nothing was lost by it: what was left and what was not reached is handled now.
    const { stdout } = await sandbox.run('drain --json');
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({ ended: 'empty', handled: 10 });
  });

  test('Ctrl-C at a message: exit 130, and the message waits in its queue', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('drain --step');
    await terminal.until('What now?');
    terminal.keys(CTRL_C);
    expect(await terminal.ended).toBe(130);
    expectCursor(terminal);
    const { stdout } = await sandbox.run('drain --json');
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({ ended: 'empty', handled: 11 });
  });
});

test.each(['reset', 'destroy'])('%s asks, and no is the answer of Enter', { timeout: TIMEOUT }, async (command) => {
  await sandbox.ready('up');
  const terminal = sandbox.terminal(command);
  await terminal.until('(y/N)');
  terminal.keys(ENTER);
  await terminal.until('nothing was changed');
  expect(await terminal.ended).toBe(5);
});

test('SIGTERM at a question: exit 130, and the cursor is back', { timeout: TIMEOUT }, async () => {
  const terminal = sandbox.terminal('');
  await terminal.until('What next?');
  process.kill(terminal.pid, 'SIGTERM');
  expect(await terminal.ended).toBe(130);
  expectCursor(terminal);
});
