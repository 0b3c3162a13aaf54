import { describe, expect, it } from 'vitest';
import { refusalOf, world } from './world.ts';

/** One topic; `publish` and `batch` say how they are refused. */
async function topic(name = 'orders', attributes: Record<string, string> = {}) {
  const here = world();
  const TopicArn = await here.createTopic(name, attributes);
  const publish = (input: object) => refusalOf(here.call('Publish', { TopicArn, Message: 'x', ...input }));
  const batch = (...entries: object[]) =>
    refusalOf(here.call('PublishBatch', { TopicArn, PublishBatchRequestEntries: entries }));
  return { ...here, TopicArn, publish, batch };
}

const INVALID = 'InvalidParameter: Invalid parameter: ';

// What SNS answers, as recorded from AWS.
const REFUSED: [string, object, string][] = [
  ['an empty message', { Message: '' }, `${INVALID}Empty message`],
  ['an empty subject', { Subject: '' }, `${INVALID}Subject`],
  ['a long subject', { Subject: 'x'.repeat(101) }, `${INVALID}Subject`],
  ['a subject of two lines', { Subject: 'a\nb' }, `${INVALID}Subject`],
  ['a message that is too long', { Message: 'x'.repeat(262_145) }, `${INVALID}Message too long`],
  [
    'a message that is too long with its attributes',
    { Message: 'x'.repeat(262_130), MessageAttributes: { attr: { DataType: 'String', StringValue: 'value' } } },
    `${INVALID}Message too long`,
  ],
  ['another structure', { MessageStructure: 'xml' }, `${INVALID}MessageStructure`],
  [
    'a structure that is no JSON',
    { MessageStructure: 'json', Message: '{' },
    `${INVALID}Message Structure - JSON message body failed to parse`,
  ],
  [
    'a structure without default',
    { MessageStructure: 'json', Message: '{"sqs":"x"}' },
    `${INVALID}Message Structure - No default entry in JSON message body`,
  ],
  [
    'a default that is no text',
    { MessageStructure: 'json', Message: '{"default":{"a":1}}' },
    `${INVALID}Message Structure - No default entry in JSON message body`,
  ],
  [
    'a structure that is no object',
    { MessageStructure: 'json', Message: '"default"' },
    `${INVALID}Message Structure - No default entry in JSON message body`,
  ],
  [
    'a deduplication id on a standard topic',
    { MessageDeduplicationId: 'd' },
    `${INVALID}MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type`,
  ],
  [
    'a group id with a space',
    { MessageGroupId: 'a b' },
    `${INVALID}MessageGroupId Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  ],
];

const BAD_VALUE = 'InvalidParameterValue: ';
const ATTRIBUTES: [string, string, object, string][] = [
  [
    'an empty text',
    'attr1',
    { DataType: 'String', StringValue: '' },
    "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
  ],
  [
    'no text',
    'attr1',
    { DataType: 'String' },
    "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
  ],
  [
    'no bytes',
    'attr1',
    { DataType: 'Binary', BinaryValue: Buffer.alloc(0) },
    "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'Binary'.",
  ],
  [
    'bytes as text',
    'attr1',
    { DataType: 'String', BinaryValue: Buffer.from('x') },
    "The message attribute 'attr1' with type 'String' must use field 'String'.",
  ],
  [
    'bytes as number',
    'attr1',
    { DataType: 'Number', BinaryValue: Buffer.from('x') },
    "The message attribute 'attr1' with type 'Number' must use field 'String'.",
  ],
  [
    'text as bytes',
    'attr1',
    { DataType: 'Binary', StringValue: 'x' },
    "The message attribute 'attr1' with type 'Binary' must use field 'Binary'.",
  ],
  [
    'text as number',
    'attr1',
    { DataType: 'Number', StringValue: 'one' },
    "Could not cast message attribute 'attr1' value to number.",
  ],
  [
    'another type',
    'attr1',
    { DataType: 'Stringy', StringValue: 'x' },
    "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  ],
  [
    'a long name',
    'a'.repeat(257),
    { DataType: 'String', StringValue: 'x' },
    'Length of message attribute name must be less than 256 bytes.',
  ],
  [
    'a strange name',
    'attr^1',
    { DataType: 'String', StringValue: 'x' },
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
  ],
  [
    'a name that starts with a dot',
    '.attr1',
    { DataType: 'String', StringValue: 'x' },
    "Invalid message attribute name starting with character '.' was found.",
  ],
  [
    'a name that ends with a dot',
    'attr1.',
    { DataType: 'String', StringValue: 'x' },
    "Invalid message attribute name ending with character '.' was found.",
  ],
  [
    'a name with two dots',
    'attr..1',
    { DataType: 'String', StringValue: 'x' },
    "Message attribute name can not have successive '.' character.",
  ],
];

describe('what is refused', () => {
  it.each(REFUSED)('%s', async (_name, input, expected) => {
    const { publish, batch } = await topic();
    expect(await publish(input)).toBe(expected);
    const inBatch = await batch({ Id: 'ok', Message: 'ok' }, { Id: 'bad', Message: 'x', ...input });
    expect(inBatch).toBe(
      expected.endsWith('too long')
        ? 'BatchRequestTooLong: The length of all the messages put together is more than the limit.'
        : expected,
    );
  });

  it.each(ATTRIBUTES)('an attribute with %s', async (_name, name, value, expected) => {
    const { publish, batch } = await topic();
    const input = { MessageAttributes: { [name]: value } };
    expect(await publish(input)).toBe(BAD_VALUE + expected);
    expect(await batch({ Id: '1', Message: 'x', ...input })).toBe(BAD_VALUE + expected);
  });

  it.each<[string, object, string]>([
    ['no target', {}, `${INVALID}TopicArn or TargetArn Reason: no value for required parameter`],
    [
      'a number that is none',
      { PhoneNumber: '+1a234' },
      `${INVALID}PhoneNumber Reason: +1a234 is not valid to publish to`,
    ],
    [
      'text before a number',
      { PhoneNumber: 'NAA+15551234567' },
      `${INVALID}PhoneNumber Reason: NAA+15551234567 is not valid to publish to`,
    ],
    [
      'an endpoint that is not there',
      { TargetArn: 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app/1' },
      `${INVALID}TargetArn Reason: No endpoint found for the target arn specified`,
    ],
    [
      'a target that is no ARN',
      { TargetArn: 'x' },
      `${INVALID}TargetArn Reason: An ARN must have at least 6 elements, not 1`,
    ],
  ])('%s', async (_name, input, expected) => {
    const { call } = world();
    expect(await refusalOf(call('Publish', { Message: 'x', ...input }))).toBe(expected);
  });

  it.each<[string, object[], string]>([
    ['no entries', [], "EmptyBatchRequest: The batch request doesn't contain any entries."],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, Id) => ({ Id: String(Id), Message: 'x' })),
      'TooManyEntriesInBatchRequest: The batch request contains more entries than permissible.',
    ],
    [
      'the same id twice',
      [
        { Id: '1', Message: 'x' },
        { Id: '1', Message: 'y' },
      ],
      'BatchEntryIdsNotDistinct: Two or more batch entries in the request have the same Id.',
    ],
    [
      'a strange id',
      [{ Id: 'a b', Message: 'x' }],
      'InvalidBatchEntryId: The Id of a batch entry in the batch request contains an impermissible character: a b',
    ],
    [
      'a long id',
      [{ Id: 'a'.repeat(81), Message: 'x' }],
      `InvalidBatchEntryId: The Id of a batch entry in the batch request is too long: ${'a'.repeat(81)}`,
    ],
    [
      'too many bytes together',
      Array.from({ length: 3 }, (_, Id) => ({ Id: String(Id), Message: 'x'.repeat(100_000) })),
      'BatchRequestTooLong: The length of all the messages put together is more than the limit.',
    ],
  ])('a batch with %s', async (_name, entries, expected) => {
    const { batch } = await topic();
    expect(await batch(...entries)).toBe(expected);
  });
});

describe('what is accepted', () => {
  it.each<[string, object]>([
    ['the largest message', { Message: 'x'.repeat(262_144) }],
    ['a subject of 100 characters', { Subject: 'ü'.repeat(100) }],
    ['emoji', { Message: '🙂', Subject: '🙂' }],
    [
      'types with a suffix',
      {
        MessageAttributes: {
          a: { DataType: 'String.uuid', StringValue: 'x' },
          b: { DataType: 'Number.java', StringValue: '-1.5e3' },
        },
      },
    ],
    [
      'an attribute named __proto__',
      { MessageAttributes: JSON.parse('{"__proto__":{"DataType":"String","StringValue":"x"}}') },
    ],
    ['duplicate keys in the structure', { MessageStructure: 'json', Message: '{"default":"a","default":"b"}' }],
    ['a group on a standard topic', { MessageGroupId: 'g' }],
  ])('%s', async (_name, input) => {
    const { publish } = await topic();
    expect(await publish(input)).toBe('accepted');
  });

  it('a phone number or a target instead of a topic', async () => {
    const { call, TopicArn } = await topic();
    expect(await call('Publish', { PhoneNumber: '+15551234567', Message: 'x' })).toEqual({
      MessageId: expect.any(String),
    });
    expect(await call('Publish', { TargetArn: TopicArn, Message: 'x' })).toEqual({ MessageId: expect.any(String) });
  });

  it('larger messages where the topic allows them', async () => {
    const { call, publish, TopicArn } = await topic('orders', { MaximumMessageSize: '1048576' });
    expect(await publish({ Message: 'x'.repeat(1_048_576) })).toBe('accepted');
    expect(await publish({ Message: 'x'.repeat(1_048_577) })).toBe(`${INVALID}Message too long`);
    await call('SetTopicAttributes', { TopicArn, AttributeName: 'MaximumMessageSize', AttributeValue: '1024' });
    expect(await publish({ Message: 'x'.repeat(1025) })).toBe(`${INVALID}Message too long`);
  });

  it('only where no subscription would be too small for it', async () => {
    const { call, TopicArn } = await topic();
    await call('Subscribe', { TopicArn, Protocol: 'sms', Endpoint: '+15551234567' });
    const set = (AttributeValue: string) =>
      refusalOf(call('SetTopicAttributes', { TopicArn, AttributeName: 'MaximumMessageSize', AttributeValue }));
    expect(await set('262145')).toMatch(/must have 100 or fewer subscriptions/);
    expect(await set('262144')).toBe('accepted');
  });
});
