import { beforeAll, describe, expect, it } from 'vitest';
import { type Dynamo, detected, item, simpleTable } from './dynamo.ts';

let world: Dynamo;
beforeAll(async () => {
  world = await simpleTable();
});

async function stored(value: unknown) {
  await world.call('PutItem', { TableName: 'items', Item: { pk: { S: 'v' }, v: value } });
  const { Item } = await world.call('GetItem', { TableName: 'items', Key: { pk: { S: 'v' } } });
  return Item.v;
}

const refused = (value: unknown) =>
  world.refusal('PutItem', { TableName: 'items', Item: { pk: { S: 'v' }, v: value } });

/** `levels` lists around a string, which is a level of its own. */
function nested(levels: number) {
  let value: unknown = { S: 'bottom' };
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { L: [value] } : { M: { m: value } };
  return value;
}

// Developer Guide, Supported data types and naming rules.
describe('attribute values', () => {
  it.each([
    [{ S: '' }],
    [{ S: '😀 \u0000 ü' }],
    [{ N: '-1.5' }],
    [{ BOOL: false }],
    [{ NULL: true }],
    [{ SS: ['', 'b'] }],
    [{ NS: ['-1', '3'] }],
    [{ L: [] }],
    [{ M: {} }],
    [{ M: { '': { S: 'empty name' } } }],
    [nested(31)],
  ])('%j is kept', async (value) => expect(await stored(value)).toEqual(value));

  // ScyllaDB test_limits.py, test_limit_attribute_length_nonkey_good and _bad; wording: DynamoDB Local.
  it('names have up to 65,535 bytes', async () => {
    const longest = `${'é'.repeat(32_767)}n`;
    const world = await simpleTable();
    const put = (name: string) => ({ TableName: 'items', Item: { ...item({ pk: 'a' }), [name]: { S: 'x' } } });
    await world.call('PutItem', put(longest));
    const tooLarge = 'Attribute name is too large, must be less than 65536 bytes';
    expect(await world.refusal('PutItem', put(`${longest}n`))).toBe(detected(tooLarge));
    expect(await world.refusal('PutItem', put(''))).toBe(detected('Empty attribute name'));
    const get = { TableName: 'items', Key: item({ pk: 'a' }) };
    expect(await world.refusal('GetItem', { ...get, AttributesToGet: [`${longest}n`] })).toBe(tooLarge);
    const named = { ...get, ProjectionExpression: '#n', ExpressionAttributeNames: { '#n': `${longest}n` } };
    expect(await world.refusal('GetItem', named)).toBe(
      `ExpressionAttributeNames contains invalid value: ${tooLarge} for key #n`,
    );
    const AttributeUpdates = { [`${longest}n`]: { Action: 'DELETE' } };
    expect(await world.refusal('UpdateItem', { ...get, AttributeUpdates })).toBe(detected(tooLarge));
  });

  // dynalite test/scan.js and test/putItem.js, run against AWS, read the members of sets back in this order.
  it.each([
    [{ SS: ['b', '\u{1f600}', '\uff5e', 'a', 'B', ''] }, { SS: ['', 'B', 'a', 'b', '\uff5e', '\u{1f600}'] }],
    [{ NS: ['10', '9', '-1', '0.5', '1e2'] }, { NS: ['-1', '0.5', '9', '10', '100'] }],
    [
      { BS: [Buffer.from([255]), Buffer.from([1, 0]), Buffer.from([1])] },
      { BS: [Buffer.from([1]), Buffer.from([1, 0]), Buffer.from([255])] },
    ],
  ])('the members of %j come back in order', async (value, sorted) => expect(await stored(value)).toEqual(sorted));

  it('keeps binary values as bytes of its own', async () => {
    const bytes = Buffer.from('binary');
    await world.call('PutItem', { TableName: 'items', Item: { pk: { S: 'b' }, v: { B: bytes }, w: { BS: [bytes] } } });
    bytes.fill(0);
    const { Item } = await world.call('GetItem', { TableName: 'items', Key: { pk: { S: 'b' } } });
    expect(Buffer.from(Item.v.B).toString()).toBe('binary');
    expect(Buffer.from(Item.w.BS[0]).toString()).toBe('binary');
    expect(await stored({ B: Buffer.alloc(0) })).toEqual({ B: Buffer.alloc(0) });
  });

  it('brings numbers into one form, also within sets and documents', async () => {
    const given = { M: { n: { N: '1.50E1' }, set: { NS: ['01', '2.0'] }, list: { L: [{ N: '-0' }] } } };
    const kept = { M: { n: { N: '15' }, set: { NS: ['1', '2'] }, list: { L: [{ N: '0' }] } } };
    expect(await stored(given)).toEqual(kept);
  });

  it('takes NULL false for a null, as the service does since 2026', async () => {
    expect(await stored({ NULL: false })).toEqual({ NULL: true });
  });

  it.each([
    [{}, detected('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes')],
    [{ X: 'y' }, detected('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes')],
    [
      { S: 'a', N: '1' },
      detected(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      ),
    ],
    [{ N: 'one' }, detected('The parameter cannot be converted to a numeric value: one')],
    [{ SS: [] }, detected('One or more parameter values were invalid: An string set  may not be empty')],
    [{ NS: [] }, detected('One or more parameter values were invalid: An number set  may not be empty')],
    [{ BS: [] }, detected('One or more parameter values were invalid: Binary sets should not be empty')],
    [
      { SS: ['a', 'a'] },
      detected('One or more parameter values were invalid: Input collection ["a", "a"] contains duplicates.'),
    ],
    [{ NS: ['1', '1.0'] }, detected('Input collection contains duplicates')],
    [
      { BS: [Buffer.from('a'), Buffer.from('a')] },
      detected(
        'One or more parameter values were invalid: Input collection [YQ==, YQ==]of type BS contains duplicates.',
      ),
    ],
    [{ L: [{ M: { x: { N: '' } } }] }, detected('The parameter cannot be converted to a numeric value')],
    [
      nested(32),
      detected(
        'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
      ),
    ],
  ])('%j is refused', async (value, message) => expect(await refused(value)).toBe(message));
});

// Moto, test_update_item_unused_attributes, verified on AWS.
it('an empty set among the values of an update is refused as in an item', async () => {
  const update = { UpdateExpression: 'SET x = :s', ExpressionAttributeValues: { ':s': { SS: [] } } };
  expect(await world.refusal('UpdateItem', { TableName: 'items', Key: { pk: { S: 'a' } }, ...update })).toBe(
    '1 validation error detected: One or more parameter values were invalid: An string set  may not be empty',
  );
});

describe('names that are special in JavaScript', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  const item = JSON.parse(
    `{"pk":{"S":"js"},${names.map((name) => `"${name}":{"S":"${name}"}`)},"m":{"M":{"__proto__":{"N":"1"}}}}`,
  );

  it('are attribute names like any other', async () => {
    await world.call('PutItem', { TableName: 'items', Item: item });
    const { Item } = await world.call('GetItem', { TableName: 'items', Key: { pk: { S: 'js' } } });
    expect(JSON.stringify(Item)).toBe(JSON.stringify(item));
    expect(Object.getPrototypeOf(Item)).toBe(Object.prototype);
  });

  it.each(names)('%s is not there when it was not put', async (name) => {
    await world.call('PutItem', { TableName: 'items', Item: { pk: { S: 'plain' } } });
    const request = {
      TableName: 'items',
      Key: { pk: { S: 'plain' } },
      ProjectionExpression: '#n, #n2.#n',
      ExpressionAttributeNames: { '#n': name, '#n2': 'other' },
    };
    expect((await world.call('GetItem', request)).Item).toEqual({});
    const update = {
      TableName: 'items',
      Key: { pk: { S: 'plain' } },
      UpdateExpression: 'SET #n = :v',
      ConditionExpression: 'attribute_not_exists(#n)',
      ExpressionAttributeNames: { '#n': name },
      ExpressionAttributeValues: { ':v': { S: 'set' } },
      ReturnValues: 'UPDATED_NEW',
    };
    const { Attributes } = await world.call('UpdateItem', update);
    expect(Object.entries(Attributes)).toEqual([[name, { S: 'set' }]]);
  });
});

// Developer Guide, Item sizes and formats; Quotas: 400 KB with names.
describe('item size', () => {
  const item = (bytes: number, v: unknown = { S: '' }, size = 0) => ({
    pk: { S: 'size' },
    v,
    pad: { S: 'x'.repeat(bytes - 'pksize'.length - 'v'.length - size - 'pad'.length) },
  });

  it.each([
    ['a string in UTF-8', { S: 'ü😀' }, 6],
    ['a number', { N: '-12345.678' }, 7],
    ['a binary', { B: Buffer.alloc(9) }, 9],
    ['a Boolean', { BOOL: true }, 1],
    ['a null', { NULL: true }, 1],
    ['a set', { SS: ['ab', 'c'] }, 3],
    ['a set of numbers', { NS: ['1', '-1'] }, 5],
    ['an empty list', { L: [] }, 3],
    ['a list', { L: [{ S: 'ab' }, { BOOL: true }] }, 3 + 2 + 3],
    ['a map', { M: { key: { S: 'ab' } } }, 3 + 1 + 5],
  ])('counts %s to the byte', async (_, value, size) => {
    await world.call('PutItem', { TableName: 'items', Item: item(409_600, value, size) });
    expect(await world.refusal('PutItem', { TableName: 'items', Item: item(409_601, value, size) })).toBe(
      detected('Item size has exceeded the maximum allowed size'),
    );
  });
});
