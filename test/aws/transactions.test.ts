import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/aws/call.ts';
import { writeAll } from '../../src/aws/transactions.ts';
import { CliffracerError } from '../../src/errors.ts';
import type { Write } from '../../src/ports.ts';
import { stackNames } from '../../src/shop/stack/names.ts';

const WRITES: Write[] = ['o1', 'o2'].map((order_id) => ({
  label: order_id,
  kind: 'put',
  table: 'orders',
  item: { order_id },
}));

const failure = (name: string, more: object = {}) =>
  new CliffracerError('aws_error', name, { cause: Object.assign(new Error(name), { name, ...more }) });
const cancelled = (...codes: string[]) =>
  failure('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

/** What comes of a transaction that a database answers so, the last answer for ever; `undefined` is success. */
async function outcome(...answers: readonly (CliffracerError | undefined)[]) {
  let calls = 0;
  const slept: number[] = [];
  const call = (async () => {
    const answer = answers[Math.min(calls++, answers.length - 1)];
    if (answer !== undefined) throw answer;
  }) as unknown as Call;
  const pauses = { sleep: async (ms: number) => void slept.push(ms) };
  const result = await writeAll(call, stackNames(), pauses, WRITES).catch((error: unknown) => error);
  return { result, calls, pauses: slept.length };
}

// DynamoDB API Reference, TransactWriteItems, Errors: the codes of cancellation reasons.
describe('a transaction that is refused', () => {
  test.each([
    ['a conflict', failure('TransactionConflictException')],
    ['one in progress', failure('TransactionInProgressException')],
    ['a conflict as the reason', cancelled('None', 'TransactionConflict')],
    ['throttling', cancelled('ThrottlingError', 'ProvisionedThroughputExceeded')],
  ])('is tried again after %s', async (_, error) => {
    expect(await outcome(error, error, undefined)).toEqual({ result: { written: true }, calls: 3, pauses: 2 });
  });

  test.each([
    ['a wrong request', failure('ValidationException')],
    ['no access', failure('AccessDeniedException')],
    ['a wrong item', cancelled('ValidationError', 'None')],
    ['a wrong item beside a conflict', cancelled('TransactionConflict', 'ValidationError')],
    ['no reason', cancelled('None', 'None')],
    ['no reasons', failure('TransactionCanceledException')],
  ])('fails at once after %s', async (_, error) => {
    expect(await outcome(error)).toEqual({ result: error, calls: 1, pauses: 0 });
  });

  test('is given up after eight tries', async () => {
    const error = cancelled('TransactionConflict', 'None');
    expect(await outcome(error)).toEqual({ result: error, calls: 8, pauses: 7 });
  });

  test('names the write whose condition does not hold, and is not tried again', async () => {
    expect(await outcome(cancelled('None', 'ConditionalCheckFailed'))).toEqual({
      result: { written: false, conflicts: [{ index: 1, label: 'o2', item: undefined }] },
      calls: 1,
      pauses: 0,
    });
  });
});
