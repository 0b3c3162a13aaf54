import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CTRL_C, DOWN, ENTER, Sandbox, SPACE, type Terminal } from './program.ts';

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
    await terminal.until('ada  Ada Lovelace');
    terminal.keys('grace');
    // The only one left, with the keys' help below: the search for the whole word has ended.
    await terminal.until(/❯ grace {2}Grace Hopper\s+↑↓/);
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
    await terminal.until('3499.97 for 3 pieces');
    await terminal.until('Place this order?');
    terminal.keys(ENTER);
    await terminal.until(/✓ ord_[0-9a-z]+ for grace: 2 × laptop-pro, 1 × smartphone-x, 3499\.97/);
    expect(await terminal.ended).toBe(0);
    expectCursor(terminal);
    const { orders } = (await sandbox.run('order list --json')).json();
    expect(orders).toMatchObject([{ customer_id: 'grace', total_amount: '3499.97', status: 'created' }]);
  });

  test('a new customer is made from what was typed', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('order create --item keyboard:1');
    await terminal.until('ada  Ada Lovelace');
    terminal.keys('barbara');
    await terminal.until('barbara  (new customer)');
    terminal.keys(ENTER);
    await terminal.until('Place this order?');
    terminal.keys('n', ENTER);
    await terminal.until('the order was not placed');
    expect(await terminal.ended).toBe(5);
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
    await terminal.until('payment has a message in payment-queue');
    await terminal.until('What now?');
    terminal.keys(DOWN, ENTER);
    await terminal.until(/left .* in payment-queue/);
    await terminal.until('What now?');
    terminal.keys(DOWN, DOWN, ENTER);
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

describe('cliffracer alone', () => {
  test('leads from no engine to an order and back to nothing', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('');
    await terminal.until('No engine');
    await terminal.until('What next?');
    terminal.keys(ENTER);
    await terminal.until('embedded');
    await terminal.until('What next?');
    // The last but one choice is `down`, the last `quit`; the list goes round.
    terminal.keys('\u001b[A', '\u001b[A', ENTER);
    await terminal.until('stopped');
    await terminal.until('No engine');
    await terminal.until('What next?');
    terminal.keys('\u001b[A', ENTER);
    expect(await terminal.ended).toBe(0);
    expectCursor(terminal);
  });

  test('Ctrl-C ends it', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('');
    await terminal.until('What next?');
    terminal.keys(CTRL_C);
    expect(await terminal.ended).toBe(130);
    expectCursor(terminal);
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
