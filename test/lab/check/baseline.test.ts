import { expect, test } from 'vitest';
import type { Call } from '../../../src/lab/calls/call.ts';
import { findBaseline } from '../../../src/lab/check/baseline.ts';
import type { EndState } from '../../../src/lab/check/cells.ts';
import type { RunDelivery, RunResult } from '../../../src/lab/check/model.ts';

const LATE = {
  ...{ caller: 'yesterday', service: 'dynamodb', operation: 'UpdateItem', resources: ['table/t'], deliveries: [] },
  effects: [{ kind: 'item' }],
} as unknown as Call;

/** A worker has handled one message; the counter stands at `count`, and another program may have made a call. */
function run(count: number, calls: Call[] = []): RunResult {
  const end: EndState = {
    tables: { t: { a: { count: { N: String(count) } } } },
    buckets: {},
    queues: {},
    published: {},
  };
  const delivery: RunDelivery = {
    ...{ queue: 'jobs', messageId: 'm', body: '{}', attempt: 1, caller: 'worker', calls: [] },
    ...{ end: 'deleted', followers: [], together: 1, fifo: false },
  };
  return { deliveries: [delivery], end, outcome: 'done', calls };
}

function baseline(...runs: RunResult[]) {
  const left = [...runs];
  return findBaseline({ undisturbed: async () => left.shift()!, areOurs: true, ignore: [] });
}

test('what differs between two undisturbed runs is not compared', async () => {
  const { mask } = await baseline(run(1), run(2));
  expect([...mask.ignored]).toEqual(['table t: count']);
});

test('what another program changed in one of them does not differ by nature: both are repeated', async () => {
  for (const spoilt of [
    [run(1), run(2, [LATE])],
    [run(2, [LATE]), run(1)],
  ]) {
    const { first, mask } = await baseline(...spoilt, run(2), run(2));
    expect([...mask.ignored]).toEqual([]);
    expect(first.end.tables).toEqual(run(2).end.tables);
  }
});

test('a program that goes on is named', async () => {
  await expect(baseline(run(1), run(2, [LATE]), run(3, [LATE]), run(3))).rejects.toMatchObject({
    code: 'not_settled',
    message: 'another program changes what is checked: yesterday called UpdateItem on table/t',
  });
});

test('a part of the system that receives nothing, and changes the same in each run, is none', async () => {
  const { mask } = await baseline(run(1, [LATE]), run(1, [LATE]));
  expect([...mask.ignored]).toEqual([]);
});
