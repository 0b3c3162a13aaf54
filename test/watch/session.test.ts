import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchedEngine } from '../../src/engines/embedded/watched.ts';
import type { WatchedEngine } from '../../src/lab/watch/port.ts';
import { Session } from '../../src/watch/session.ts';
import { Session as Lines } from '../support/session.ts';
import { CONTEXT } from './seen.ts';

/** The screen of a person who watches an engine, as the lines that were drawn last. */
class Watched {
  readonly session: Session;
  readonly done: Promise<void>;
  readonly calls: string[] = [];
  text = '';
  #looks: (() => void)[] = [];
  #time = 0;

  constructor(lines: Lines, change: Partial<WatchedEngine> = {}) {
    const { endpoint } = lines;
    const engine = watchedEngine({ endpoint, region: 'us-east-1', now: () => lines.now, instead: 'another' });
    const options = {
      ...{ engine: { ...engine, ...change }, endpoint, shop: { orders: 'orders' }, context: CONTEXT },
      signal: new AbortController().signal,
      sleep: async (ms: number) => {
        this.#time += ms;
        // As the session's engine does, cut short: a screen that is drawn without a rest leaves the engine none.
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
      elapsed: () => this.#time,
    };
    const called = (name: string) => () => void this.calls.push(name);
    this.session = new Session(options, () => ({
      size: { columns: 160, rows: 40 },
      ...{ open: called('open'), close: called('close'), forget: called('forget'), suspend: called('suspend') },
      draw: (drawn) => {
        this.text = drawn.join('\n');
        for (const look of this.#looks) look();
      },
    }));
    this.done = this.session.run();
  }

  /** Resolves once the screen shows it. */
  shows(what: string | RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (typeof what === 'string' ? !this.text.includes(what) : !what.test(this.text)) return;
        this.#looks = this.#looks.filter((each) => each !== look);
        resolve();
      };
      this.#looks.push(look);
      this.done.catch(reject);
      look();
    });
  }

  keys(...keys: string[]): void {
    for (const key of keys) this.session.key(key);
  }

  command(text: string): void {
    this.keys(':', ...text, 'return');
  }

  async quit(): Promise<void> {
    this.keys('q');
    await this.done;
    expect(this.calls).toEqual(['open', 'close']);
  }
}

let lines: Lines;
beforeEach(async () => {
  lines = await new Lines().provisioned();
  await lines.run('order create --customer ada --item keyboard:1');
});
afterEach(() => lines.close());

test('shows queues, what happens, and the trace of it', async () => {
  const screen = new Watched(lines);
  await screen.shows(/❯ analytics-queue +1 /);
  await screen.shows(/order-events order_created/);
  await lines.run('drain inventory');
  await screen.shows(/inventory-s\S+ ✓ inventory-queue/);
  screen.keys('l', 'return');
  await screen.shows(/[├└]─? analytics-queue +\w{8}/);
  screen.keys('escape');
  await screen.shows('▶ events');
  await screen.quit();
});

test('lists what the engine has, and shows what is selected', async () => {
  await lines.run('drain');
  const screen = new Watched(lines);
  await screen.shows('❯ analytics-queue');
  const shown: [list: string, row: RegExp, detail: RegExp][] = [
    ['orders', /ord_\w+ +fulfilled +ada +149\.99/, /trace orders\/ord_/],
    ['tables', /inventory +\d+ +\d+ (B|KB) +sku/, /items of orders/],
    ['s3', /ecommerce-receipts +receipts\/ord_\S+ +\d+ (B|KB)/, /application\/json, changed/],
    ['metrics', /AWS\/SQS|Cliffracer/, /"namespace"/],
    ['logs', /analytics-service/, /"level"/],
  ];
  for (const [list, row, detail] of shown) {
    screen.command(list);
    await screen.shows(row);
    screen.keys('g');
    await screen.shows(detail);
  }
  await screen.quit();
});

test('holds a queue, steps a message, peeks, and lets all of it go again', async () => {
  const screen = new Watched(lines);
  await screen.shows('❯ analytics-queue');
  screen.keys('/', ...'inventory-queue', 'return', 'space');
  await screen.shows(/inventory-queue is held, with 1 message/);
  screen.keys('p');
  await screen.shows('messages of inventory-queue');
  await screen.shows(/held, sent/);
  screen.keys('n');
  await screen.shows(/released [0-9a-f-]{36} of inventory-queue, 0 held/);
  screen.keys('escape', 'space');
  await screen.shows('inventory-queue is no longer held');
  await screen.quit();
});

test('says what the engine refuses, and goes on', async () => {
  const refuse = async () => {
    throw new Error('it has no tables');
  };
  const screen = new Watched(lines, { tables: refuse, items: refuse });
  await screen.shows('❯ analytics-queue');
  screen.command('tables');
  await screen.shows('it has no tables');
  screen.command('events');
  await screen.shows('order_created');
  screen.keys('ctrl-z', 'ctrl-l');
  expect(screen.calls).toEqual(['open', 'suspend', 'forget']);
  screen.session.end();
  await screen.done;
  expect(screen.calls.at(-1)).toBe('close');
});
