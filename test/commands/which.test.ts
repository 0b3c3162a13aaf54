import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

/** Ids of orders, newest first. */
let ids: string[];
let session: Session;
beforeAll(async () => {
  session = await new Session().provisioned();
  for (const payment of ['approve', 'decline', 'approve']) {
    await session.run(`order create --customer ada --item keyboard:1 --payment ${payment}`);
    session.now += 3_600_000;
  }
  await session.run('drain');
  ids = (await session.run('order list --json')).json().orders.map((order: any) => order.order_id);
  for (const name of ['before', 'before-two', 'other']) {
    await session.run(`snapshot save ${name}`);
    session.now += 1_000;
  }
});
afterAll(() => session.close());

/** As short a beginning as belongs to this order alone. */
const beginningOf = (id: string): string => {
  for (let length = 1; ; length++) {
    const text = id.slice(0, length);
    if (ids.filter((each) => each.startsWith(text)).length === 1) return text;
  }
};

const ABOUT_AN_ORDER = ['order show', 'order cancel', 'order retry', 'trace', 'inspect receipts'];

describe.each(ABOUT_AN_ORDER)('%s', (command) => {
  test('takes a unique beginning for the id', async () => {
    const [whole, short] = [`${command} ${ids[1]} --json`, `${command} ${beginningOf(ids[1]!)} --json`];
    const [expected, outcome] = [await session.run(whole), await session.run(short)];
    expect(outcome.code).toBe(expected.code);
    expect(outcome.stdout + outcome.stderr).toContain(ids[1]);
  });

  test('takes @last for the newest', async () => {
    const outcome = await session.run(`${command} @last --json`);
    expect(outcome.stdout).toContain(ids[0]);
  });

  test('names the candidates of a beginning that is not unique: exit 2', async () => {
    const outcome = await session.run(`${command} ord_`);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('error: "ord_" is the beginning of several orders: ');
    for (const id of ids) expect(outcome.stderr).toContain(id);
  });
});

describe.each(['order show', 'order cancel', 'order retry', 'trace'])('%s without an id', (command) => {
  test('offers the orders in a terminal, newest first', async () => {
    const { stdout, stderr } = await session.run(command, { terminal: 80, answers: [ids[2]] });
    expect(stdout + stderr).toContain(ids[2]);
  });

  test('names the argument where nobody can answer: exit 2', async () => {
    const outcome = await session.run(command);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain('ID was not given\ntry: give ID, or the beginning of one, or @last\n');
  });
});

test('audit, inspect logs and dlq redrive take them too', async () => {
  expect((await session.run('audit --order @last --json')).json()).toMatchObject({ verdict: 'holds', orders: 1 });
  const lines = (await session.run('inspect logs --order @last --json')).lines();
  expect(new Set(lines.map(({ order_id }) => order_id))).toEqual(new Set([ids[0]]));
  expect((await session.run('dlq redrive pay --order @last --dry-run --json')).json().queue).toBe('payment-queue-dlq');
});

test('where there is nothing, @last and the list say so', async () => {
  const empty = await new Session().provisioned();
  for (const run of [empty.run('trace @last'), empty.run('trace', { terminal: 80, answers: [] })]) {
    const outcome = await run;
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('there are no orders\n');
    expect(outcome.stderr).toContain('cliffracer order create');
  }
  await empty.close();
});

describe('snapshots', () => {
  test.each([
    ['oth', 'other'],
    ['before', 'before'],
    ['before-', 'before-two'],
    ['@last', 'other'],
  ])('snapshot load %s brings back %s', async (given, loaded) => {
    expect((await session.run(`snapshot load ${given} --json`)).json()).toEqual({ loaded });
  });

  test('an ambiguous beginning and an unknown name', async () => {
    expect(await session.run('snapshot load b')).toMatchObject({ code: 2 });
    expect(await session.run('snapshot load zzz')).toMatchObject({ code: 1 });
  });

  test('a list asks', async () => {
    const outcome = await session.run('snapshot diff', { terminal: 80, answers: ['before'] });
    expect(outcome.stdout).toContain('From before to the present');
  });
});

describe('queues', () => {
  test.each([
    ['payment', 'payment-queue'],
    ['payment-queue', 'payment-queue'],
    ['payment-queue-', 'payment-queue-dlq'],
  ])('queue peek %s looks into %s', async (given, queue) => {
    expect((await session.run(`queue peek ${given} --json`)).json().queue).toBe(queue);
  });

  test('lists ask for queues and for dead-letter queues', async () => {
    const peeked = await session.run('queue peek', { terminal: 80, answers: ['analytics-queue'] });
    expect(peeked.stdout).toContain('analytics-queue');
    const shown = await session.run('dlq show', { terminal: 80, answers: ['payment'] });
    expect(shown.stdout).toContain('payment-queue-dlq');
  });
});
