import { beforeAll, describe, expect, it } from 'vitest';
import { type Dynamo, detected, dynamo, indexedTable, item } from './dynamo.ts';

let world: Dynamo;

beforeAll(async () => {
  world = await indexedTable();
  for (let at = 0; at < 10; at++) {
    const Item = item({
      pk: 'a',
      sk: `s${at}`,
      gpk: at % 2 === 0 ? 'even' : 'odd',
      lsk: `l${9 - at}`,
      proj: at,
      extra: 'o',
    });
    await world.call('PutItem', { TableName: 'indexed', Item });
  }
  await world.call('PutItem', { TableName: 'indexed', Item: item({ pk: 'b', sk: 's5' }) });
});

const Values = (values: Record<string, string>) => item(values);

function request(KeyConditionExpression: string, values: Record<string, string>, more: object = {}) {
  return { TableName: 'indexed', KeyConditionExpression, ExpressionAttributeValues: Values(values), ...more };
}

const sorts = (output: { Items: { sk: { S: string } }[] }) => output.Items.map(({ sk }) => sk.S.slice(1)).join('');

// Developer Guide, Key condition expressions.
describe('key conditions', () => {
  it.each([
    ['pk = :p', {}, '0123456789'],
    [':p = pk', {}, '0123456789'],
    ['pk = :p AND sk = :v', { ':v': 's4' }, '4'],
    ['sk = :v and pk = :p', { ':v': 's4' }, '4'],
    ['pk = :p AND sk < :v', { ':v': 's2' }, '01'],
    ['pk = :p AND sk <= :v', { ':v': 's2' }, '012'],
    ['pk = :p AND sk > :v', { ':v': 's7' }, '89'],
    ['pk = :p AND sk >= :v', { ':v': 's7' }, '789'],
    ['pk = :p AND :v <= sk', { ':v': 's7' }, '789'],
    ['pk = :p AND sk BETWEEN :v AND :w', { ':v': 's3', ':w': 's5' }, '345'],
    ['(pk = :p) AND (sk BETWEEN :v AND :w)', { ':v': 's33', ':w': 's5' }, '45'],
    ['((pk = :p)) AND ((begins_with(sk, :v)))', { ':v': 's' }, '0123456789'],
    ['pk = :p AND begins_with(sk, :v)', { ':v': 's1' }, '1'],
    ['pk = :p AND begins_with(sk, :v)', { ':v': 'x' }, ''],
  ])('%s %j', async (expression, values, found) => {
    expect(sorts(await world.call('Query', request(expression, { ':p': 'a', ...values })))).toBe(found);
    const backwards = request(expression, { ':p': 'a', ...values }, { ScanIndexForward: false });
    expect(sorts(await world.call('Query', backwards))).toBe([...found].reverse().join(''));
  });

  it.each([
    ['sk = :v', 'Query condition missed key schema element: pk'],
    ['extra = :v', 'Query condition missed key schema element: pk'],
    ['pk = :v AND extra = :v', 'Query condition missed key schema element: sk'],
    ['pk > :v', 'Query key condition not supported'],
    ['pk <> :v', detected('Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: <>')],
    [
      'pk = :v OR sk = :v',
      detected('Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: OR'),
    ],
    ['NOT pk = :v', detected('Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: NOT')],
    ['pk IN (:v)', detected('Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: IN')],
    [
      'pk = :v AND attribute_exists(sk)',
      detected('Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: attribute_exists'),
    ],
    ['pk = :v AND pk = :v', detected('KeyConditionExpressions must only contain one condition per key')],
    ['pk = sk', detected('Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}')],
    ['pk.x = :v', detected('KeyConditionExpressions cannot have conditions on nested attributes')],
    ['size(pk) = :v', detected('KeyConditionExpressions cannot contain nested operations')],
    [
      'pk = :v AND contains(sk, :v)',
      detected('Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: contains'),
    ],
    [
      'pk = :v AND begins_with(:v, sk)',
      detected(
        'Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand',
      ),
    ],
    ['', detected('Invalid KeyConditionExpression: The expression can not be empty;')],
  ])('%s is refused', async (expression, message) => {
    expect(await world.refusal('Query', request(expression, { ':v': 'a' }))).toBe(message);
  });

  it('of another type, empty, or missing are refused', async () => {
    const number = { ...request('pk = :v', {}), ExpressionAttributeValues: { ':v': { N: '1' } } };
    expect(await world.refusal('Query', number)).toBe(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
    expect(await world.refusal('Query', request('pk = :v', { ':v': '' }))).toContain(
      'cannot contain an empty string value',
    );
    expect(await world.refusal('Query', { TableName: 'indexed' })).toBe(
      detected('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.'),
    );
  });
});

// API reference, Query: Limit, FilterExpression, Select, paging.
describe('pages', () => {
  it('stop at the limit, before filtering, and go on from there', async () => {
    const filtered = {
      FilterExpression: 'gpk = :g',
      Limit: 3,
    };
    const page = await world.call('Query', request('pk = :p', { ':p': 'a', ':g': 'odd' }, filtered));
    expect(page).toMatchObject({ Count: 1, ScannedCount: 3, LastEvaluatedKey: item({ pk: 'a', sk: 's2' }) });
    const next = { ...filtered, ExclusiveStartKey: page.LastEvaluatedKey };
    expect(sorts(await world.call('Query', request('pk = :p', { ':p': 'a', ':g': 'odd' }, next)))).toBe('35');
  });

  it.each([true, false])('hold every item once (forward: %s)', async (ScanIndexForward) => {
    let found = '';
    let start: unknown;
    do {
      const page = await world.call(
        'Query',
        request('pk = :p', { ':p': 'a' }, { Limit: 4, ScanIndexForward, ExclusiveStartKey: start }),
      );
      found += sorts(page);
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    expect(found).toBe(ScanIndexForward ? '0123456789' : '9876543210');
  });

  it('go on behind a key whose item is gone', async () => {
    const start = { ExclusiveStartKey: item({ pk: 'a', sk: 's4+' }) };
    expect(sorts(await world.call('Query', request('pk = :p', { ':p': 'a' }, start)))).toBe('56789');
  });

  // dynalite test/scan.js, "should return LastEvaluatedKey if just over limit": behind the item that crosses it.
  it('end at 1 MB', async () => {
    const big = await indexedTable();
    for (let at = 0; at < 20; at++) {
      const Item = item({ pk: 'big', sk: String(at).padStart(2, '0'), payload: 'x'.repeat(60_000) });
      await big.call('PutItem', { TableName: 'indexed', Item });
    }
    const page = await big.call('Query', request('pk = :p', { ':p': 'big' }));
    expect(page.Count).toBe(18);
    expect(page.LastEvaluatedKey).toEqual(item({ pk: 'big', sk: '17' }));
    const rest = request('pk = :p', { ':p': 'big' }, { ExclusiveStartKey: page.LastEvaluatedKey });
    expect(await big.call('Query', rest)).toMatchObject({ Count: 2, LastEvaluatedKey: undefined });
    for (const sk of ['18', '19']) await big.call('DeleteItem', { TableName: 'indexed', Key: item({ pk: 'big', sk }) });
    const whole = await big.call('Query', request('pk = :p', { ':p': 'big' }));
    expect(whole).toMatchObject({ Count: 18, LastEvaluatedKey: page.LastEvaluatedKey });
  });

  it.each([
    [item({ pk: 'a' }), 'The provided starting key is invalid: The provided key element does not match the schema'],
    [
      item({ pk: 'a', extra: 'x' }),
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      item({ pk: 'a', sk: 5 }),
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    // dynalite test/query.js: the sort key is looked at first.
    [item({ pk: 'b', sk: 's5' }), 'The provided starting key does not match the range key predicate'],
    [item({ pk: 'b', sk: 's4' }), 'The query can return at most one row and cannot be restarted'],
    [item({ pk: 'a', sk: 's9' }), 'The provided starting key does not match the range key predicate'],
  ])('do not start at %j', async (ExclusiveStartKey, message) => {
    const query = request('pk = :p AND sk < :v', { ':p': 'a', ':v': 's5' }, { ExclusiveStartKey });
    expect(await world.refusal('Query', query)).toBe(message);
  });

  it('do not start outside their partition, nor where there is one item at most', async () => {
    const start = { ExclusiveStartKey: item({ pk: 'b', sk: 's4' }) };
    expect(await world.refusal('Query', request('pk = :p', { ':p': 'a' }, start))).toBe(
      'The provided starting key is outside query boundaries based on provided conditions',
    );
    const exact = request('pk = :p AND sk = :s', { ':p': 'a', ':s': 's4' }, { Limit: 1 });
    const found = await world.call('Query', exact);
    expect(found).toMatchObject({ Count: 1, LastEvaluatedKey: undefined });
    expect(await world.refusal('Query', { ...exact, ExclusiveStartKey: item({ pk: 'a', sk: 's4' }) })).toBe(
      'The query can return at most one row and cannot be restarted',
    );
  });

  it('count without items', async () => {
    const count = await world.call('Query', request('pk = :p', { ':p': 'a' }, { Select: 'COUNT' }));
    expect(count).toEqual({ Count: 10, ScannedCount: 10 });
  });

  it.each([
    [
      { Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'sk' },
      '1 validation error detected: Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES',
    ],
    [{ Select: 'COUNT', AttributesToGet: ['sk'] }, 'Can not use both'],
    [
      { Select: 'SPECIFIC_ATTRIBUTES' },
      '1 validation error detected: Must specify the AttributesToGet or ProjectionExpression',
    ],
    [
      { Select: 'ALL_PROJECTED_ATTRIBUTES' },
      '1 validation error detected: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
    [
      { FilterExpression: 'sk = :p' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    [{ IndexName: 'nope' }, 'The table does not have the specified index: nope'],
    [{ IndexName: 'gsi', ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
  ])('refuse %j', async (more, message) => {
    expect(await world.refusal('Query', request('pk = :p', { ':p': 'a' }, more))).toContain(message);
  });
});

// Developer Guide, Global and local secondary indexes.
describe('indexes', () => {
  const byGroup = (IndexName: string, more: object = {}) =>
    request('gpk = :g', { ':g': 'odd' }, { IndexName, ...more });
  const byLocal = (more: object = {}) => request('pk = :p', { ':p': 'a' }, { IndexName: 'lsi', ...more });

  it('return what they project', async () => {
    const [include] = (await world.call('Query', byGroup('gsi'))).Items;
    expect(Object.keys(include).sort()).toEqual(['gpk', 'pk', 'proj', 'sk']);
    const [all] = (await world.call('Query', byGroup('gsi-all'))).Items;
    expect(Object.keys(all).sort()).toEqual(['extra', 'gpk', 'lsk', 'pk', 'proj', 'sk']);
    const [keys] = (await world.call('Query', byLocal())).Items;
    expect(Object.keys(keys).sort()).toEqual(['lsk', 'pk', 'sk']);
  });

  it('are in the order of their own sort key, and page with all keys', async () => {
    expect(sorts(await world.call('Query', byGroup('gsi-all')))).toBe('13579');
    const page = await world.call('Query', byLocal({ Limit: 3 }));
    expect(sorts(page)).toBe('987');
    expect(page.LastEvaluatedKey).toEqual(item({ pk: 'a', sk: 's7', lsk: 'l2' }));
    expect(sorts(await world.call('Query', byLocal({ ExclusiveStartKey: page.LastEvaluatedKey, Limit: 2 })))).toBe(
      '65',
    );
  });

  it('page through entries of one key without losing any', async () => {
    const found = new Set<string>();
    let start: object | undefined;
    do {
      const page = await world.call('Query', byGroup('gsi', { Limit: 2, ExclusiveStartKey: start }));
      for (const { sk } of page.Items) found.add(sk.S);
      start = page.LastEvaluatedKey;
      if (start !== undefined) expect(Object.keys(start).sort()).toEqual(['gpk', 'pk', 'sk']);
    } while (start !== undefined);
    expect(found.size).toBe(5);
  });

  it('fetch from the table what a local one lacks, and refuse it of a global one', async () => {
    const [whole] = (await world.call('Query', byLocal({ Select: 'ALL_ATTRIBUTES' }))).Items;
    expect(whole).toMatchObject(item({ pk: 'a', extra: 'o' }));
    const [part] = (await world.call('Query', byLocal({ ProjectionExpression: 'extra' }))).Items;
    expect(part).toEqual(item({ extra: 'o' }));
    expect(await world.refusal('Query', byGroup('gsi', { Select: 'ALL_ATTRIBUTES' }))).toBe(
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for ' +
        'global secondary index gsi because its projection type is not ALL',
    );
    expect(await world.refusal('Query', byGroup('gsi', { ProjectionExpression: 'extra' }))).toBe(
      'One or more parameter values were invalid: Global secondary index gsi does not project [extra]',
    );
  });

  it('have only items with their keys, and follow every change', async () => {
    const own = await indexedTable();
    const count = async () => (await own.call('Query', byGroup('gsi'))).Count;
    const Item = item({ pk: 'a', sk: '1', gpk: 'odd' });
    const Key = item({ pk: 'a', sk: '1' });
    await own.call('PutItem', { TableName: 'indexed', Item: Key });
    expect(await count()).toBe(0);
    await own.call('PutItem', { TableName: 'indexed', Item });
    expect(await count()).toBe(1);
    const update = { TableName: 'indexed', Key, ExpressionAttributeValues: Values({ ':g': 'even' }) };
    await own.call('UpdateItem', { ...update, UpdateExpression: 'SET gpk = :g' });
    expect(await count()).toBe(0);
    await own.call('PutItem', { TableName: 'indexed', Item });
    await own.call('UpdateItem', { TableName: 'indexed', Key, UpdateExpression: 'REMOVE gpk' });
    expect(await count()).toBe(0);
    await own.call('PutItem', { TableName: 'indexed', Item });
    await own.call('DeleteItem', { TableName: 'indexed', Key });
    expect(await count()).toBe(0);
    const { Table } = await own.call('DescribeTable', { TableName: 'indexed' });
    expect(Table.GlobalSecondaryIndexes).toMatchObject([
      { ItemCount: 0, IndexSizeBytes: 0 },
      { ItemCount: 0, IndexSizeBytes: 0 },
    ]);
  });
});

describe('order of sort keys', () => {
  it.each([
    ['S', ['', 'a', 'a\u0000', 'a\u0000b', 'aa', 'b', 'é', '\uffee', '😀'].slice(1).map((S) => ({ S }))],
    ['N', ['-100', '-20', '-2.5', '-1E-100', '0', '1E-100', '1', '1.5', '10', '20', '1E100'].map((N) => ({ N }))],
    ['B', [[0], [0, 0], [0, 1], [1], [127], [128], [255], [255, 0]].map((bytes) => ({ B: Buffer.from(bytes) }))],
  ])('%s', async (AttributeType, values) => {
    const typed = dynamo();
    await typed.call('CreateTable', {
      TableName: 'typed',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    for (const [at, sk] of [...values.entries()].reverse()) {
      await typed.call('PutItem', { TableName: 'typed', Item: { pk: { S: 'p' }, sk, at: { N: String(at) } } });
    }
    const query = (condition: string, more: object = {}) =>
      typed.call('Query', {
        TableName: 'typed',
        KeyConditionExpression: `pk = :p ${condition}`,
        ExpressionAttributeValues: { ':p': { S: 'p' }, ...more },
      });
    const places = async (condition: string, more: object = {}) =>
      (await query(condition, more)).Items.map((found: { at: { N: string } }) => Number(found.at.N));
    const all = values.map((_, at) => at);
    expect(await places('')).toEqual(all);
    for (const at of all) {
      const more = { ':v': values[at] };
      expect(await places('AND sk < :v', more)).toEqual(all.slice(0, at));
      expect(await places('AND sk <= :v', more)).toEqual(all.slice(0, at + 1));
      expect(await places('AND sk > :v', more)).toEqual(all.slice(at + 1));
      expect(await places('AND sk BETWEEN :v AND :w', { ...more, ':w': values.at(-1) })).toEqual(all.slice(at));
      expect(await places('AND sk = :v', more)).toEqual([at]);
    }
  });
});
