import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { TABLES } from '../../../src/domain/names.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import { serve } from '../../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../../src/emulator/index.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { placeOrders } from '../../../src/shop/runtime/create-order.ts';
import { drain } from '../../../src/shop/runtime/drain.ts';
import { seed } from '../../../src/shop/stack/seed.ts';
import { apply } from '../../../src/topology/apply.ts';
import { Sandbox } from '../../binary/program.ts';
import { openStack, type RunningEngine, type TestStack } from '../../support/engines.ts';
import { testIds } from '../runtime/memory-ports.ts';
import { collect, DECLINED_WISH, HUGE_WISH, LAPTOP_WISH } from '../runtime/shop.ts';

const WISHES = [LAPTOP_WISH, DECLINED_WISH, HUGE_WISH, LAPTOP_WISH];
/** Orders of all shops are placed at the same time, so that they have the same ids. */
const PLACED_AT = Date.now();

/** Which call of the worker ends it, counted among its own; whether the engine still does what it asks for. */
interface Death {
  operation: string;
  times: number;
  when: 'before' | 'after';
}

const DEATHS: readonly Death[] = [
  { operation: 'ReceiveMessage', times: 2, when: 'after' },
  { operation: 'BatchGetItem', times: 1, when: 'before' },
  { operation: 'TransactWriteItems', times: 1, when: 'before' },
  { operation: 'TransactWriteItems', times: 1, when: 'after' },
  { operation: 'TransactWriteItems', times: 4, when: 'after' },
  { operation: 'TransactWriteItems', times: 2, when: 'before' },
  { operation: 'PutObject', times: 1, when: 'before' },
  { operation: 'PutObject', times: 1, when: 'after' },
  { operation: 'PublishBatch', times: 1, when: 'before' },
  { operation: 'PublishBatch', times: 3, when: 'after' },
  { operation: 'PutMetricData', times: 2, when: 'after' },
  { operation: 'PutLogEvents', times: 3, when: 'before' },
  { operation: 'DeleteMessageBatch', times: 1, when: 'before' },
  { operation: 'DeleteMessageBatch', times: 5, when: 'after' },
];

/** An engine over HTTP whose clock the test moves ahead, with a stack on it. */
class Shop {
  readonly emulator: Emulator = createEmulator({ seed: 1 });
  stack!: TestStack;
  endpoint = '';
  #close: () => Promise<void> = async () => {};

  async open(): Promise<this> {
    const server = await serve(this.emulator, { port: 0 });
    this.endpoint = `http://127.0.0.1:${server.port}`;
    const engine: RunningEngine = {
      target: { kind: 'local', engine: 'embedded', endpoint: this.endpoint, region: 'us-east-1' },
      emulator: this.emulator,
      now: () => this.clock.now(),
      stop: async () => {},
    };
    this.stack = await openStack(engine, 'default');
    await collect(apply(this.stack.admin, this.stack.desired, { adopt: true }));
    await collect(seed(this.stack.ports));
    this.#close = () => server.close();
    return this;
  }

  readonly clock = { now: () => this.emulator.engine.clock.now(), sleep: async () => {} };

  async place(): Promise<void> {
    const ids = testIds();
    for (const { items, payment } of WISHES) {
      const input = validateOrder({ customer: { id: 'ada', name: 'Ada Lovelace' }, items, payment }, CATALOGUE);
      await collect(
        placeOrders(input, 1, { ports: this.stack.ports, clock: { ...this.clock, now: () => PLACED_AT }, ids }),
      );
    }
  }

  /** Everything that was in hand comes back, and is handled. */
  async settle(): Promise<void> {
    this.emulator.engine.advanceTo(this.clock.now() + 31_000);
    await collect(drain({ ports: this.stack.ports, clock: this.clock }));
  }

  async state(): Promise<unknown> {
    const { ports } = this.stack;
    const state: Record<string, unknown> = {};
    for (const table of TABLES) {
      state[table] = (await collect(ports.tables.scan(table))).map((item) => JSON.stringify(item)).sort();
    }
    for await (const { key } of ports.bucket.list('')) state[key] = (await ports.bucket.get(key))!.body;
    // Times are those of the process that did it.
    return JSON.parse(JSON.stringify(state).replaceAll(/20\d\d-\d\d-\d\dT[0-9:.]+Z/g, 'TIME'));
  }

  async broken() {
    return (await audit(this.stack.ports)).checks.filter(({ ok }) => !ok);
  }

  async close(): Promise<void> {
    await this.stack.close();
    this.emulator.close();
    await this.#close();
  }
}

describe('a worker of the built program that is killed with SIGKILL', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  let undisturbed: unknown;

  beforeEach(async () => {
    sandbox = await new Sandbox().open();
    const calm = await new Shop().open();
    await calm.place();
    await calm.settle();
    undisturbed = await calm.state();
    await calm.close();
    shop = await new Shop().open();
    await shop.place();
  });
  afterEach(async () => {
    await shop.close();
    await sandbox.close();
  });

  it.each(DEATHS)(
    '$when its $operation number $times loses and doubles nothing',
    async ({ operation, times, when }) => {
      const { engine } = shop.emulator;
      let met = 0;
      let kill = () => {};
      const dead = new Promise<void>((resolve) => {
        kill = resolve;
      });
      engine.interceptor = async (call, perform) => {
        if (call.operation !== operation || ++met !== times) return met >= times ? new Promise(() => {}) : perform();
        if (when === 'after') await perform();
        kill();
        // The process never hears of it, and nothing that it asks for later is done.
        return new Promise(() => {});
      };
      const worker = sandbox.start(['run', '--json', '--endpoint-url', shop.endpoint]);
      await Promise.race([dead, worker.ended]);
      worker.kill('SIGKILL');
      expect(await worker.ended).toMatchObject({ signal: 'SIGKILL' });
      engine.interceptor = undefined;

      await shop.settle();
      expect(await shop.broken()).toEqual([]);
      expect(await shop.state()).toEqual(undisturbed);
    },
  );
});
