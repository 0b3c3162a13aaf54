import { expect, test } from 'vitest';
import type { EndState } from '../../../src/lab/check/cells.ts';
import { judge } from '../../../src/lab/check/judge.ts';
import { userMask } from '../../../src/lab/check/mask.ts';
import type { RunDelivery, RunResult } from '../../../src/lab/check/model.ts';

/** A run that handled these messages; one with `!` failed and came again later. Its end has a list of them. */
function run(messages: readonly string[], list: readonly string[]): RunResult {
  const L = list.map((S) => ({ S }));
  const end: EndState = { tables: { t: { a: { list: { L } } } }, buckets: {}, queues: {}, published: {} };
  const deliveries = messages.map((text): RunDelivery => {
    const failed = text.endsWith('!');
    return {
      ...{ queue: 'jobs', messageId: text.replace('!', ''), body: '{}', attempt: 1, caller: 'worker', calls: [] },
      ...{ end: failed ? 'unanswered' : 'deleted', followers: [], together: 1, fifo: false },
    };
  });
  return { deliveries, end, outcome: 'done', calls: [] };
}

const undisturbed = run(['a', 'b'], ['a', 'b']);
const differences = async (result: RunResult) => {
  const about = { undisturbed, mask: userMask([]), invariants: {} };
  const judgement = await judge({ id: 'error-before:0.0', experiment: 'error', queue: 'jobs' }, result, about);
  return judgement.differences.length;
};

test('a message that failed and came again behind others stands behind them in lists', async () => {
  expect(await differences(run(['a!', 'b', 'a'], ['b', 'a']))).toBe(0);
  expect(await differences(run(['a!', 'b', 'a'], ['a', 'b', 'a']))).not.toBe(0);
});

test('lists keep their order where messages kept theirs', async () => {
  expect(await differences(run(['a!', 'a', 'b'], ['b', 'a']))).not.toBe(0);
  expect(await differences(run(['a', 'a', 'b'], ['b', 'a']))).not.toBe(0);
});
