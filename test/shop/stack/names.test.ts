import { describe, expect, test } from 'vitest';
import { CliffracerError } from '../../../src/errors.ts';
import { stackNames } from '../../../src/shop/stack/names.ts';

describe('names of a stack', () => {
  test('the default stack has the names that users know', () => {
    for (const names of [stackNames(), stackNames('default')]) {
      const { queue, table, caller } = names;
      expect({ ...names, queue: queue('order-queue'), table: table('orders'), caller: caller('order') }).toEqual({
        stack: 'default',
        topic: 'order-events',
        bucket: 'ecommerce-receipts',
        logGroup: '/cliffracer/ecommerce',
        namespace: 'Cliffracer/ECommerce',
        queue: 'order-queue',
        table: 'orders',
        caller: 'order-service',
      });
    }
  });

  test('another stack has its name in front of each', () => {
    const names = stackNames('team-a');
    const { queue, table, caller } = names;
    expect({ ...names, queue: queue('order-queue-dlq'), table: table('orders'), caller: caller('order') }).toEqual({
      stack: 'team-a',
      topic: 'team-a-order-events',
      bucket: 'team-a-ecommerce-receipts',
      logGroup: '/cliffracer/team-a-ecommerce',
      namespace: 'Cliffracer/team-a-ECommerce',
      queue: 'team-a-order-queue-dlq',
      table: 'team-a-orders',
      caller: 'team-a-order-service',
    });
  });

  test("a bucket's name can be made unique, and the longest one keeps to S3's 63 characters", () => {
    const owner = { account: '123456789012', region: 'ap-southeast-1' };
    expect(stackNames('default', owner).bucket).toBe('ecommerce-receipts-123456789012-ap-southeast-1');
    expect(stackNames('a'.repeat(16), owner).bucket).toHaveLength(63);
  });

  test.each([
    ['', 'is not made of'],
    ['Team', 'is not made of'],
    ['team_a', 'is not made of'],
    ['1st', 'is not made of'],
    ['-a', 'is not made of'],
    ['a-', 'is not made of'],
    ['a--b', 'is not made of'],
    ['a b', 'is not made of'],
    ['größe', 'is not made of'],
    ['a\n', 'is not made of'],
    ['a'.repeat(17), 'is longer than 16'],
    ['sthree', 'begins as S3 reserves'],
    ['xn--a', 'is not made of'],
    ['amzn-s3-demo', 'begins as S3 reserves'],
  ])('%j is refused', (name, why) => {
    expect(() => stackNames(name)).toThrow(why);
    expect(() => stackNames(name)).toThrow(JSON.stringify(name));
    expect(() => stackNames(name)).toThrow(CliffracerError);
  });
});
