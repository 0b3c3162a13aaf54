import { describe, expect, test } from 'vitest';
import { batchesOf, eachAtOnce, sendBatches } from '../../src/aws/batches.ts';
import { eventually } from '../../src/aws/retry.ts';

const paused: number[] = [];
const pauses = {
  async sleep(ms: number) {
    paused.push(ms);
  },
};
const failed = (index: number, senderFault = false) => ({ index, code: 'InternalError', message: '', senderFault });

describe('batches', () => {
  test.each([
    [[], []],
    [[1], [[1]]],
    [
      [1, 1, 1, 1],
      [[1, 1, 1], [1]],
    ],
    [
      [6, 5, 4, 1],
      [[6], [5, 4, 1]],
    ],
    [
      [99, 1, 99],
      [[99], [1], [99]],
    ],
  ])('%j within 3 members and 10 bytes', (sizes, expected) => {
    const batches = batchesOf(sizes, { count: 3, bytes: 10, sizeOf: (size) => size });
    expect(batches.map((batch) => batch.map(({ item }) => item))).toEqual(expected);
    expect(batches.flat().map(({ index }) => index)).toEqual(sizes.map((_, index) => index));
  });

  test("what failed on the service's side is sent again, and nothing else", async () => {
    const sent: string[][] = [];
    const failures = await sendBatches(['a', 'b', 'c'], { count: 2 }, pauses, async (batch) => {
      sent.push(batch.map(({ item }) => item));
      return sent.length === 1 ? [failed(1)] : [];
    });
    expect(failures).toEqual([]);
    expect(sent).toEqual([['a', 'b'], ['c'], ['b']]);
  });

  test("the sender's own faults are not sent again; the rest is given up after five tries", async () => {
    paused.length = 0;
    let calls = 0;
    const failures = await sendBatches(['a', 'b'], { count: 10 }, pauses, async (batch) => {
      calls++;
      return batch.map(({ index, item }) => failed(index, item === 'b'));
    });
    expect(failures).toEqual([failed(0), failed(1, true)]);
    expect(calls).toBe(5);
    expect(paused).toEqual([50, 100, 200, 400]);
  });

  test('no more than the given number of jobs run at once', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await eachAtOnce([1, 2, 3, 4, 5], 2, async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      done.push(item);
    });
    expect(most).toBe(2);
    expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
    await expect(eachAtOnce([1], 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('eventually', () => {
  test('asks with growing pauses until there is an answer', async () => {
    paused.length = 0;
    let asked = 0;
    const answer = await eventually('it', 10_000, pauses, async () => (++asked === 4 ? 'yes' : undefined));
    expect(answer).toBe('yes');
    expect(paused).toEqual([25, 50, 100]);
  });

  test('gives up with what it waited for', async () => {
    await expect(eventually('the table', 1_000, pauses, async () => undefined)).rejects.toMatchObject({
      code: 'timeout',
      message: 'the table did not happen within 1 s',
      retryable: true,
    });
  });
});
