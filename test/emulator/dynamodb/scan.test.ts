import { beforeAll, describe, expect, it } from 'vitest';
import { type Dynamo, indexedTable, item, simpleTable } from './dynamo.ts';

let world: Dynamo;
beforeAll(async () => {
  world = await simpleTable();
  for (let at = 0; at < 200; at++) {
    await world.call('PutItem', { TableName: 'items', Item: item({ pk: `p${at}`, n: at }) });
  }
});

async function scanAll(request: object): Promise<string[]> {
  const keys: string[] = [];
  let start: unknown;
  do {
    const page = await world.call('Scan', { TableName: 'items', Limit: 7, ExclusiveStartKey: start, ...request });
    keys.push(...page.Items.map((found: { pk: { S: string } }) => found.pk.S));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return keys;
}

// API reference, Scan.
describe('scan', () => {
  it('finds every item once, page by page', async () => {
    const keys = await scanAll({});
    expect(keys).toHaveLength(200);
    expect(new Set(keys).size).toBe(200);
  });

  it('goes on where it was whatever is written meanwhile', async () => {
    const own = await simpleTable();
    const put = (pk: string) => own.call('PutItem', { TableName: 'items', Item: item({ pk }) });
    for (let at = 0; at < 100; at++) await put(`old${at}`);
    const first = await own.call('Scan', { TableName: 'items', Limit: 50 });
    for (let at = 0; at < 100; at++) await put(`new${at}`);
    const seen = new Set(first.Items.map((found: { pk: { S: string } }) => found.pk.S));
    await own.call('DeleteItem', { TableName: 'items', Key: first.LastEvaluatedKey });
    const rest = await own.call('Scan', { TableName: 'items', ExclusiveStartKey: first.LastEvaluatedKey });
    for (const found of rest.Items) {
      expect(seen.has(found.pk.S)).toBe(false);
      seen.add(found.pk.S);
    }
    for (let at = 0; at < 100; at++) expect(seen.has(`old${at}`)).toBe(true);
  });

  it.each([1, 2, 3, 7])('is divided among %i segments', async (TotalSegments) => {
    const parts = [];
    for (let Segment = 0; Segment < TotalSegments; Segment++) parts.push(await scanAll({ Segment, TotalSegments }));
    expect(parts.flat()).toHaveLength(200);
    expect(new Set(parts.flat()).size).toBe(200);
    for (const part of parts) expect(part.length).toBeGreaterThan(200 / TotalSegments / 2);
  });

  it('filters, counts and projects', async () => {
    const filter = { FilterExpression: 'n < :five', ExpressionAttributeValues: { ':five': { N: '5' } } };
    expect(await world.call('Scan', { TableName: 'items', ...filter, Select: 'COUNT' })).toEqual({
      Count: 5,
      ScannedCount: 200,
    });
    const { Items } = await world.call('Scan', { TableName: 'items', ...filter, ProjectionExpression: 'n' });
    expect(Items.map((found: { n: { N: string } }) => found.n.N).sort()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('reads an index, without the items that are not in it', async () => {
    const indexed = await indexedTable();
    await indexed.call('PutItem', { TableName: 'indexed', Item: item({ pk: 'a', sk: '1', gpk: 'g', proj: 'p' }) });
    await indexed.call('PutItem', { TableName: 'indexed', Item: item({ pk: 'a', sk: '2' }) });
    const page = await indexed.call('Scan', { TableName: 'indexed', IndexName: 'gsi', Limit: 1 });
    expect(page.Items).toEqual([item({ pk: 'a', sk: '1', gpk: 'g', proj: 'p' })]);
    expect(page.LastEvaluatedKey).toEqual(item({ pk: 'a', sk: '1', gpk: 'g' }));
    const rest = { TableName: 'indexed', IndexName: 'gsi', ExclusiveStartKey: page.LastEvaluatedKey };
    expect(await indexed.call('Scan', rest)).toMatchObject({ Count: 0, LastEvaluatedKey: undefined });
  });

  it.each([
    [
      { Segment: 0 },
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    ],
    [
      { TotalSegments: 4 },
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    ],
    [
      { Segment: 5, TotalSegments: 5 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5',
    ],
    [
      { ExclusiveStartKey: item({ id: 'x' }) },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      { ExclusiveStartKey: item({ pk: 'x', n: 1 }) },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
  ])('refuses %j', async (more, message) => {
    expect(await world.refusal('Scan', { TableName: 'items', ...more })).toBe(message);
  });

  it('refuses a starting key of another segment', async () => {
    const [first] = await scanAll({ Segment: 0, TotalSegments: 2 });
    const request = { TableName: 'items', Segment: 1, TotalSegments: 2, ExclusiveStartKey: item({ pk: first! }) };
    expect(await world.refusal('Scan', request)).toContain('Please use ExclusiveStartKey with correct Segment');
  });
});
