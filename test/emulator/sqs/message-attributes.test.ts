import { describe, expect, it } from 'vitest';
import { failure, queueWorld } from './queue-world.ts';

const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });
const KENOBI = { General: text('Kenobi'), Hello: text('There'), 'Help.Me': text('Me') };

describe('message attributes (SQS Developer Guide, Message metadata)', () => {
  // Digests and selections as recorded from AWS.
  it.each([
    [['All'], ['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5'],
    [['.*'], ['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5'],
    [['*'], ['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5'],
    [['Hello', 'General'], ['General', 'Hello'], 'fca026605781cb4126a1e9044df24232'],
    [['Hello', 'Nothing'], ['Hello'], 'a311262e065454b75da111d535b8dacd'],
    [['Hel.*'], ['Hello', 'Help.Me'], '83fee93c1bcd8b9a5a923ffacdc636c7'],
    [['hello', 'Nothing'], undefined, undefined],
    [['.foo', 'foo.', '__proto__'], undefined, undefined],
    [[], undefined, undefined],
  ])('asked for by %j', async (MessageAttributeNames, names, digest) => {
    const world = queueWorld();
    const queue = await world.create('q');
    const sent = await world.send(queue, 'msg', { MessageAttributes: KENOBI });
    expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
    const [message] = await world.receive(queue, { MessageAttributeNames });
    expect(message!.MessageAttributes && Object.keys(message!.MessageAttributes).sort()).toEqual(names);
    expect(message!.MD5OfMessageAttributes).toBe(digest);
  });

  it('carry bytes, with the digest that AWS gives them', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const BinaryValue = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
    await world.send(queue, 'test', { MessageAttributes: { attr1: { DataType: 'Binary', BinaryValue } } });
    const [message] = await world.receive(queue, { MessageAttributeNames: ['All'] });
    expect(message!.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
    expect(message!.MessageAttributes).toEqual({
      attr1: { DataType: 'Binary', BinaryValue: new Uint8Array(BinaryValue) },
    });
  });

  it.each([
    ['Number', text('12.50', 'Number')],
    ['a negative exponent', text('-1.5e-7', 'Number')],
    ['custom labels', text('{}', 'String.json')],
    ['a custom number', text('1', 'Number.int')],
    ['custom bytes', { DataType: 'Binary.gif', BinaryValue: new Uint8Array([0, 1]) }],
    ['emoji', text('🦖')],
  ])('may be %s', async (_, attribute) => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a', { MessageAttributes: { k: attribute } });
    const [message] = await world.receive(queue, { MessageAttributeNames: ['k'] });
    expect(message!.MessageAttributes).toEqual({ k: attribute });
  });

  it.each([['a.b_c-D9'], ['AWSome'], ['amazon'], ['constructor'], ['__proto__'], ['x'.repeat(256)]])(
    'may be called %s',
    async (name) => {
      const world = queueWorld();
      const queue = await world.create('q');
      await world.send(queue, 'a', { MessageAttributes: new Map([[name, text('v')]]) });
      const [message] = await world.receive(queue, { MessageAttributeNames: ['All'] });
      expect(Object.keys(message!.MessageAttributes!)).toEqual([name]);
    },
  );

  it.each([[''], ['AWS.x'], ['aws.x'], ['Amazon.x'], ['.a'], ['a.'], ['a..b'], ['a b'], ['日'], ['x'.repeat(257)]])(
    'may not be called %j',
    async (name) => {
      const world = queueWorld();
      const queue = await world.create('q');
      const MessageAttributes = { [name]: text('v') };
      expect(await failure(world.send(queue, 'a', { MessageAttributes }))).toMatch(
        /^InvalidParameterValueException: .*name/,
      );
    },
  );

  it.each([
    ['no type', { StringValue: 'v' }, 'must contain non-empty message attribute type.'],
    [
      'an unknown type',
      text('v', 'Text'),
      'You must use only the following supported type prefixes: Binary, Number, String.',
    ],
    ['a type of other case', text('v', 'string'), 'supported type prefixes'],
    ['a type without a point', text('v', 'Stringy'), 'supported type prefixes'],
    ['a type too long', text('v', `String.${'x'.repeat(256)}`), 'supported type prefixes'],
    ['no value', { DataType: 'String' }, "must contain a non-empty value of type 'String'."],
    ['an empty text', text(''), "must contain a non-empty value of type 'String'."],
    [
      'empty bytes',
      { DataType: 'Binary', BinaryValue: Buffer.alloc(0) },
      "must contain a non-empty value of type 'Binary'.",
    ],
    ['text for bytes', text('v', 'Binary'), "must contain a non-empty value of type 'Binary'."],
    [
      'bytes for text',
      { DataType: 'String', BinaryValue: Buffer.from('v') },
      "must contain a non-empty value of type 'String'.",
    ],
    ['both', { ...text('v'), BinaryValue: Buffer.from('v') }, "must contain a non-empty value of type 'String'."],
    [
      'a number that is none',
      text('1x', 'Number'),
      "Can't cast the value of message (user) attribute 'k' to a number.",
    ],
    ['a hexadecimal number', text('0x10', 'Number'), "Can't cast"],
  ])('may not have %s', async (_, attribute, reason) => {
    const world = queueWorld();
    const queue = await world.create('q');
    const message = await failure(world.send(queue, 'a', { MessageAttributes: { k: attribute } }));
    expect(message).toMatch(/^InvalidParameterValueException: .*'k'/);
    expect(message).toContain(reason);
  });

  // LocalStack's AWS-validated test_invalid_string_attributes_cause_invalid_parameter_value_error.
  it.each([['a\0'], ['\ud800']])('may not hold the text %j', async (value) => {
    const world = queueWorld();
    const queue = await world.create('q');
    const MessageAttributes = { k: text(value) };
    expect(await failure(world.send(queue, 'a', { MessageAttributes }))).toMatch(
      /^InvalidParameterValueException: Invalid characters found\./,
    );
  });

  // LocalStack's AWS-validated test_send_message_with_invalid_string_attributes.
  it('may be called attr.1øßä', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    await world.send(queue, 'a', { MessageAttributes: { 'attr.1øßä': text('v') } });
    const [message] = await world.receive(queue, { MessageAttributeNames: ['All'] });
    expect(Object.keys(message!.MessageAttributes!)).toEqual(['attr.1øßä']);
  });

  it('may not hold lists, nor be more than ten', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const list = { k: { DataType: 'String', StringListValues: ['a'] } };
    expect(await failure(world.send(queue, 'a', { MessageAttributes: list }))).toMatch(/^UnsupportedOperation/);
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, text('v')]));
    await world.send(queue, 'a', { MessageAttributes: many(10) });
    expect(await failure(world.send(queue, 'a', { MessageAttributes: many(11) }))).toBe(
      'InvalidParameterValueException: Number of message attributes [11] exceeds the allowed maximum [10].',
    );
  });

  it('are kept as they were, whatever the sender does to its buffer', async () => {
    const world = queueWorld();
    const queue = await world.create('q');
    const BinaryValue = Buffer.from('abc');
    await world.send(queue, 'a', { MessageAttributes: { k: { DataType: 'Binary', BinaryValue } } });
    BinaryValue.fill(0);
    const [message] = await world.receive(queue, { MessageAttributeNames: ['k'] });
    expect(message!.MessageAttributes).toEqual({
      k: { DataType: 'Binary', BinaryValue: new Uint8Array([97, 98, 99]) },
    });
  });
});
