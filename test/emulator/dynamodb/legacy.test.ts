import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, detected, indexedTable, item, simpleTable } from './dynamo.ts';

let world: Dynamo;
beforeEach(async () => {
  world = await simpleTable();
  await world.call('PutItem', {
    TableName: 'items',
    Item: { ...item({ pk: 'a', n: 5, s: 'text' }), l: { L: [{ N: '1' }] }, ss: { SS: ['x', 'y'] } },
  });
});

const Key = item({ pk: 'a' });
const condition = (ComparisonOperator: string, ...AttributeValueList: object[]) => ({
  ComparisonOperator,
  ...(AttributeValueList.length > 0 && { AttributeValueList }),
});
const N = (n: number) => ({ N: String(n) });

// Developer Guide, Legacy conditional parameters.
describe('filters', () => {
  it.each([
    [{ n: condition('EQ', N(5)) }, true],
    [{ n: condition('NE', N(5)) }, false],
    [{ n: condition('LE', N(5)) }, true],
    [{ n: condition('LT', N(5)) }, false],
    [{ n: condition('GE', N(5)) }, true],
    [{ n: condition('GT', N(5)) }, false],
    [{ n: condition('BETWEEN', N(1), N(5)) }, true],
    [{ n: condition('IN', N(1), N(5)) }, true],
    [{ n: condition('NOT_NULL') }, true],
    [{ n: condition('NULL') }, false],
    [{ 'dotted.name': condition('NULL') }, true],
    [{ s: condition('BEGINS_WITH', { S: 'te' }) }, true],
    [{ s: condition('CONTAINS', { S: 'ex' }) }, true],
    [{ s: condition('NOT_CONTAINS', { S: 'ex' }) }, false],
    [{ s: condition('NOT_CONTAINS', { S: 'no' }) }, true],
    // ScyllaDB test_expected.py, test_update_expected_1_not_contains: unlike `NOT contains(missing, :v)`.
    [{ missing: condition('NOT_CONTAINS', { S: 'no' }) }, false],
    [{ ss: condition('CONTAINS', { S: 'x' }) }, true],
    [{ n: condition('EQ', N(5)), s: condition('EQ', { S: 'no' }) }, false],
  ])('%j', async (ScanFilter, found) => {
    expect((await world.call('Scan', { TableName: 'items', ScanFilter })).Count).toBe(found ? 1 : 0);
  });

  it('are joined by AND or OR', async () => {
    const ScanFilter = { n: condition('EQ', N(5)), s: condition('EQ', { S: 'no' }) };
    expect((await world.call('Scan', { TableName: 'items', ScanFilter, ConditionalOperator: 'OR' })).Count).toBe(1);
    expect(await world.refusal('Scan', { TableName: 'items', ConditionalOperator: 'OR' })).toBe(
      'ConditionalOperator cannot be used without Filter or Expected',
    );
  });

  it.each([
    [condition('EQ'), 'Invalid number of argument(s) for the EQ ComparisonOperator'],
    [condition('NULL', N(1)), 'Invalid number of argument(s) for the NULL ComparisonOperator'],
    [condition('BETWEEN', N(1)), 'Invalid number of argument(s) for the BETWEEN ComparisonOperator'],
    [condition('IN', N(1), { S: 'x' }), 'AttributeValues inside AttributeValueList must be of same type'],
    [condition('LT', { SS: ['x'] }), 'ComparisonOperator LT is not valid for SS AttributeValue type'],
    [
      condition('BETWEEN', N(2), N(1)),
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    ],
  ])('%j is refused', async (filter, message) => {
    expect(await world.refusal('Scan', { TableName: 'items', ScanFilter: { n: filter } })).toContain(message);
  });
});

describe('Expected', () => {
  const put = (Expected: object) => ({ TableName: 'items', Item: item({ pk: 'a', new: 'yes' }), Expected });

  it.each([
    [{ n: { Value: N(5) } }],
    [{ n: { Exists: true, Value: N(5) } }],
    [{ other: { Exists: false } }],
    [{ n: { ComparisonOperator: 'GT', Value: N(4) } }],
    [{ n: { ComparisonOperator: 'GT', AttributeValueList: [N(4)] } }],
  ])('%j holds', async (expected) => {
    await world.call('PutItem', put(expected));
  });

  it.each([[{ n: { Value: N(6) } }], [{ n: { Exists: false } }], [{ s: { ComparisonOperator: 'NULL' } }]])(
    '%j does not hold',
    async (expected) => {
      expect(await world.fails('PutItem', put(expected))).toMatchObject({ code: 'ConditionalCheckFailedException' });
    },
  );

  it.each([
    [{ n: {} }, 'Value must be provided when Exists is null for Attribute: n'],
    [{ n: { Exists: true } }, 'Value must be provided when Exists is true for Attribute: n'],
    [{ n: { Exists: false, Value: N(1) } }, 'Value cannot be used when Exists is false for Attribute: n'],
    [
      { n: { Value: N(1), AttributeValueList: [N(1)] } },
      'Value and AttributeValueList cannot be used together for Attribute: n',
    ],
    [
      { n: { ComparisonOperator: 'EQ' } },
      'Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: n',
    ],
    [
      { n: { ComparisonOperator: 'EQ', Exists: true, Value: N(1) } },
      'Exists and ComparisonOperator cannot be used together for Attribute: n',
    ],
    [
      { n: { AttributeValueList: [N(1)] } },
      'AttributeValueList can only be used with a ComparisonOperator for Attribute: n',
    ],
  ])('%j is refused', async (expected, message) => {
    expect(await world.refusal('PutItem', put(expected))).toBe(
      detected(`One or more parameter values were invalid: ${message}`),
    );
  });
});

describe('AttributeUpdates', () => {
  const update = (AttributeUpdates: object, key = Key) => ({
    TableName: 'items',
    Key: key,
    AttributeUpdates,
    ReturnValues: 'UPDATED_NEW',
  });

  it.each([
    [{ n: { Value: N(7) } }, { n: N(7) }],
    [{ n: { Action: 'ADD', Value: N(7) } }, { n: N(12) }],
    [{ fresh: { Action: 'ADD', Value: N(7) } }, { fresh: N(7) }],
    [{ ss: { Action: 'ADD', Value: { SS: ['z'] } } }, { ss: { SS: ['x', 'y', 'z'] } }],
    [{ ss: { Action: 'DELETE', Value: { SS: ['x'] } } }, { ss: { SS: ['y'] } }],
    [{ l: { Action: 'ADD', Value: { L: [{ N: '2' }] } } }, { l: { L: [{ N: '1' }, { N: '2' }] } }],
    [{ 'a.b': { Action: 'PUT', Value: N(1) } }, { 'a.b': N(1) }],
    [{ n: { Action: 'DELETE' } }, undefined],
  ])('%j', async (updates, expected) => {
    expect((await world.call('UpdateItem', update(updates))).Attributes).toEqual(expected);
  });

  it('that only delete make no item', async () => {
    await world.call('UpdateItem', update({ n: { Action: 'DELETE' } }, item({ pk: 'none' })));
    expect((await world.call('Scan', { TableName: 'items' })).Count).toBe(1);
  });

  it.each([
    [{ n: { Action: 'PUT' } }, 'Only DELETE action is allowed when no attribute value is specified'],
    [{ n: { Action: 'DELETE', Value: N(1) } }, 'DELETE action with value is not supported for the type N'],
    [{ n: { Action: 'ADD', Value: { S: 'x' } } }, 'ADD action is not supported for the type S'],
    // Dynalite, test/updateItem.js, validated on AWS.
    [{ ss: { Action: 'ADD', Value: N(1) } }, 'Type mismatch for attribute to update'],
    [{ ss: { Action: 'DELETE', Value: { NS: ['1'] } } }, 'Type mismatch for attribute to update'],
    [{ pk: { Action: 'PUT', Value: { S: 'x' } } }, 'Cannot update attribute pk. This attribute is part of the key'],
  ])('%j is refused', async (updates, message) => {
    expect(await world.refusal('UpdateItem', update(updates))).toContain(message);
  });
});

it('AttributesToGet names whole attributes', async () => {
  const request = { TableName: 'items', Key, AttributesToGet: ['n', 'l[0]', 'nope'] };
  expect((await world.call('GetItem', request)).Item).toEqual({ n: N(5) });
  expect(await world.refusal('GetItem', { ...request, AttributesToGet: ['n', 'n'] })).toBe(
    'One or more parameter values were invalid: Duplicate value in attribute name: n',
  );
});

describe('KeyConditions and QueryFilter', () => {
  const query = (KeyConditions: object, more: object = {}) => ({ TableName: 'indexed', KeyConditions, ...more });
  const S = (s: string) => ({ S: s });

  it('query as expressions do', async () => {
    const indexed = await indexedTable();
    for (const sk of ['1', '2', '3', '31']) {
      await indexed.call('PutItem', { TableName: 'indexed', Item: item({ pk: 'a', sk, v: sk }) });
    }
    const count = async (sk: object, more = {}) =>
      (await indexed.call('Query', query({ pk: condition('EQ', S('a')), sk }, more))).Count;
    expect(await count(condition('BEGINS_WITH', S('3')))).toBe(2);
    expect(await count(condition('BETWEEN', S('2'), S('3')))).toBe(2);
    expect(await count(condition('GT', S('1')), { QueryFilter: { v: condition('NE', S('2')) } })).toBe(2);
    const refusal = (conditions: object, more = {}) => indexed.refusal('Query', query(conditions, more));
    expect(await refusal({ pk: condition('NE', S('a')) })).toBe(
      'Attempted conditional constraint is not an indexable operation',
    );
    expect(await refusal({})).toBe(detected('Conditions can be of length 1 or 2 only'));
    expect(await refusal({ pk: condition('EQ', S('a')) }, { QueryFilter: { sk: condition('NOT_NULL') } })).toBe(
      'QueryFilter can only contain non-primary key attributes: Primary key attribute: sk',
    );
  });
});

// dynalite test/query.js, run against AWS: what is wrong with the index or the key comes first.
it.each([
  [{ IndexName: 'gsi', ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
  [{ IndexName: 'nope' }, 'The table does not have the specified index: nope'],
  [{ IndexName: 'gsi' }, 'Query condition missed key schema element: gpk'],
  [{}, 'Attempted conditional constraint is not an indexable operation'],
])('a comparison that no key can answer, with %j', async (more, message) => {
  const world = await indexedTable();
  const KeyConditions = { pk: { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'one' }] } };
  expect(await world.refusal('Query', { TableName: 'indexed', KeyConditions, ...more })).toBe(message);
});

// ScyllaDB test_filter_expression.py and test_projection_expression.py: the old key conditions go with new expressions.
it('KeyConditions come with a filter and a projection, not with a KeyConditionExpression', async () => {
  const KeyConditions = { pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'one' }] } };
  const query = { TableName: 'items', KeyConditions };
  const more = {
    FilterExpression: 'n = :n',
    ProjectionExpression: 's',
    ExpressionAttributeValues: { ':n': { N: '5' } },
  };
  const world = await simpleTable();
  await world.call('PutItem', { TableName: 'items', Item: item({ pk: 'one', n: 5, s: 'text' }) });
  expect((await world.call('Query', { ...query, ...more })).Items).toEqual([item({ s: 'text' })]);
  const twice = { ...query, KeyConditionExpression: 'pk = :n', ExpressionAttributeValues: { ':n': { S: 'one' } } };
  const mixture = detected('Can not use both expression and non-expression parameters in the same request: ');
  expect(await world.refusal('Query', twice)).toBe(
    `${mixture}Non-expression parameters: {KeyConditions} Expression parameters: {KeyConditionExpression}`,
  );
  const filters = { ...query, ...more, QueryFilter: { s: { ComparisonOperator: 'NOT_NULL' } } };
  expect(await world.refusal('Query', filters)).toBe(
    `${mixture}Non-expression parameters: {QueryFilter, KeyConditions} ` +
      'Expression parameters: {ProjectionExpression, FilterExpression}',
  );
});
