import { describe, expect, test } from 'vitest';
import { batchResult, outOfOrder } from '../../../src/lab/lambda/response.ts';
import { message } from './messages.ts';

const IDS = ['a', 'b', 'c'];

// Lambda Developer Guide, "Handling errors for an SQS event source in Lambda" (services-sqs-errorhandling), "Success and
// failure conditions".
describe('ReportBatchItemFailures', () => {
  test.each([
    ['an empty batchItemFailures list', '{"batchItemFailures":[]}'],
    ['a null batchItemFailures list', '{"batchItemFailures":null}'],
    ['an empty response', '{}'],
    ['a null response', 'null'],
    ['a response without a body', ''],
    ['an object of something else', '{"statusCode":200}'],
  ])('%s is a complete success', (_name, answer) => {
    expect(batchResult(answer, IDS, true)).toEqual({ failed: new Set() });
  });

  test.each([
    ['no JSON', 'batchItemFailures', /no JSON/],
    ['a text', '"done"', /no JSON object/],
    ['an empty itemIdentifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', /without itemIdentifier/],
    ['a null itemIdentifier', '{"batchItemFailures":[{"itemIdentifier":null}]}', /without itemIdentifier/],
    // Validated against AWS by LocalStack, test_report_batch_item_failures_invalid_result_json_batch_fails.
    ['an itemIdentifier with a bad key name', '{"batchItemFailures":[{"foo":"a"}]}', /without itemIdentifier/],
    ['an id that is no message of the batch', '{"batchItemFailures":[{"itemIdentifier":"x"}]}', /"x" is no message/],
    ['one bad entry among good ones', '{"batchItemFailures":[{"itemIdentifier":"a"},null]}', /without itemIdentifier/],
  ])('%s is a complete failure', (_name, answer, reason) => {
    const result = batchResult(answer, IDS, true);
    expect(result.failed).toEqual(new Set(IDS));
    expect(result.reason).toMatch(reason);
  });

  test('the messages that are named fail, and no others', () => {
    const answer = '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"}]}';
    expect(batchResult(answer, IDS, true)).toEqual({ failed: new Set(['b']) });
  });

  test('without it the answer of a function that ended well is not looked at', () => {
    expect(batchResult('{"batchItemFailures":[{"itemIdentifier":"b"}]}', IDS, false)).toEqual({ failed: new Set() });
    expect(batchResult('no JSON', IDS, false)).toEqual({ failed: new Set() });
  });
});

// Same page: "If you're using this feature with a FIFO queue, your function should stop processing messages after the first
// failure and return all failed and unprocessed messages".
test('a message that is handled after a failed one of its group is named; groups are apart', () => {
  const inGroup = (id: string, MessageGroupId: string) => message(id, { attributes: { MessageGroupId } });
  const batch = [inGroup('a1', 'a'), inGroup('b1', 'b'), inGroup('a2', 'a'), inGroup('b2', 'b')];
  expect(outOfOrder(batch, new Set(['a1']))).toEqual({ messageId: 'a2', group: 'a' });
  expect(outOfOrder(batch, new Set(['a1', 'a2']))).toBeUndefined();
  expect(outOfOrder([message('x'), message('y')], new Set(['x']))).toBeUndefined();
});
