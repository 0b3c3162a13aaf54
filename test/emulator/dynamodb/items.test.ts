import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, detected, dynamo, indexedTable, item, simpleTable } from './dynamo.ts';

let world: Dynamo;
beforeEach(async () => {
  world = await simpleTable();
});

const Key = { pk: { S: 'one' } };
const first = item({ pk: 'one', v: 'first' });
const second = item({ pk: 'one', v: 'second' });

// API reference, PutItem, GetItem, DeleteItem.
describe('single items', () => {
  it('are put, replaced, read and deleted', async () => {
    expect(await world.call('PutItem', { TableName: 'items', Item: first })).toEqual({});
    expect(await world.call('PutItem', { TableName: 'items', Item: second, ReturnValues: 'ALL_OLD' })).toEqual({
      Attributes: first,
    });
    expect(await world.call('GetItem', { TableName: 'items', Key })).toEqual({ Item: second });
    expect(await world.call('DeleteItem', { TableName: 'items', Key, ReturnValues: 'ALL_OLD' })).toEqual({
      Attributes: second,
    });
    expect(await world.call('DeleteItem', { TableName: 'items', Key, ReturnValues: 'ALL_OLD' })).toEqual({});
    expect(await world.call('GetItem', { TableName: 'items', Key })).toEqual({});
  });

  it('are written only when the condition holds', async () => {
    const put = { TableName: 'items', Item: first, ConditionExpression: 'attribute_not_exists(pk)' };
    await world.call('PutItem', put);
    expect(await world.fails('PutItem', put)).toMatchObject({ code: 'ConditionalCheckFailedException', fields: {} });
    const remove = {
      TableName: 'items',
      Key,
      ConditionExpression: 'v = :v',
      ExpressionAttributeValues: { ':v': { S: 'else' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    expect((await world.fails('DeleteItem', remove)).fields).toEqual({ Item: first });
    expect(await world.call('GetItem', { TableName: 'items', Key })).toEqual({ Item: first });
  });

  it('take only ALL_OLD and NONE for what to return, except UpdateItem', async () => {
    const message = detected('ReturnValues can only be ALL_OLD or NONE');
    expect(await world.refusal('PutItem', { TableName: 'items', Item: first, ReturnValues: 'ALL_NEW' })).toBe(message);
    expect(await world.refusal('DeleteItem', { TableName: 'items', Key, ReturnValues: 'UPDATED_OLD' })).toBe(message);
  });

  it('are found by the ARN of their table as well', async () => {
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/items';
    await world.call('PutItem', { TableName: arn, Item: first });
    expect(await world.call('GetItem', { TableName: 'items', Key })).toEqual({ Item: first });
    // ack-api-quirks, DDB-TABLE-442.
    for (const [from, to, what] of [
      ['us-east-1', 'eu-west-1', 'region'],
      ['arn:aws:', 'arn:aws-cn:', 'partition'],
    ] as const) {
      const TableName = arn.replace(from, to);
      expect(await world.refusal('GetItem', { TableName, Key })).toBe(
        `1 validation error detected: Invalid AWS ${what} in '${TableName}'`,
      );
    }
    const TableName = arn.replace('000000000000', '111111111111');
    expect(await world.fails('GetItem', { TableName, Key })).toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

// Developer Guide, Projection expressions.
describe('projections', () => {
  const Item = {
    pk: { S: 'one' },
    a: { M: { b: { S: 'b' }, c: { L: [{ S: '0' }, { M: { x: { N: '1' }, y: { N: '2' } } }, { S: '2' }] } } },
    z: { S: 'z' },
  };

  it.each([
    ['z', { z: Item.z }],
    ['a.b, z', { a: { M: { b: { S: 'b' } } }, z: Item.z }],
    ['a.c[2], a.c[0]', { a: { M: { c: { L: [{ S: '0' }, { S: '2' }] } } } }],
    ['a.c[1].y, a.b', { a: { M: { b: { S: 'b' }, c: { L: [{ M: { y: { N: '2' } } }] } } } }],
    ['a.nope, nope.a, z[0], a.b.x, a.c[9]', {}],
  ])('%s', async (ProjectionExpression, projected) => {
    await world.call('PutItem', { TableName: 'items', Item });
    expect((await world.call('GetItem', { TableName: 'items', Key, ProjectionExpression })).Item).toEqual(projected);
  });

  it.each([
    [
      'a, a.b',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      'a.b, a[0]',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [0]]',
    ],
    ['a,', 'Syntax error; token: "<EOF>", near: ","'],
    ['name', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['#n', 'An expression attribute name used in the document path is not defined; attribute name: #n'],
  ])('%s is refused', async (ProjectionExpression, message) => {
    expect(await world.refusal('GetItem', { TableName: 'items', Key, ProjectionExpression })).toBe(
      `Invalid ProjectionExpression: ${message}`,
    );
  });

  it('do not reach into a key', async () => {
    expect(await world.refusal('GetItem', { TableName: 'items', Key, ProjectionExpression: 'pk.x' })).toBe(
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    );
  });
});

// Developer Guide, Quotas and Naming rules: keys are scalars of the defined type, not empty, up to 2048 and 1024 bytes.
describe('keys', () => {
  const mismatch = 'The provided key element does not match the schema';
  it.each([
    [{}, mismatch],
    [{ id: { S: 'x' } }, mismatch],
    [{ pk: { S: 'x' }, more: { S: 'y' } }, mismatch],
    [{ pk: { N: '1' } }, mismatch],
    [
      { pk: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      { pk: { S: 'é'.repeat(1025) } },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
    [
      { pk: { S: 'a', N: '1' } },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
  ])('%j is no key of the table', async (key, message) => {
    expect(await world.refusal('GetItem', { TableName: 'items', Key: key })).toBe(message);
    // What is wrong without the table comes with more words from operations that write.
    const worded = message.startsWith('Supplied') ? detected(message) : message;
    expect(await world.refusal('DeleteItem', { TableName: 'items', Key: key })).toBe(worded);
    expect(await world.refusal('UpdateItem', { TableName: 'items', Key: key })).toBe(worded);
  });

  it.each([
    [{ v: { S: 'x' } }, 'One or more parameter values were invalid: Missing the key pk in the item'],
    [{ pk: { N: '1' } }, 'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N'],
    [
      { pk: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
  ])('%j is no item of the table', async (Item, message) => {
    expect(await world.refusal('PutItem', { TableName: 'items', Item })).toBe(message);
  });

  it('of indexes have the defined type, and are not empty', async () => {
    const indexed = await indexedTable();
    const put = (attributes: object) => ({
      TableName: 'indexed',
      Item: { pk: { S: 'p' }, sk: { S: 's' }, ...attributes },
    });
    expect(await indexed.refusal('PutItem', put({ gpk: { N: '1' } }))).toBe(
      'One or more parameter values were invalid: Type mismatch for Index Key gpk Expected: S Actual: N IndexName: gsi',
    );
    expect(await indexed.refusal('PutItem', put({ lsk: { S: '' } }))).toBe(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
        'The AttributeValue for a key attribute cannot contain an empty string value. IndexName: lsi, IndexKey: lsk',
    );
    expect(await indexed.refusal('PutItem', put({ sk: { S: 's'.repeat(1025) } }))).toBe(
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    );
  });

  it('that are equal numbers are the same key', async () => {
    const numbers = dynamo();
    await numbers.call('CreateTable', {
      TableName: 'numbers',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'n', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'n', KeyType: 'HASH' }],
    });
    await numbers.call('PutItem', { TableName: 'numbers', Item: { n: { N: '1.50' } } });
    expect(await numbers.call('GetItem', { TableName: 'numbers', Key: { n: { N: '15E-1' } } })).toEqual({
      Item: { n: { N: '1.5' } },
    });
  });
});

describe('table names', () => {
  it.each([
    ['ab', 'Member must have length greater than or equal to 3'],
    ['a'.repeat(256), 'Member must have length less than or equal to 255'],
    ['bad table!', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+'],
  ])('%s is refused', async (TableName, problem) => {
    expect(await world.refusal('GetItem', { TableName, Key })).toBe(
      `1 validation error detected: Value '${TableName}' at 'tableName' failed to satisfy constraint: ${problem}`,
    );
  });

  it.each(['nowhere', '__proto__', 'constructor'])('%s is not found', async (TableName) => {
    expect(await world.fails('GetItem', { TableName, Key })).toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
  });
});

it('refuses expressions beside the parameters from before them', async () => {
  const put = {
    TableName: 'items',
    Item: first,
    Expected: { pk: { Exists: false } },
    ConditionExpression: 'attribute_not_exists(pk)',
  };
  expect(await world.refusal('PutItem', put)).toBe(
    detected(
      'Can not use both expression and non-expression parameters in the same request: ' +
        'Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    ),
  );
  // dynamodb-conformance captures/2026-06-09-validation-rewording.json: without the parameters that are missing.
  const { Expected: _, ConditionExpression: __, ...bare } = put;
  expect(await world.refusal('PutItem', { ...bare, ExpressionAttributeValues: { ':v': { S: 'x' } } })).toBe(
    detected('ExpressionAttributeValues can only be specified when using expressions'),
  );
});
