import { expect, test } from 'vitest';
import { eventsOf, sqsRecord, writtenRecord } from '../../../src/lab/lambda/event.ts';
import { message } from './messages.ts';

const ARN = 'arn:aws:sqs:us-east-2:123456789012:my-queue';

// Lambda Developer Guide, "Using Lambda with Amazon SQS" (with-sqs), "Example standard queue message event" and "Example FIFO
// queue message event".
test('a record has the members of the documented event, in their order', () => {
  const record = sqsRecord(
    message('test', {
      messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
      md5OfBody: '098f6bcd4621d373cade4e832627b4f6',
      md5OfMessageAttributes: 'c0ffee',
      attributes: { ApproximateReceiveCount: '1', SenderId: 'AIDAIENQZJOLO23YVJ4VO', MessageGroupId: '1' },
      messageAttributes: {
        myAttribute: { dataType: 'String', stringValue: 'myValue' },
        bytes: { dataType: 'Binary.png', binaryValue: new Uint8Array([1, 2, 255]) },
        ['__proto__']: { dataType: 'Number', stringValue: '1' },
      },
    }),
    ARN,
  );
  expect(JSON.stringify(record, undefined, 1)).toMatchInlineSnapshot(`
    "{
     "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
     "receiptHandle": "receipt-test",
     "body": "test",
     "attributes": {
      "ApproximateReceiveCount": "1",
      "SenderId": "AIDAIENQZJOLO23YVJ4VO",
      "MessageGroupId": "1"
     },
     "messageAttributes": {
      "myAttribute": {
       "stringValue": "myValue",
       "stringListValues": [],
       "binaryListValues": [],
       "dataType": "String"
      },
      "bytes": {
       "binaryValue": "AQL/",
       "stringListValues": [],
       "binaryListValues": [],
       "dataType": "Binary.png"
      },
      "__proto__": {
       "stringValue": "1",
       "stringListValues": [],
       "binaryListValues": [],
       "dataType": "Number"
      }
     },
     "md5OfMessageAttributes": "c0ffee",
     "md5OfBody": "098f6bcd4621d373cade4e832627b4f6",
     "eventSource": "aws:sqs",
     "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue",
     "awsRegion": "us-east-2"
    }"
  `);
});

// Lambda quotas: the payload of a synchronous invocation is 6 MB.
test('messages that are too much for one event come in several, in their order', () => {
  const records = ['a', 'b', 'c'].map((body) => writtenRecord(message(body.repeat(100), { messageId: body }), ARN));
  const events = [...eventsOf(records, 2 * records[0]!.bytes + 20)];
  expect(events.map(({ messages }) => messages.map(({ messageId }) => messageId))).toEqual([['a', 'b'], ['c']]);
  expect(JSON.parse(events[0]!.json).Records).toHaveLength(2);
  expect([...eventsOf([])]).toEqual([]);
});
