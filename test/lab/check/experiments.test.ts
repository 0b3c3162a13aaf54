import { expect, test } from 'vitest';
import { Experiments } from '../../../src/lab/check/experiments.ts';
import { userMask } from '../../../src/lab/check/mask.ts';
import type { RunResult } from '../../../src/lab/check/model.ts';
import type { CheckOptions } from '../../../src/lab/check/options.ts';
import type { Case } from '../../../src/lab/check/plan.ts';
import { Habits } from '../../../src/lab/check/watch.ts';

/** A run that ends with a total of so much; `by other` while another program wrote. */
const ending = (total: string): RunResult => {
  const [amount = '', by] = total.split(' by ');
  const end = { tables: { totals: { all: { amount: { N: amount } } } }, buckets: {}, queues: {}, published: {} };
  return {
    deliveries: [],
    end,
    outcome: amount === '-' ? 'did_not_strike' : 'done',
    calls: [],
    interfered: by !== undefined,
  };
};

const oneCase = (id: string): Case => ({ id, experiment: 'duplicate', queue: 'jobs' });

/** The outcome of cases whose runs end one after the other with these totals, where 10 is right. */
async function outcomeOf(cases: readonly string[], totals: string[]) {
  const first = ending('10');
  const options = {
    maxRuns: 9,
    signal: new AbortController().signal,
    watches: true,
    isOver: () => false,
  } as CheckOptions;
  const experiments = new Experiments({ first, mask: userMask([]), remembers: false }, options, new Habits(), {
    from: async () => ending(totals.shift()!),
    undisturbed: async () => first,
    told: () => {},
  });
  await experiments.all(cases.map(oneCase));
  expect(totals).toEqual([]);
  const { failures, not_tried: left, tallies } = experiments.outcome();
  const { held, failed } = tallies[0]!;
  const found = failures.map(({ id, flaky = false, like }) => [flaky ? `${id} flaky` : id, ...like]);
  return { found, left: left.map(({ id, reason }) => `${id} ${reason}`), held, failed };
}

test('what fails twice is a counterexample, and one that ends alike needs no second run', async () => {
  expect(await outcomeOf(['a', 'b'], ['20', '20', '20'])).toEqual({
    found: [['a', 'b']],
    left: [],
    held: 0,
    failed: 2,
  });
});

test.each(['10', '-'])('what fails once is flaky, with a second run that ends with %s', async (second) => {
  expect(await outcomeOf(['a'], ['20', second])).toEqual({ found: [['a flaky']], left: [], held: 0, failed: 1 });
});

test('a flaky one stands for no other, and goes where one that ends alike fails every time', async () => {
  expect(await outcomeOf(['a', 'b', 'c', 'd'], ['20', '10', '20', '10', '20', '20', '20'])).toEqual({
    ...{ found: [['c', 'a', 'b', 'd']], left: [], held: 0, failed: 4 },
  });
});

test('a run in which another program wrote is made again, and says nothing if that happens twice', async () => {
  expect(await outcomeOf(['a'], ['20 by other', '10'])).toEqual({ found: [], left: [], held: 1, failed: 0 });
  const { found, left } = await outcomeOf(['a'], ['20 by other', '20 by other']);
  expect([found, left]).toEqual([[], ['a interfered']]);
  expect(await outcomeOf(['a'], ['20', '20 by other', '20 by other'])).toMatchObject({
    found: [],
    left: ['a interfered'],
  });
});
