import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, INDEXED_TABLE, item, simpleTable } from './dynamo.ts';

let world: Dynamo;
beforeEach(async () => {
  world = await simpleTable();
  await world.call('CreateTable', INDEXED_TABLE);
});

const TableName = 'items';
const put = (pk: string, more: object = {}) => ({ Put: { TableName, Item: { ...item({ pk }), ...more } } });
const onlyNew = (pk: string) => ({
  Put: { TableName, Item: item({ pk }), ConditionExpression: 'attribute_not_exists(pk)' },
});
const increment = (pk: string) => ({
  Update: {
    TableName,
    Key: item({ pk }),
    UpdateExpression: 'ADD n :one',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});
const remove = (pk: string) => ({ Delete: { TableName, Key: item({ pk }) } });
const check = (pk: string) => ({
  ConditionCheck: { TableName, Key: item({ pk }), ConditionExpression: 'attribute_exists(pk)' },
});
const write = (TransactItems: object[], more: object = {}) =>
  world.call('TransactWriteItems', { TransactItems, ...more });
const writeFails = (TransactItems: object[], more: object = {}) =>
  world.fails('TransactWriteItems', { TransactItems, ...more });
const get = async (pk: string) => (await world.call('GetItem', { TableName, Key: item({ pk }) })).Item;

// API reference, TransactWriteItems.
describe('TransactWriteItems', () => {
  it('writes all actions, in several tables', async () => {
    await write([put('a'), put('b'), put('c')]);
    const indexed = { Put: { TableName: 'indexed', Item: item({ pk: 'p', sk: 's', gpk: 'g' }) } };
    expect(await write([increment('a'), remove('b'), check('c'), put('d'), indexed])).toEqual({});
    expect(await get('a')).toEqual(item({ pk: 'a', n: 1 }));
    expect(await get('b')).toBeUndefined();
    expect(await get('d')).toEqual(item({ pk: 'd' }));
    expect((await world.call('Scan', { TableName: 'indexed', IndexName: 'gsi' })).Count).toBe(1);
  });

  it('writes nothing when a condition fails, and says which, in order', async () => {
    await write([put('a', { v: { S: 'old' } })]);
    const failing = onlyNew('a');
    const returning = {
      Put: { ...failing.Put, Item: item({ pk: 'a', v: 'new' }), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    };
    const error = await writeFails([put('x'), returning, increment('nope'), check('nope2')]);
    expect(error).toMatchObject({
      code: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
        '[None, ConditionalCheckFailed, ConditionalCheckFailed, ConditionalCheckFailed]',
    });
    const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    expect(error.fields.CancellationReasons).toEqual([
      { Code: 'None' },
      { ...failed, Item: item({ pk: 'a', v: 'old' }) },
      failed,
      failed,
    ]);
    expect(await get('x')).toBeUndefined();
    expect(await get('a')).toEqual(item({ pk: 'a', v: 'old' }));
  });

  it.each([
    [
      'a key of the wrong type',
      { Put: { TableName, Item: item({ pk: 5 }) } },
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    ['a missing key', { Delete: { TableName, Key: {} } }, 'The provided key element does not match the schema'],
    [
      'an index key of the wrong type',
      { Put: { TableName: 'indexed', Item: item({ pk: 'p', sk: 's', gpk: 5 }) } },
      'One or more parameter values were invalid: Type mismatch for Index Key gpk Expected: S Actual: N IndexName: gsi',
    ],
    [
      'an update of a missing attribute',
      { Update: { TableName, Key: item({ pk: 'u' }), UpdateExpression: 'SET a = b' } },
      'The provided expression refers to an attribute that does not exist in the item',
    ],
    [
      'an item that grows too large',
      {
        Update: {
          TableName,
          Key: item({ pk: 'u' }),
          UpdateExpression: 'SET a = :v',
          ExpressionAttributeValues: { ':v': { S: 'x'.repeat(409_600) } },
        },
      },
      'Item size to update has exceeded the maximum allowed size',
    ],
  ])('is cancelled by %s', async (_, action, message) => {
    const error = await writeFails([put('x'), action]);
    expect(error.code).toBe('TransactionCanceledException');
    expect(error.fields.CancellationReasons).toEqual([{ Code: 'None' }, { Code: 'ValidationError', Message: message }]);
    expect(await get('x')).toBeUndefined();
  });

  it('looks at no action behind one that is not valid', async () => {
    await write([put('a')]);
    const unfit = { Delete: { TableName, Key: item({ wrong: 'x' }) } };
    const error = await writeFails([onlyNew('a'), unfit, increment('nope'), unfit]);
    expect((error.fields.CancellationReasons as any[]).map(({ Code }) => Code)).toEqual([
      ...['ConditionalCheckFailed', 'ValidationError', 'None', 'None'],
    ]);
  });

  it.each([
    [
      'the same item twice',
      [put('a'), remove('a')],
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'the same item checked and written',
      [check('a'), put('a')],
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'two actions in one',
      [{ ...put('a'), ...remove('b') }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
    ],
    ['no action', [{}], 'TransactItems can only contain one of Check, Put, Update or Delete'],
    [
      'an empty key',
      [put('')],
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      'a malformed expression',
      [{ Update: { TableName, Key: item({ pk: 'a' }), UpdateExpression: 'SET' } }],
      'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"',
    ],
    ['a malformed value', [put('a', { v: { N: 'x' } })], 'The parameter cannot be converted to a numeric value: x'],
    [
      'an item that is too large',
      [put('a', { v: { S: 'x'.repeat(409_600) } })],
      'Item size has exceeded the maximum allowed size',
    ],
    [
      'more than 4 MB',
      Array.from({ length: 12 }, (_, at) => put(`p${at}`, { v: { S: 'x'.repeat(360_000) } })),
      'Transaction size exceeds the maximum of 4 MB',
    ],
  ])('refuses %s as a whole', async (_, actions, message) => {
    expect(await world.refusal('TransactWriteItems', { TransactItems: actions })).toBe(message);
    expect((await world.call('Scan', { TableName })).Count).toBe(0);
  });

  it('needs tables that exist', async () => {
    const error = await writeFails([put('a'), { Put: { TableName: 'nowhere', Item: item({ pk: 'b' }) } }]);
    expect(error).toMatchObject({ code: 'ResourceNotFoundException', message: 'Requested resource not found' });
    expect(await get('a')).toBeUndefined();
  });
});

// "Multiple identical calls with the same token within 10 minutes have the effect of one" (API reference).
describe('client request tokens', () => {
  const token = { ClientRequestToken: 'token' };

  it('make a repeated request harmless for ten minutes', async () => {
    await write([put('a')]);
    await write([increment('a')], token);
    world.engine.advanceTo(world.engine.clock.now() + 10 * 60_000 - 1);
    await write([increment('a')], token);
    expect(await get('a')).toEqual(item({ pk: 'a', n: 1 }));
    world.engine.advanceTo(world.engine.clock.now() + 1);
    await write([increment('a')], token);
    expect(await get('a')).toEqual(item({ pk: 'a', n: 2 }));
  });

  // Botocore and Go's SDK send the members of a map in any order; the request is the same (API reference).
  it('know a request whose members come in another order', async () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([name, inside]) => [name, reversed(inside)])
          .reverse(),
      );
    };
    const more = { b: { B: Buffer.from([1, 2]) }, m: { M: { x: { S: '1' }, y: { L: [{ N: '1' }, { N: '2' }] } } } };
    await write([put('a', more)], token);
    await write([reversed(put('a', more)) as object], token);
    const other = { ...more, m: { M: { x: { S: '1' }, y: { L: [{ N: '2' }, { N: '1' }] } } } };
    expect(await writeFails([put('a', other)], token)).toMatchObject({ code: 'IdempotentParameterMismatchException' });
  });

  it('belong to one request', async () => {
    await write([put('a')], token);
    const error = await writeFails([put('b')], token);
    expect(error.code).toBe('IdempotentParameterMismatchException');
    expect(await get('b')).toBeUndefined();
  });

  it('are not used up by a request that was cancelled', async () => {
    await writeFails([increment('a')], token);
    await write([put('a')]);
    await write([increment('a')], token);
    expect(await get('a')).toEqual(item({ pk: 'a', n: 1 }));
  });

  it('bill a repeated request as a read', async () => {
    const measured = { ...token, ReturnConsumedCapacity: 'TOTAL' };
    const actions = [put('a', { v: { S: 'x'.repeat(1500) } })];
    expect((await write(actions, measured)).ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 4, WriteCapacityUnits: 4 },
    ]);
    expect((await write(actions, measured)).ConsumedCapacity).toEqual([
      { TableName, CapacityUnits: 2, ReadCapacityUnits: 2 },
    ]);
  });
});

// API reference, TransactGetItems.
describe('TransactGetItems', () => {
  const read = (pk: string, more: object = {}) => ({ Get: { TableName, Key: item({ pk }), ...more } });

  it('answers in the order of the request, with an empty answer for a missing item', async () => {
    await write([put('a', { v: { S: 'x' } }), put('b')]);
    const request = { TransactItems: [read('b'), read('nope'), read('a', { ProjectionExpression: 'v' })] };
    expect(await world.call('TransactGetItems', request)).toEqual({
      Responses: [{ Item: item({ pk: 'b' }) }, {}, { Item: item({ v: 'x' }) }],
    });
    const unseen = { TransactItems: [read('b', { ProjectionExpression: 'v' })] };
    expect(await world.call('TransactGetItems', unseen)).toEqual({ Responses: [{}] });
  });

  it('is cancelled by a key that does not fit', async () => {
    const error = await world.fails('TransactGetItems', {
      TransactItems: [read('a'), { Get: { TableName, Key: {} } }, { Get: { TableName, Key: item({ x: '' }) } }],
    });
    expect(error.code).toBe('TransactionCanceledException');
    expect(error.fields.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
      { Code: 'None' },
    ]);
  });

  it('refuses a malformed projection and the same item twice', async () => {
    expect(
      await world.refusal('TransactGetItems', { TransactItems: [read('a', { ProjectionExpression: '!!!' })] }),
    ).toBe('Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"');
    expect(await world.refusal('TransactGetItems', { TransactItems: [read('a'), read('a')] })).toBe(
      'Transaction request cannot include multiple operations on one item',
    );
  });

  it('costs twice as much', async () => {
    const request = { TransactItems: [read('a'), read('b')], ReturnConsumedCapacity: 'INDEXES' };
    const units = { CapacityUnits: 4, ReadCapacityUnits: 4 };
    expect((await world.call('TransactGetItems', request)).ConsumedCapacity).toEqual([
      { TableName, ...units, Table: units },
    ]);
  });
});
