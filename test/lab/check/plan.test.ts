import { expect, test } from 'vitest';
import type { RunDelivery } from '../../../src/lab/check/model.ts';
import { casesFor } from '../../../src/lab/check/plan.ts';

const delivery = (messageId: string, together: number): RunDelivery => ({
  ...{ queue: 'jobs', messageId, body: '{"order_id":"o-1"}', attempt: 1, caller: 'worker', calls: [], end: 'deleted' },
  ...{ followers: [], together, fifo: false },
});
const options = { kill: false, remembers: false, keepsTimes: false, correlate: [] };

test('a batch without any disturbance comes before those that are disturbed', () => {
  const ids = casesFor([delivery('a', 1), delivery('b', 1)], [delivery('a', 2)], options).map(({ id }) => id);
  const batches = ids.filter((id) => id.startsWith('batch-'));
  expect(batches[0]).toBe('batch-order');
  expect(batches).toContain('batch-poison:jobs.garbage');
});

test('there is none where messages come one by one', () => {
  const cases = casesFor([delivery('a', 1)], [delivery('a', 1)], options);
  expect(cases.filter(({ together }) => together === true)).toEqual([]);
});
