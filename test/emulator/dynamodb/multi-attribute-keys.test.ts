import { deserialize, serialize } from 'node:v8';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, dynamo, item } from './dynamo.ts';

/**
 * Developer Guide, Multi-attribute keys. What is refused, and how: ScyllaDB test_gsi_composite_keys.py and moto
 * test_dynamodb_multi_attribute_gsi.py, both run against AWS; wording: ack-api-quirks, DDB-TABLE-123.
 */
const TableName = 'matches';
const IndexName = 'by-round';
const TYPES = { pk: 'S', h1: 'S', h2: 'N', r1: 'S', r2: 'N', r3: 'B' };
const definitionsOf = (names: readonly string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: TYPES[AttributeName as 'pk'] ?? 'S' }));
const schema = (hash: readonly string[], range: readonly string[] = []) => [
  ...hash.map((AttributeName) => ({ AttributeName, KeyType: 'HASH' })),
  ...range.map((AttributeName) => ({ AttributeName, KeyType: 'RANGE' })),
];
const KeySchema = schema(['h1', 'h2'], ['r1', 'r2', 'r3']);
const index = (more: object = {}) => ({
  ...{ IndexName, KeySchema, Projection: { ProjectionType: 'KEYS_ONLY' } },
  ...more,
});
const tableWith = (GlobalSecondaryIndexes: object[], names = Object.keys(TYPES)) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: definitionsOf(names),
  KeySchema: schema(['pk']),
  GlobalSecondaryIndexes,
});
const match = (pk: string, r1: string, r2: number, r3 = 0, more: object = {}) => ({
  ...item({ pk, h1: 'winter', h2: 1, r1, r2, other: 'x' }),
  r3: { B: Buffer.from([r3]) },
  ...more,
});
const VALUES = { ':h1': { S: 'winter' }, ':h2': { N: '1' } };

let world: Dynamo;
const put = (Item: object) => world.call('PutItem', { TableName, Item });
const request = (condition: string, values: object, more: object = {}) => ({
  ...{ TableName, IndexName, KeyConditionExpression: `h1 = :h1 AND h2 = :h2${condition}` },
  ...{ ExpressionAttributeValues: { ...VALUES, ...values }, ...more },
});
const found = async (condition = '', values: object = {}, more: object = {}) =>
  (await world.call('Query', request(condition, values, more))).Items.map(({ pk }: any) => pk.S).join('');

beforeEach(async () => {
  world = dynamo();
  await world.call('CreateTable', tableWith([index()]));
});

describe('a global index with several key attributes', () => {
  it('is described as it was made', async () => {
    const { Table } = await world.call('DescribeTable', { TableName });
    expect(Table.GlobalSecondaryIndexes[0].KeySchema).toEqual(KeySchema);
  });

  it('takes four attributes of each kind', async () => {
    const [hash, range] = [
      ['a', 'b', 'c', 'd'],
      ['e', 'f', 'g', 'h'],
    ];
    const table = tableWith([index({ KeySchema: schema(hash!, range) })], ['pk', ...hash!, ...range!]);
    await world.call('CreateTable', { ...table, TableName: 'widest' });
  });

  it.each([
    [
      schema(['a', 'b', 'c', 'd', 'e']),
      'One or more parameter values were invalid: The KeySchema exceeds the maximum allowed number of HASH key attributes',
    ],
    [
      schema(['a'], ['b', 'c', 'd', 'e', 'f']),
      'One or more parameter values were invalid: The KeySchema exceeds the maximum allowed number of RANGE key attributes',
    ],
    [
      [...schema(['a'], ['b']), ...schema(['c'])],
      'One or more parameter values were invalid: All HASH key attributes must precede RANGE key attributes in the KeySchema',
    ],
    [schema(['a', 'a']), 'The KeySchema contains multiple key attributes with the same name'],
    [schema(['a', 'b'], ['a']), 'The KeySchema contains multiple key attributes with the same name'],
  ])('refuses the key %j', async (KeySchema, message) => {
    const names = ['pk', ...new Set(KeySchema.map(({ AttributeName }) => AttributeName))];
    const table = { ...tableWith([index({ KeySchema })], names), TableName: 'refused' };
    expect(await world.refusal('CreateTable', table)).toBe(message);
  });

  it('has its like neither in tables nor in local indexes', async () => {
    const tooLong = /at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2$/;
    const table = { ...tableWith([], ['pk', 'a', 'b']), TableName: 'refused', KeySchema: schema(['pk'], ['a', 'b']) };
    const { GlobalSecondaryIndexes: _, ...plain } = table;
    expect(await world.refusal('CreateTable', plain)).toMatch(tooLong);
    const LocalSecondaryIndexes = [index({ KeySchema: schema(['pk'], ['a', 'b']) })];
    const local = { ...plain, KeySchema: schema(['pk'], ['a']), LocalSecondaryIndexes };
    expect(await world.refusal('CreateTable', local)).toMatch(tooLong);
  });

  it('holds items with all of its attributes, in the order of the sort key from left to right', async () => {
    await put(match('a', 'final', 2));
    await put(match('b', 'final', 10));
    await put(match('c', 'final', -1));
    await put(match('d', 'early', 5, 2));
    await put(match('e', 'early', 5, 1));
    await put(match('x', 'final', 1, 0, { h2: { N: '2' } }));
    const { r2: _, ...lacking }: Record<string, object> = match('y', 'final', 1);
    await put(lacking);
    expect(await found()).toBe('edcab');
    expect(await found('', {}, { ScanIndexForward: false })).toBe('bacde');
    const page = await world.call('Scan', { TableName, IndexName });
    expect(page.Count).toBe(6);
    expect(Object.keys(page.Items[0]).sort()).toEqual(['h1', 'h2', 'pk', 'r1', 'r2', 'r3']);
  });

  it('follows updates of any of its attributes', async () => {
    await put(match('a', 'final', 1));
    const update = (UpdateExpression: string, values: object = {}) =>
      world.call('UpdateItem', {
        ...{ TableName, Key: item({ pk: 'a' }), UpdateExpression },
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      });
    await update('REMOVE h2');
    expect(await found()).toBe('');
    await update('SET h2 = :v, r2 = :v', { ':v': { N: '1' } });
    expect(await found(' AND r1 = :r1 AND r2 = :r2', { ':r1': { S: 'final' }, ':r2': { N: '1' } })).toBe('a');
  });

  it('refuses items whose attributes do not fit', async () => {
    expect(await world.refusal('PutItem', { TableName, Item: match('a', 'final', 1, 0, { h2: { S: 'x' } }) })).toBe(
      'One or more parameter values were invalid: Type mismatch for Index Key h2 Expected: N Actual: S IndexName: by-round',
    );
    expect(await world.refusal('PutItem', { TableName, Item: match('a', '', 1) })).toMatch(/empty string value/);
  });

  it('is filled with the items of a table that gets it later', async () => {
    await world.call('UpdateTable', { TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });
    await put(match('b', 'final', 2));
    await put(match('a', 'final', 1));
    await put(match('x', '', 1));
    await put(match('y', 'final', 1, 0, { h1: { S: 'h'.repeat(2049) } }));
    await put(match('z', 'final', 1, 0, { r3: { N: '1' } }));
    await world.call('UpdateTable', {
      TableName,
      AttributeDefinitions: definitionsOf(['h1', 'h2', 'r1', 'r2', 'r3']),
      GlobalSecondaryIndexUpdates: [{ Create: index() }],
    });
    expect(await found()).toBe('ab');
    expect((await world.call('Scan', { TableName, IndexName })).Count).toBe(2);
  });

  it('survives a snapshot', async () => {
    await put(match('b', 'final', 2));
    world.engine.restore(deserialize(serialize(world.engine.state)));
    await put(match('a', 'final', 1));
    await world.call('DeleteItem', { TableName, Key: item({ pk: 'b' }) });
    expect(await found()).toBe('a');
  });
});

describe('a query of it', () => {
  beforeEach(async () => {
    for (const [pk, r1, r2] of [
      ['a', 'early', 1],
      ['b', 'final', 1],
      ['c', 'final', 2],
      ['d', 'final', 3],
    ] as const) {
      await put(match(pk, r1, r2));
    }
  });

  it.each([
    [' AND r1 = :r1', { ':r1': { S: 'final' } }, 'bcd'],
    [' AND r1 < :r1', { ':r1': { S: 'final' } }, 'a'],
    [' AND begins_with(r1, :r1)', { ':r1': { S: 'e' } }, 'a'],
    [' AND r1 = :r1 AND r2 >= :r2', { ':r1': { S: 'final' }, ':r2': { N: '2' } }, 'cd'],
    [' AND r2 > :r2 AND r1 = :r1', { ':r1': { S: 'final' }, ':r2': { N: '2' } }, 'd'],
    [' AND r1 = :r1 AND r2 BETWEEN :a AND :b', { ':r1': { S: 'final' }, ':a': { N: '0' }, ':b': { N: '2' } }, 'bc'],
    [
      ' AND r1 = :r1 AND r2 = :r2 AND r3 <= :r3',
      { ':r1': { S: 'final' }, ':r2': { N: '2' }, ':r3': { B: Buffer.from([0]) } },
      'c',
    ],
  ])('finds by %s', async (condition, values, expected) => {
    expect(await found(condition, values)).toBe(expected);
  });

  it.each([
    [' AND r2 = :r2', { ':r2': { N: '1' } }, 'Query condition missed key schema element: r1'],
    [
      ' AND r1 = :r1 AND r3 = :r3',
      { ':r1': { S: 'x' }, ':r3': { B: Buffer.from([1]) } },
      'Query condition missed key schema element: r2',
    ],
    [' AND r1 > :r1 AND r2 = :r2', { ':r1': { S: 'x' }, ':r2': { N: '1' } }, 'Query key condition not supported'],
    [' AND r1 = :r1 AND strange = :r1', { ':r1': { S: 'x' } }, 'Query condition missed key schema element: r2'],
  ])('refuses %s', async (condition, values, message) => {
    expect(await world.refusal('Query', request(condition, values))).toBe(message);
  });

  it('needs every attribute of the partition key, by equality', async () => {
    const query = (KeyConditionExpression: string, values: object) =>
      world.refusal('Query', { TableName, IndexName, KeyConditionExpression, ExpressionAttributeValues: values });
    const { ':h2': _, ...lacking } = VALUES;
    expect(await query('h1 = :h1', lacking)).toBe('Query condition missed key schema element: h2');
    expect(await query('h1 = :h1 AND h2 > :h2', VALUES)).toBe('Query key condition not supported');
  });

  it('filters by attributes of the table key, not of the index key', async () => {
    const filter = (FilterExpression: string, value: object) => request('', { ':f': value }, { FilterExpression });
    expect((await world.call('Query', filter('pk = :f', { S: 'b' }))).Count).toBe(1);
    expect(await world.refusal('Query', filter('r2 = :f', { N: '1' }))).toBe(
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: r2',
    );
  });

  it('goes on page by page, both ways', async () => {
    for (const ScanIndexForward of [true, false]) {
      let pages = '';
      let ExclusiveStartKey: object | undefined;
      do {
        const more = { Limit: 1, ScanIndexForward, ...(ExclusiveStartKey && { ExclusiveStartKey }) };
        const page = await world.call('Query', request(' AND r1 = :r1', { ':r1': { S: 'final' } }, more));
        pages += page.Items.map(({ pk }: any) => pk.S).join('');
        ExclusiveStartKey = page.LastEvaluatedKey;
        if (ExclusiveStartKey !== undefined) {
          expect(Object.keys(ExclusiveStartKey).sort()).toEqual(['h1', 'h2', 'pk', 'r1', 'r2', 'r3']);
        }
      } while (ExclusiveStartKey !== undefined);
      expect(pages).toBe(ScanIndexForward ? 'bcd' : 'dcb');
    }
    const { h2: _, other: __, ...lacking }: Record<string, object> = match('a', 'final', 1);
    expect(await world.refusal('Query', request('', {}, { ExclusiveStartKey: lacking }))).toBe(
      'The provided starting key is invalid',
    );
  });

  it('may come with KeyConditions', async () => {
    const EQ = (value: object) => ({ ComparisonOperator: 'EQ', AttributeValueList: [value] });
    const KeyConditions = {
      ...{ h1: EQ({ S: 'winter' }), h2: EQ({ N: '1' }), r1: EQ({ S: 'final' }) },
      r2: { ComparisonOperator: 'GT', AttributeValueList: [{ N: '1' }] },
    };
    const { Items } = await world.call('Query', { TableName, IndexName, KeyConditions });
    expect(Items.map(({ pk }: any) => pk.S)).toEqual(['c', 'd']);
  });
});
