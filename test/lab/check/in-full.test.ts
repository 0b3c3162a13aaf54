import { expect, test } from 'vitest';
import type { Call, Effect } from '../../../src/lab/calls/call.ts';
import { isHandledInFull } from '../../../src/lab/check/in-full.ts';
import type { RunDelivery, RunResult } from '../../../src/lab/check/model.ts';

const effects: Record<string, Effect[]> = {
  PutItem: [{ kind: 'item', table: 'totals', key: 'all', before: null, after: {} }],
  SendMessage: [{ kind: 'message', change: 'sent' } as Effect],
  DeleteMessage: [{ kind: 'message', change: 'deleted' } as Effect],
};
const call = (text: string): Call => {
  const [operation = '', resource = 'here'] = text.replace('!', '').split(' ');
  // One that is refused, by a condition, changes nothing.
  return {
    operation,
    resources: [resource],
    effects: text.endsWith('!') ? [] : (effects[operation] ?? []),
  } as unknown as Call;
};
const run = (...deliveries: [messageId: string, attempt: number, ...calls: string[]][]): RunResult =>
  ({
    deliveries: deliveries.map(
      ([messageId, attempt, ...calls]) => ({ messageId, attempt, calls: calls.map(call) }) as RunDelivery,
    ),
  }) as RunResult;

const ONCE = run(['a', 1, 'GetItem', 'PutItem', 'SendMessage', 'DeleteMessage'], ['b', 1, 'PutItem', 'DeleteMessage']);

test.each<[string, boolean, RunResult]>([
  ['nothing came again', true, run(['a', 1, 'GetItem'])],
  ['all was done again', true, run(['a', 1], ['a', 2, 'PutItem', 'SendMessage', 'DeleteMessage'])],
  ['all was done, and more', true, run(['a', 1], ['a', 2, 'PutItem', 'PutItem other', 'SendMessage'])],
  ['a condition kept it from a write', false, run(['a', 1], ['a', 2, 'PutItem!', 'SendMessage', 'DeleteMessage'])],
  ['a part was left out', false, run(['a', 1], ['a', 2, 'PutItem', 'DeleteMessage'])],
  ['it did something elsewhere', false, run(['b', 1], ['b', 2, 'PutItem other', 'DeleteMessage'])],
  ['only the second time it did all', false, run(['b', 1], ['b', 2, 'PutItem!'], ['b', 3, 'PutItem'])],
  ['a message that is not known', false, run(['c', 1], ['c', 2, 'PutItem'])],
])('%s: %s', (_, expected, result) => {
  expect(isHandledInFull(result, ONCE)).toBe(expected);
});
