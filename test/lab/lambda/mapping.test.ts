import { describe, expect, test } from 'vitest';
import type { Invocation, MappingFact } from '../../../src/lab/lambda/facts.ts';
import { messageFilter } from '../../../src/lab/lambda/filter.ts';
import { runMapping } from '../../../src/lab/lambda/mapping.ts';
import type { PolledMessage } from '../../../src/lab/lambda/queue.ts';
import { DEFAULTS, type MappingSettings, mappingFault, visibilityFault } from '../../../src/lab/lambda/settings.ts';
import { factsOf, message, ScriptedQueue, SleepClock } from './messages.ts';

const SUCCESS: Invocation = { requestId: 'r', response: 'null' };
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => message(`m${from + index}`));

interface Setup {
  settings?: Partial<MappingSettings>;
  invoke?(event: { Records: { messageId: string }[] }, trace: string): Promise<Invocation>;
}

/** Runs a mapping over the answers of a queue; resolves with what was invoked, deleted, polled and told. */
async function run(answers: (PolledMessage[] | Error)[], { settings = {}, invoke }: Setup = {}) {
  const clock = new SleepClock();
  const queue = new ScriptedQueue(clock, answers);
  const batches: string[][] = [];
  const traces: string[] = [];
  const facts: MappingFact[] = [];
  const all = { ...DEFAULTS, ...settings };
  let count = 0;
  await runMapping({
    ...{ queue, clock, settings: all, filter: messageFilter(all.filters), signal: queue.stop.signal },
    newTrace: () => `trace-${++count}`,
    tell: (fact) => facts.push(fact),
    invoke: (event, trace) => {
      const parsed = JSON.parse(event) as { Records: { messageId: string }[] };
      batches.push(parsed.Records.map(({ messageId }) => messageId));
      traces.push(trace);
      return invoke?.(parsed, trace) ?? Promise.resolve(SUCCESS);
    },
  });
  return { batches, traces, facts, polls: queue.polls, deleted: queue.deleted };
}

// Lambda Developer Guide, "Using Lambda with Amazon SQS" (with-sqs), "Understanding batching windows" and "Polling and
// batching streams": a batch goes out when it is full, when its window has ended, or at 6 MB.
describe('batches', () => {
  test('by default up to ten messages, at once, by long polling', async () => {
    const { batches, polls } = await run([many(3), many(10, 3)]);
    expect(batches.map((batch) => batch.length)).toEqual([3, 10]);
    expect(polls[0]).toMatchObject({ max: 10, waitSeconds: 20 });
  });

  test('a smaller batch size asks for no more', async () => {
    expect((await run([many(2)], { settings: { batchSize: 2 } })).polls[0]).toMatchObject({ max: 2 });
  });

  test('a window gathers until the batch is full', async () => {
    const { batches, polls } = await run([many(10), many(10, 10), many(5, 20), []], {
      settings: { batchSize: 25, batchWindow: 60 },
    });
    expect(batches.map((batch) => batch.length)).toEqual([25]);
    expect(polls.slice(0, 3).map(({ max }) => max)).toEqual([10, 10, 5]);
  });

  test('a window begins with the first message, and when it ends what is there goes out', async () => {
    const { batches, polls } = await run([[], many(1), [], many(1, 1), [], [], [], []], {
      settings: { batchSize: 100, batchWindow: 30 },
    });
    expect(batches[0]).toEqual(['m0', 'm1']);
    // Long polls for the rest of the window, none beyond its end.
    expect(polls.slice(1, 5).map(({ waitSeconds }) => waitSeconds)).toEqual([20, 20, 10, 10]);
  });

  test('all receives of a batch and its invocation share one trace, and no two batches do', async () => {
    const { traces, polls } = await run([many(10), many(10, 10), many(10, 20), many(10, 30)], {
      settings: { batchSize: 20, batchWindow: 5 },
    });
    expect(traces).toEqual(['trace-1', 'trace-2']);
    expect(polls.map(({ trace }) => trace)).toEqual(['trace-1', 'trace-1', 'trace-2', 'trace-2']);
  });
});

// Same guide, services-sqs-errorhandling: on success Lambda deletes the batch; on an error, and on a timeout, everything stays
// until the visibility timeout has ended.
describe('what is deleted', () => {
  test('all of a batch that was handled', async () => {
    expect((await run([many(3)])).deleted).toEqual(['m0', 'm1', 'm2']);
  });

  test.each(['Error', 'Sandbox.Timedout', 'Runtime.ExitError'])('nothing after %s', async (type) => {
    const failure: Invocation = { requestId: 'r', error: { type, message: 'no' } };
    const { deleted, facts } = await run([many(3)], { invoke: async () => failure });
    expect(deleted).toEqual([]);
    expect(factsOf(facts, 'invoked')[0]).toMatchObject({ failed: ['m0', 'm1', 'm2'], error: { type } });
  });

  test('all but what is reported', async () => {
    const invoke = async (): Promise<Invocation> => {
      return { requestId: 'r', response: '{"batchItemFailures":[{"itemIdentifier":"m1"}]}' };
    };
    const { deleted } = await run([many(3)], { settings: { reportBatchItemFailures: true }, invoke });
    expect(deleted).toEqual(['m0', 'm2']);
  });

  test('what no filter lets through, before the batch (with-sqs-filtering)', async () => {
    const { deleted, batches, facts } = await run([many(3)], { settings: { filters: ['{"body":["m1"]}'] } });
    expect(batches).toEqual([['m1']]);
    expect(deleted).toEqual(['m0', 'm2', 'm1']);
    expect(factsOf(facts, 'filtered')).toEqual([{ kind: 'filtered', messages: ['m0', 'm2'] }]);
  });

  test('a message of a FIFO queue that was handled after a failed one of its group, which is told', async () => {
    const group = { attributes: { MessageGroupId: 'g' } };
    const invoke = async (): Promise<Invocation> => {
      return { requestId: 'r', response: '{"batchItemFailures":[{"itemIdentifier":"a"}]}' };
    };
    const settings = { reportBatchItemFailures: true };
    const { deleted, facts } = await run([[message('a', group), message('b', group)]], { settings, invoke });
    expect(deleted).toEqual(['b']);
    expect(factsOf(facts, 'out_of_order')).toEqual([{ kind: 'out_of_order', message: 'b', group: 'g' }]);
  });
});

// Same guide, services-sqs-scaling, "Configuring maximum concurrency".
test('no more batches at a time than the maximum concurrency, and no poll before one has ended', async () => {
  let running = 0;
  let most = 0;
  const invoke = async () => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    running--;
    return SUCCESS;
  };
  const answers = Array.from({ length: 12 }, (_, index) => many(1, index));
  const { batches } = await run(answers, { settings: { maximumConcurrency: 3 }, invoke });
  expect(batches).toHaveLength(12);
  expect(most).toBe(3);
});

test('a poll that fails is told, and tried again', async () => {
  const { batches, facts } = await run([new Error('gone'), many(1)]);
  expect(factsOf(facts, 'poll_failed')).toEqual([{ kind: 'poll_failed', message: 'gone' }]);
  expect(batches).toEqual([['m0']]);
});

// Same guide, services-sqs-parameters and services-sqs-configure: what CreateEventSourceMapping refuses.
test('settings that AWS refuses', () => {
  const fault = (settings: Partial<MappingSettings>, queue = 'orders') =>
    mappingFault({ ...DEFAULTS, ...settings }, queue)?.setting;
  expect(fault({ batchSize: 11 })).toBe('batchSize');
  expect(fault({ batchSize: 11, batchWindow: 1 })).toBeUndefined();
  expect(fault({ batchSize: 11, batchWindow: 1 }, 'orders.fifo')).toBe('batchSize');
  expect(fault({ batchWindow: 1 }, 'orders.fifo')).toBe('batchWindow');
  expect(visibilityFault({ ...DEFAULTS, timeout: 31 }, { visibilitySeconds: 30 })?.why).toContain(
    '30 seconds is less than 31',
  );
  expect(visibilityFault({ ...DEFAULTS, timeout: 30 }, { visibilitySeconds: 30 })).toBeUndefined();
});
