import { afterEach, beforeEach, expect, test } from 'vitest';
import { WentBack } from '../../src/cli/prompt.ts';
import { ENTRIES } from '../../src/commands/index.ts';
import { Session } from '../support/session.ts';

let session: Session;
beforeEach(() => {
  session = new Session();
});
afterEach(() => session.close());

const menu = (...answers: unknown[]) => session.run('', { answers, terminal: 100, env: { NO_COLOR: '1' } });
const areaOf = (line: string) => `area ${ENTRIES.find(({ path }) => path === line)!.group}`;
/** What was said of the situation and of the commands, line by line. */
const said = (stderr: string) => stderr.split('\n').filter((line) => /^(\$|No engine|error|\S+ at http)/.test(line));

test('without an engine it says so', async () => {
  const { code, stderr } = await menu('quit');
  expect(code).toBe(0);
  expect(said(stderr)).toEqual([expect.stringContaining('No engine at http://127.0.0.1:9: ')]);
});

test('Esc leaves it', async () => {
  expect(await menu(new WentBack())).toMatchObject({ code: 0, stdout: '' });
});

test('runs what is chosen as if it had been typed, and looks again at how things stand', async () => {
  await session.engine();
  const { code, stdout, stderr } = await menu('provision', 'quit');
  expect(code).toBe(0);
  expect(stdout).toContain('payment-queue');
  expect(said(stderr)).toEqual([
    expect.stringContaining(': nothing is provisioned'),
    '$ cliffracer provision',
    expect.stringContaining(': the queues are empty'),
  ]);
});

test('an area goes on until Esc, also after Esc at a question and after a command that fails', async () => {
  await session.provisioned();
  await session.run('order create --customer ada --item keyboard:1');
  const list = areaOf('order list');
  const load = areaOf('snapshot load');
  const esc = new WentBack();
  const { code, stdout, stderr } = await menu(
    list,
    'order show',
    esc,
    'order list',
    esc,
    load,
    'snapshot load',
    esc,
    'quit',
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/ord_\w+ +ada +created/);
  expect(said(stderr)).toEqual([
    expect.stringContaining(': 2 messages waiting'),
    '$ cliffracer order show',
    '$ cliffracer order list',
    expect.stringContaining(': 2 messages waiting'),
    '$ cliffracer snapshot load',
    'error: there are no snapshots',
    expect.stringContaining(': 2 messages waiting'),
  ]);
});
