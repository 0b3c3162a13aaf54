import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../src/domain/catalogue.ts';
import { newOrder } from '../../../src/domain/order.ts';
import { validateOrder } from '../../../src/domain/order-input.ts';
import type { Ports } from '../../../src/ports.ts';
import { audit } from '../../../src/shop/audit/audit.ts';
import { World } from './memory-ports.ts';

test('an audit needs no more memory for more orders', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const heapOf = async (count: number) => {
    let most = 0;
    await audit(
      generated(count, () => {
        collectGarbage();
        most = Math.max(most, process.memoryUsage().heapUsed);
      }),
    );
    return most;
  };
  await heapOf(1_000);
  const [few, many] = [await heapOf(1_000), await heapOf(10_000)];
  expect(many - few).toBeLessThan(4 * 1024 * 1024);
});

/** A world of so many orders that nobody has heard of, made as they are scanned; `watch` is called now and then. */
function generated(count: number, watch: () => void): Ports {
  const world = new World();
  const input = validateOrder({ customer: { id: 'ada' }, items: [{ sku: 'keyboard', quantity: 1 }] }, CATALOGUE);
  const tables = Object.assign(Object.create(world.tables) as World['tables'], {
    async *scan(table: string) {
      for (let index = 0; index < count; index++) {
        const order = newOrder(`ord_${index}`, input, world.clock.now());
        if (table === 'orders') yield order;
        else if (table === 'reservations') yield { ...order, status: 'held', caused_by: 'e' };
        else if (table === 'payments' && index % 2 === 0) yield { ...order, status: 'succeeded', amount: '149.99' };
        if (table === 'orders' && index % 1_000 === 999) watch();
      }
    },
  });
  const { queues, topic, bucket, metrics, logs } = world;
  return { queues, topic, bucket, metrics, logs, tables };
}
