import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, detected, indexedTable, simpleTable } from './dynamo.ts';

const ITEM = {
  pk: { S: 'one' },
  n: { N: '10' },
  s: { S: 'text' },
  list: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] },
  map: { M: { x: { N: '1' }, y: { M: { z: { S: 'deep' } } } } },
  ss: { SS: ['a', 'b'] },
  ns: { NS: ['1', '2'] },
};
const VALUES: Record<string, unknown> = {
  ':one': { N: '1' },
  ':half': { N: '0.5' },
  ':s': { S: 'new' },
  ':t': { S: 'other' },
  ':l': { L: [{ S: 'd' }] },
  ':e': { L: [] },
  ':ab': { SS: ['b', 'c'] },
  ':both': { SS: ['a', 'b'] },
  ':ns': { NS: ['2.0', '3'] },
  ':m': { M: {} },
};
const NAMES: Record<string, string> = { '#l': 'list', '#m': 'map', '#p': '__proto__' };

function used(all: Record<string, unknown>, expression: string) {
  const entries = Object.entries(all).filter(([key]) => new RegExp(`${key}(?![A-Za-z0-9_])`).test(expression));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

let world: Dynamo;
beforeEach(async () => {
  world = await simpleTable();
  await world.call('PutItem', { TableName: 'items', Item: ITEM });
});

function request(UpdateExpression: string, pk = 'one') {
  return {
    TableName: 'items',
    Key: { pk: { S: pk } },
    UpdateExpression,
    ExpressionAttributeNames: used(NAMES, UpdateExpression),
    ExpressionAttributeValues: used(VALUES, UpdateExpression),
    ReturnValues: 'ALL_NEW',
  };
}

// Developer Guide, Update expressions.
describe('update expressions', () => {
  const { list, map, ss, ns, ...rest } = ITEM;
  it.each([
    ['SET s = :s', { s: { S: 'new' } }],
    ['set n = n + :one, s = :s', { n: { N: '11' }, s: { S: 'new' } }],
    ['SET n = n - :half', { n: { N: '9.5' } }],
    ['SET a = n, n = :one', { a: { N: '10' }, n: { N: '1' } }],
    ['SET a = if_not_exists(a, :one)', { a: { N: '1' } }],
    ['SET n = if_not_exists(n, :one) + :one', { n: { N: '11' } }],
    ['SET n = (n + :one)', { n: { N: '11' } }],
    ['SET #l = list_append(#l, :l)', { list: { L: [...list.L, { S: 'd' }] } }],
    ['SET #l = list_append(:l, #l)', { list: { L: [{ S: 'd' }, ...list.L] } }],
    ['SET q = list_append(if_not_exists(q, :e), :l)', { q: { L: [{ S: 'd' }] } }],
    ['SET #l[1] = :s', { list: { L: [{ S: 'a' }, { S: 'new' }, { S: 'c' }] } }],
    ['SET #l[9] = :t, #l[7] = :s', { list: { L: [...list.L, { S: 'new' }, { S: 'other' }] } }],
    ['SET #l[2147483647] = :s', { list: { L: [...list.L, { S: 'new' }] } }],
    ['SET #m.x = #m.x + :one', { map: { M: { x: { N: '2' }, y: map.M.y } } }],
    ['SET #m.y.z = :s', { map: { M: { x: map.M.x, y: { M: { z: { S: 'new' } } } } } }],
    ['SET #m.#p = :s REMOVE s', { map: { M: { ...map.M, ['__proto__']: { S: 'new' } } }, s: undefined }],
    ['REMOVE s', { s: undefined }],
    ['REMOVE s, absent, #m.absent', { s: undefined }],
    ['REMOVE #l[0], #l[2]', { list: { L: [{ S: 'b' }] } }],
    ['REMOVE #l[0] SET #l[1] = :s', { list: { L: [{ S: 'new' }, { S: 'c' }] } }],
    ['REMOVE #l[8]', {}],
    ['REMOVE #m.y.z', { map: { M: { x: map.M.x, y: { M: {} } } } }],
    ['ADD n :one', { n: { N: '11' } }],
    ['ADD fresh :one', { fresh: { N: '1' } }],
    ['ADD ss :ab', { ss: { SS: ['a', 'b', 'c'] } }],
    ['ADD ns :ns', { ns: { NS: ['1', '2', '3'] } }],
    ['ADD fresh :ab', { fresh: { SS: ['b', 'c'] } }],
    ['ADD #m.x :one', { map: { M: { x: { N: '2' }, y: map.M.y } } }],
    ['DELETE ss :ab', { ss: { SS: ['a'] } }],
    ['DELETE ss :both', { ss: undefined }],
    ['DELETE absent :ab', {}],
    [
      'SET s = :s REMOVE n ADD ns :ns DELETE ss :ab',
      { s: { S: 'new' }, n: undefined, ns: { NS: ['1', '2', '3'] }, ss: { SS: ['a'] } },
    ],
  ])('%s', async (expression, changed) => {
    const { Attributes } = await world.call('UpdateItem', request(expression));
    expect(Attributes).toEqual(JSON.parse(JSON.stringify({ ...rest, list, map, ss, ns, ...changed })));
    const { Item } = await world.call('GetItem', { TableName: 'items', Key: { pk: { S: 'one' } } });
    expect(Item).toEqual(Attributes);
  });

  it.each([
    ['', detected('Invalid UpdateExpression: The expression can not be empty;')],
    [
      'INVALID SYNTAX HERE',
      detected('Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"'),
    ],
    ['SET', detected('Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"')],
    ['SET s = :s,', detected('Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ","')],
    ['SET s = :s s', detected('Invalid UpdateExpression: Syntax error; token: "s", near: ":s s"')],
    ['SET n = n + :one + :one', detected('Invalid UpdateExpression: Syntax error; token: "+", near: ":one + :one"')],
    ['ADD n s', detected('Invalid UpdateExpression: Syntax error; token: "s", near: "n s"')],
    [
      'SET s = :s SET n = :one',
      detected('Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'),
    ],
    ['SET s = upper(s)', detected('Invalid UpdateExpression: Invalid function name; function: upper')],
    // The only function that makes an operand is if_not_exists (Developer Guide, Update expressions).
    [
      'SET s = size(s)',
      detected('Invalid UpdateExpression: The function is not allowed in an update expression; function: size'),
    ],
    [
      'SET s = list_append(list_append(s, :s), :s)',
      detected(
        'Invalid UpdateExpression: The function is not allowed to be used this way in an expression; function: list_append',
      ),
    ],
    [
      'SET s = if_not_exists(s, list_append(:s, :s))',
      detected(
        'Invalid UpdateExpression: The function is not allowed to be used this way in an expression; function: list_append',
      ),
    ],
    [
      'SET #l[2147483648] = :s',
      detected('Invalid UpdateExpression: List index is not within the allowable range; index: [2147483648]'),
    ],
    [
      'SET s = :nope',
      detected(
        'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :nope',
      ),
    ],
    [
      'SET s = :s, s = :t',
      detected(
        'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [s], path two: [s]',
      ),
    ],
    [
      'SET #m.x = :s REMOVE #m',
      detected(
        'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [map, x], path two: [map]',
      ),
    ],
    [
      'SET #m.x = :s, #m[0] = :t',
      detected(
        'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [map, x], path two: [map, [0]]',
      ),
    ],
    [
      'SET n = n + :s',
      detected(
        'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S',
      ),
    ],
    [
      'SET #l = list_append(#l, :s)',
      detected(
        'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: S',
      ),
    ],
    [
      'SET n = if_not_exists(:one, :s)',
      detected(
        'Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists',
      ),
    ],
    [
      'SET n = if_not_exists(n)',
      detected(
        'Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
      ),
    ],
    [
      'ADD n :s',
      detected(
        'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
      ),
    ],
    [
      'DELETE n :one',
      detected(
        'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER',
      ),
    ],
    ['SET a = absent', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET n = s + :one', 'An operand in the update expression has an incorrect data type'],
    ['SET a = list_append(s, :l)', 'An operand in the update expression has an incorrect data type'],
    ['ADD s :one', 'An operand in the update expression has an incorrect data type'],
    ['DELETE ns :ab', 'An operand in the update expression has an incorrect data type'],
    ['SET a.b = :s', 'The document path provided in the update expression is invalid for update'],
    ['SET s.b = :s', 'The document path provided in the update expression is invalid for update'],
    ['SET #m[0] = :s', 'The document path provided in the update expression is invalid for update'],
    ['REMOVE a.b', 'The document path provided in the update expression is invalid for update'],
    [
      'SET pk = :s',
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
    [
      'REMOVE pk',
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
  ])('%s is refused', async (expression, message) => {
    expect(await world.refusal('UpdateItem', request(expression))).toBe(message);
    expect((await world.call('GetItem', { TableName: 'items', Key: { pk: { S: 'one' } } })).Item).toEqual(ITEM);
  });
});

// API reference, UpdateItem, ReturnValues.
describe('UpdateItem', () => {
  it.each([
    ['NONE', undefined],
    ['ALL_OLD', ITEM],
    ['UPDATED_OLD', { map: { M: { x: { N: '1' } } }, s: { S: 'text' } }],
    ['UPDATED_NEW', { map: { M: { x: { S: 'new' } } }, a: { S: 'new' } }],
  ])('returns %s', async (ReturnValues, attributes) => {
    const update = request('SET #m.x = :s, a = :s REMOVE s');
    expect((await world.call('UpdateItem', { ...update, ReturnValues })).Attributes).toEqual(attributes);
  });

  it('makes the item that is not there', async () => {
    expect((await world.call('UpdateItem', request('ADD n :one', 'two'))).Attributes).toEqual({
      pk: { S: 'two' },
      n: { N: '1' },
    });
    const bare = { TableName: 'items', Key: { pk: { S: 'four' } } };
    expect(await world.call('UpdateItem', { ...bare, ReturnValues: 'UPDATED_NEW' })).toEqual({});
    expect((await world.call('GetItem', bare)).Item).toEqual({ pk: { S: 'four' } });
    const old = { TableName: 'items', Key: { pk: { S: 'five' } }, AttributeUpdates: {} };
    await world.call('UpdateItem', old);
    expect((await world.call('GetItem', { TableName: 'items', Key: old.Key })).Item).toEqual(old.Key);
  });

  // ScyllaDB test_update_expression.py, test_nested_attribute_remove_from_missing_item; test_item.py, test_empty_update_delete.
  it.each(['REMOVE s', 'REMOVE s.t, u[0]', 'DELETE ss :ss', 'REMOVE s DELETE ss :ss'])(
    'makes nothing of an item that is not there by %s',
    async (UpdateExpression) => {
      const Key = { pk: { S: 'three' } };
      const ExpressionAttributeValues = UpdateExpression.includes(':ss') ? { ':ss': { SS: ['a'] } } : undefined;
      const update = { TableName: 'items', Key, UpdateExpression, ExpressionAttributeValues };
      expect(await world.call('UpdateItem', { ...update, ReturnValues: 'ALL_NEW' })).toEqual({});
      await world.call('TransactWriteItems', { TransactItems: [{ Update: update }] });
      expect((await world.call('GetItem', { TableName: 'items', Key })).Item).toBeUndefined();
    },
  );

  it('leaves the item alone when the condition fails, and gives it back when asked to', async () => {
    const update = { ...request('SET s = :s'), ConditionExpression: 'attribute_not_exists(pk)' };
    const error = await world.fails('UpdateItem', update);
    expect(error).toMatchObject({
      code: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      fields: {},
    });
    const withItem = await world.fails('UpdateItem', { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
    expect(withItem.fields).toEqual({ Item: ITEM });
  });

  it('does not let the item grow beyond 400 KB or 32 levels', async () => {
    const big = { ...request('SET s = :s'), ExpressionAttributeValues: { ':s': { S: 'x'.repeat(409_600) } } };
    expect(await world.refusal('UpdateItem', big)).toBe('Item size to update has exceeded the maximum allowed size');
    let deep: unknown = { S: 'bottom' };
    for (let level = 0; level < 30; level++) deep = { L: [deep] };
    const nested = { ...request('SET #m.x = :s'), ExpressionAttributeValues: { ':s': deep } };
    await world.call('UpdateItem', nested);
    const deeper = { ...request('SET #m.x = :s'), ExpressionAttributeValues: { ':s': { L: [deep] } } };
    expect(await world.refusal('UpdateItem', deeper)).toContain('Nesting Levels have exceeded supported limits');
  });
});

// Developer Guide, Secondary indexes: key attributes keep the type of the table's definition.
describe('updates of index keys', () => {
  const update = (UpdateExpression: string, value: unknown) => ({
    TableName: 'indexed',
    Key: { pk: { S: 'p' }, sk: { S: 's' } },
    UpdateExpression,
    ExpressionAttributeValues: { ':v': value },
  });

  it.each([
    [
      'SET gpk = :v',
      { N: '5' },
      'One or more parameter values were invalid: Type mismatch for Index Key gpk Expected: S Actual: N IndexName: gsi',
    ],
    [
      'SET gpk = :v',
      { L: [] },
      'One or more parameter values were invalid: Type mismatch for Index Key gpk Expected: S Actual: L IndexName: gsi',
    ],
    [
      'SET gpk = :v',
      { S: '' },
      'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.',
    ],
    [
      'SET gpk = if_not_exists(gpk, :v)',
      { N: '5' },
      'The update expression attempted to update the secondary index key to unsupported type',
    ],
    [
      'SET gpk.x = :v',
      { S: 'a' },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: gpk",
    ],
  ])('%s to %j is refused', async (expression, value, message) => {
    const indexed = await indexedTable();
    expect(await indexed.refusal('UpdateItem', update(expression, value))).toBe(message);
  });
});
