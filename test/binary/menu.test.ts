import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CTRL_C, DOWN, ENTER, ESCAPE, Sandbox } from './program.ts';

const TIMEOUT = 120_000;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
}, TIMEOUT);
afterEach(() => sandbox.close(), TIMEOUT);

describe('cliffracer alone', () => {
  test('suggests what there is to do now, from no engine to an order', { timeout: TIMEOUT }, async () => {
    const terminal = sandbox.terminal('');
    await terminal.until('No engine');
    await terminal.until(/❯ up +start the engine/);
    terminal.keys(ENTER);
    await terminal.until('$ cliffracer up');
    await terminal.until('the queues are empty');
    await terminal.until(/❯ order create +place the first order/);
    terminal.keys(ENTER);
    // Esc at a question of a command leads back to the menu.
    await terminal.until('Customer (type to search');
    terminal.keys(ESCAPE);
    await terminal.until(/❯ order create +place the first order/);
    await sandbox.ready('order create --customer ada --item laptop-pro:1');
    terminal.keys('inspect queues');
    await terminal.until(/What next\? \(type to search all commands\) inspect queues\s+❯ inspect queues/);
    terminal.keys(ENTER);
    await terminal.until('$ cliffracer inspect queues');
    await terminal.until('2 messages waiting');
    await terminal.until(/❯ drain --step +step through 2 waiting messages/);
    terminal.keys(DOWN, ENTER);
    await terminal.until('The queues are empty.');
    await terminal.until(/trace @last +see what became of the latest order/);
    terminal.keys(ESCAPE);
    expect(await terminal.ended).toBe(0);
  });

  test('leads into areas, keeps the place there, and Esc leads back', { timeout: TIMEOUT }, async () => {
    await sandbox.ready('up');
    const terminal = sandbox.terminal('');
    await terminal.until(/❯ order create +place the first order/);
    terminal.keys(DOWN, DOWN, DOWN, DOWN, DOWN, ENTER);
    await terminal.until(/Shop\s+❯ order create/);
    terminal.keys('order list');
    await terminal.until(/Shop order list\s+❯ order list/);
    terminal.keys(ENTER);
    await terminal.until('$ cliffracer order list');
    await terminal.until('No orders.');
    // The mark stands where it stood.
    await terminal.until(/Shop\s+order create[\s\S]*❯ order list/);
    terminal.keys(ESCAPE);
    await terminal.until(/❯ Shop +order, drain, run, audit/);
    terminal.keys(ESCAPE);
    expect(await terminal.ended).toBe(0);
  });

  test('asks for the arguments of a command, and judges them', { timeout: TIMEOUT }, async () => {
    await sandbox.ready('up');
    const terminal = sandbox.terminal('');
    await terminal.until('What next?');
    terminal.keys('clock adv');
    await terminal.until(/clock adv\s+❯ clock advance/);
    terminal.keys(ENTER);
    await terminal.until('TIME: how far');
    terminal.keys('soon', ENTER);
    await terminal.until('It must be a length of time');
    terminal.keys('\u0015', '30s', ENTER);
    await terminal.until('$ cliffracer clock advance 30s');
    await terminal.until('What next?');
    terminal.keys(CTRL_C);
    expect(await terminal.ended).toBe(130);
  });

  test('at 60 x 20 without colour: no line is wider, and no colour is written', { timeout: TIMEOUT }, async () => {
    await sandbox.ready('up');
    const terminal = sandbox.terminal('', { NO_COLOR: '1' }, { cols: 60, rows: 20 });
    await terminal.until(/❯ order create +place the first order/);
    terminal.keys(DOWN, DOWN, DOWN, ENTER);
    await terminal.until(/Look inside\s+❯ trace/);
    terminal.keys(ESCAPE);
    await terminal.until('What next?');
    terminal.keys(ESCAPE);
    expect(await terminal.ended).toBe(0);
    expect(terminal.raw).not.toMatch(/\u001b\[[\d;]*m/);
  });
});

describe('a command that wants an id', () => {
  test('offers the orders, searched by what is typed', { timeout: TIMEOUT }, async () => {
    await sandbox.ready('up');
    await sandbox.ready('order create --customer ada --item laptop-pro:1');
    await sandbox.ready('order create --customer grace --item keyboard:1');
    const terminal = sandbox.terminal('order show');
    await terminal.until('Which order? (2 orders, type to search)');
    await terminal.until(/❯ ord_[0-9a-z]+ {2}created .*for grace/);
    terminal.keys('ada');
    await terminal.until(/search\) ada\s+❯ ord_[0-9a-z]+ {2}created .*for ada/);
    terminal.keys(ENTER);
    await terminal.until('Ada Lovelace (ada)');
    expect(await terminal.ended).toBe(0);
  });
});
