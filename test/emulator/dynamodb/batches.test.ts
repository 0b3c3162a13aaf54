import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, item, simpleTable } from './dynamo.ts';

let world: Dynamo;
beforeEach(async () => {
  world = await simpleTable();
});

const put = (pk: string, more = {}) => ({ PutRequest: { Item: item({ pk, ...more }) } });
const remove = (pk: string) => ({ DeleteRequest: { Key: item({ pk }) } });
const count = async () => (await world.call('Scan', { TableName: 'items', Select: 'COUNT' })).Count;

// API reference, BatchWriteItem.
describe('BatchWriteItem', () => {
  it('puts and deletes', async () => {
    const puts = Array.from({ length: 25 }, (_, at) => put(`p${at}`));
    expect(await world.call('BatchWriteItem', { RequestItems: { items: puts } })).toEqual({ UnprocessedItems: {} });
    await world.call('BatchWriteItem', { RequestItems: { items: [remove('p1'), remove('nope'), put('new')] } });
    expect(await count()).toBe(25);
  });

  it.each([
    [[put('a'), put('a')], 'Provided list of item keys contains duplicates'],
    [[put('a'), remove('a')], 'Provided list of item keys contains duplicates'],
    [[put('a'), { PutRequest: { Item: item({ id: 'x' }) } }], 'The provided key element does not match the schema'],
    [[put('a'), { PutRequest: { Item: item({ pk: 5 }) } }], 'The provided key element does not match the schema'],
    [
      [put('a'), { DeleteRequest: { Key: item({ pk: 'x', more: 'y' }) } }],
      'The provided key element does not match the schema',
    ],
    [
      [put('a'), put('')],
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      [put('a'), {}],
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [[put('a'), put('b', { big: 'x'.repeat(409_600) })], 'Item size has exceeded the maximum allowed size'],
    [Array.from({ length: 26 }, (_, at) => put(`p${at}`)), 'Too many items requested for the BatchWriteItem call'],
  ])('writes nothing when a request is at fault (%#)', async (requests, message) => {
    expect(await world.refusal('BatchWriteItem', { RequestItems: { items: requests } })).toBe(message);
    expect(await count()).toBe(0);
  });

  it('needs tables that exist', async () => {
    const request = { RequestItems: { items: [put('a')], nowhere: [put('b')] } };
    expect(await world.fails('BatchWriteItem', request)).toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await count()).toBe(0);
  });
});

// API reference, BatchGetItem.
describe('BatchGetItem', () => {
  const keys = (...names: string[]) => names.map((pk) => item({ pk }));

  it('finds what is there, with projection', async () => {
    await world.call('BatchWriteItem', { RequestItems: { items: [put('a', { v: 1 }), put('b', { v: 2 })] } });
    const request = {
      Keys: keys('b', 'nope', 'a'),
      ProjectionExpression: '#v',
      ExpressionAttributeNames: { '#v': 'v' },
    };
    expect(await world.call('BatchGetItem', { RequestItems: { items: request } })).toEqual({
      Responses: { items: [item({ v: 2 }), item({ v: 1 })] },
      UnprocessedKeys: {},
    });
  });

  it('answers under the name that was asked for', async () => {
    const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/items';
    const { Responses } = await world.call('BatchGetItem', { RequestItems: { [arn]: { Keys: keys('a') } } });
    expect(Object.entries(Responses)).toEqual([[arn, []]]);
  });

  it('leaves keys beyond 16 MB for the next call', async () => {
    for (let at = 0; at < 45; at++) {
      await world.call('PutItem', { TableName: 'items', Item: item({ pk: `p${at}`, big: 'x'.repeat(400_000) }) });
    }
    const request = { Keys: keys(...Array.from({ length: 45 }, (_, at) => `p${at}`)), ConsistentRead: true };
    const { Responses, UnprocessedKeys } = await world.call('BatchGetItem', { RequestItems: { items: request } });
    expect(Responses.items).toHaveLength(41);
    expect(UnprocessedKeys).toEqual({ items: { Keys: keys('p41', 'p42', 'p43', 'p44'), ConsistentRead: true } });
  });

  it.each([
    [{ Keys: keys('a', 'a') }, 'Provided list of item keys contains duplicates'],
    [{ Keys: [item({ id: 'x' })] }, 'The provided key element does not match the schema'],
    [
      { Keys: keys(...Array.from({ length: 101 }, (_, at) => `p${at}`)) },
      'Too many items requested for the BatchGetItem call',
    ],
    [
      { Keys: keys('a'), ProjectionExpression: 'v', AttributesToGet: ['v'] },
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}',
    ],
  ])('refuses %#', async (request, message) => {
    expect(await world.refusal('BatchGetItem', { RequestItems: { items: request } })).toBe(message);
  });
});
