import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { describeEffect } from '../../../src/emulator/calls/describe.ts';
import { itemKey } from '../../../src/emulator/calls/item-key.ts';
import { textsOf } from '../../../src/emulator/calls/texts.ts';
import type { Effect } from '../../../src/emulator/core/effects.ts';
import type { EngineState } from '../../../src/emulator/core/engine.ts';
import type { DynamoState } from '../../../src/emulator/dynamodb/state.ts';
import { walkTree } from '../../../src/emulator/dynamodb/tree.ts';
import { Snapshots } from '../../../src/emulator/persistence/snapshots.ts';
import { type Dynamo, indexedTable, item } from './dynamo.ts';

const TableName = 'indexed';

/** What the table keeps as text is to be as if it were kept as it came. */
const VALUES = {
  text: { S: '"quoted" \\ \u20ac \u{1f680} \ud800 \u2028' },
  number: { N: '-0.000123' },
  nested: { M: { list: { L: [{ S: 'a' }, { BOOL: false }, { NULL: true }, { M: {} }] }, __proto__x: { N: '1' } } },
  strings: { SS: ['a', 'b'] },
  numbers: { NS: ['1', '2.5'] },
  '2': { S: 'second' },
  '1': { S: 'first' },
};

const DOCUMENT = JSON.parse('{"M":{"__proto__":{"S":"own"},"constructor":{"S":"too"}}}') as object;

const key = (at: number) => item({ pk: `p${at % 3}`, sk: `s${at}` });

const whole = (at: number) => ({
  ...key(at),
  ...item({ gpk: `g${at % 2}`, lsk: `l${9 - at}`, proj: `x${at}`, count: at }),
  ...VALUES,
  document: DOCUMENT,
  ...(at % 4 === 0 && { bytes: { B: Uint8Array.of(at, 255) }, more: { L: [{ BS: [Uint8Array.of(1)] }] } }),
});

const get = (at: number) => ['GetItem', { TableName, Key: key(at), ConsistentRead: true }] as const;

const update = (at: number, more: object) =>
  ['UpdateItem', { TableName, Key: key(at), ReturnConsumedCapacity: 'INDEXES', ...more }] as const;

const SET = {
  UpdateExpression: 'SET #c = #c + :one, nested.#l[0] = :a REMOVE text ADD strings :s',
  ConditionExpression: 'nested.#l[1] = :f AND size(text) > :one',
  ExpressionAttributeNames: { '#c': 'count', '#l': 'list' },
  ExpressionAttributeValues: { ':one': { N: '1' }, ':a': { S: 'z' }, ':s': { SS: ['c'] }, ':f': { BOOL: false } },
};

const query = (values: Record<string, string>, KeyConditionExpression: string, more: object = {}) =>
  [
    'Query',
    {
      TableName,
      KeyConditionExpression,
      ExpressionAttributeValues: item(values),
      ReturnConsumedCapacity: 'INDEXES',
      ...more,
    },
  ] as const;

const steps = [
  ...Array.from(
    { length: 10 },
    (_, at) => ['PutItem', { TableName, Item: whole(at), ReturnValues: 'ALL_OLD' }] as const,
  ),
  ...Array.from({ length: 10 }, (_, at) => get(at)),
  ['PutItem', { TableName, Item: { ...whole(1), proj: { S: 'new' } }, ReturnValues: 'ALL_OLD' }],
  ['PutItem', { TableName, Item: whole(2), ConditionExpression: 'attribute_not_exists(pk)' }],
  update(3, { ...SET, ReturnValues: 'ALL_OLD' }),
  update(3, { ...SET, ReturnValues: 'ALL_NEW', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  update(4, { ...SET, ReturnValues: 'UPDATED_NEW' }),
  update(5, { UpdateExpression: 'SET gpk = :g, lsk = :g', ExpressionAttributeValues: item({ ':g': 'g7' }) }),
  update(6, { UpdateExpression: 'REMOVE gpk, lsk', ReturnValues: 'UPDATED_OLD' }),
  query({ ':p': 'p0' }, 'pk = :p'),
  query({ ':p': 'p0', ':s': 's3' }, 'pk = :p AND sk > :s', { ScanIndexForward: false, Limit: 1 }),
  query({ ':p': 'p1', ':x': 'new' }, 'pk = :p', {
    FilterExpression: 'proj = :x',
    ProjectionExpression: 'nested.list[0], sk',
  }),
  ...['gsi', 'gsi-all'].flatMap((IndexName) =>
    ['g0', 'g1', 'g7'].map((g) => query({ ':g': g }, 'gpk = :g', { IndexName })),
  ),
  query({ ':p': 'p2' }, 'pk = :p', { IndexName: 'lsi', Select: 'ALL_ATTRIBUTES' }),
  ['BatchGetItem', { RequestItems: { [TableName]: { Keys: [key(1), key(4), key(8)] } } }],
  ['TransactGetItems', { TransactItems: [7, 8].map((at) => ({ Get: { TableName, Key: key(at) } })) }],
  [
    'TransactWriteItems',
    { TransactItems: [{ Delete: { TableName, Key: key(7) } }, { Put: { TableName, Item: whole(11) } }] },
  ],
  ['DeleteItem', { TableName, Key: key(8), ReturnValues: 'ALL_OLD' }],
  ['DeleteItem', { TableName, Key: key(9), ReturnValues: 'ALL_OLD' }],
  ...[7, 8, 9, 11].map(get),
] as unknown as (readonly [operation: string, input: object])[];

const MANY = 10_000;

/** Items under other keys, and so many that whatever comes is kept as text. */
async function withMany(world: Dynamo): Promise<Dynamo> {
  for (let at = 0; at < MANY; at++) {
    await world.call('PutItem', {
      TableName,
      Item: { ...item({ pk: `other${at}`, sk: 's' }), list: { L: [{ N: '1' }] } },
    });
  }
  return world;
}

/** Answers, errors and effects of all steps. */
async function play({ engine }: Dynamo) {
  const told: unknown[] = [];
  for (const [operation, input] of steps) {
    const effects: Effect[] = [];
    const log = { caller: 'test', effect: (effect: Effect) => effects.push(effect), struck() {} };
    const call = { service: 'dynamodb', operation, input, account: '000000000000', region: 'us-east-1', log } as const;
    const answer = await engine.call(call).catch(({ code, message, fields }) => ({ code, message, fields }));
    const keys = effects.map((effect) => effect.kind === 'item' && itemKey(effect.keys, effect.after ?? effect.before));
    told.push([operation, answer, effects.map(describeEffect), [...textsOf(effects)], keys]);
  }
  return told;
}

const tableOf = ({ engine }: Dynamo) =>
  (engine.stateOf('dynamodb', { account: '000000000000', region: 'us-east-1' }) as DynamoState).tables.get(TableName)!;

function textsIn(world: Dynamo): number {
  let count = 0;
  walkTree(tableOf(world).items, { low: undefined, high: undefined }, false, (_, kept) => {
    if (typeof kept === 'string') count++;
    return true;
  });
  return count;
}

/** Bytes and names in one form, whatever class and order they have. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('a large table', () => {
  it('answers and tells as a small one', async () => {
    const [small, large] = [await indexedTable(), await withMany(await indexedTable())];
    const others = tableOf(large).bytes;
    const expected = await play(small);
    const told = await play(large);
    for (const [at, one] of told.entries()) expect(plain(one)).toEqual(plain(expected[at]));
    expect(textsIn(small)).toBe(0);
    expect(textsIn(large)).toBeGreaterThan(4);
    expect(tableOf(large).bytes - others).toBe(tableOf(small).bytes);
    const bytesOf = (world: Dynamo) => tableOf(world).indexes.map(({ bytes, entries }) => [bytes, entries.size]);
    expect(bytesOf(large)).toEqual(bytesOf(small));
  });

  it.each<[string, (world: Dynamo) => void]>([
    ['a structured clone', ({ engine }) => engine.restore(structuredClone(engine.state))],
    ['the serialization of V8', ({ engine }) => engine.restore(deserialize(serialize(engine.state)) as EngineState)],
    [
      'a snapshot',
      ({ engine }) => {
        const snapshots = new Snapshots(engine);
        snapshots.save('s');
        snapshots.load('s');
      },
    ],
  ])('goes on after %s', async (_, reload) => {
    const world = await withMany(await indexedTable());
    const request = { TableName, IndexName: 'gsi-all' };
    for (let at = 0; at < 10; at++) await world.call('PutItem', { TableName, Item: whole(at) });
    const [items, index] = [await world.call('Scan', { TableName }), await world.call('Scan', request)];
    reload(world);
    expect(plain((await world.call('Scan', { TableName })).Items.length)).toBe(items.Items.length);
    expect(plain((await world.call('Scan', request)).Items.map(({ text, sk }: never) => [text, sk]))).toEqual(
      plain(index.Items.map(({ text, sk }: never) => [text, sk])),
    );
    for (let at = 0; at < MANY; at++) {
      await world.call('DeleteItem', { TableName, Key: item({ pk: `other${at}`, sk: 's' }) });
    }
    for (let at = 0; at < 10; at++) await world.call('DeleteItem', { TableName, Key: key(at) });
    const { items: left, bytes, indexes } = tableOf(world);
    expect([left.size, bytes, ...indexes.map((one) => one.bytes + one.entries.size)]).toEqual([0, 0, 0, 0, 0]);
  });

  it('gets an index, and loses items to their time to live', async () => {
    const world = await withMany(await indexedTable());
    for (let at = 0; at < 10; at++) {
      const ends = { ends: { N: `${Math.floor(world.engine.clock.now() / 1000) + at}` } };
      await world.call('PutItem', { TableName, Item: { ...whole(at), ...ends } });
    }
    await world.call('UpdateTable', {
      TableName,
      AttributeDefinitions: [{ AttributeName: 'proj', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'later',
            KeySchema: [{ AttributeName: 'proj', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    });
    expect((await world.call('Scan', { TableName, IndexName: 'later' })).Count).toBe(10);
    await world.call('UpdateTimeToLive', {
      TableName,
      TimeToLiveSpecification: { AttributeName: 'ends', Enabled: true },
    });
    world.engine.advanceTo(world.engine.clock.now() + 5_000);
    const { Items } = await world.call('Scan', { TableName, IndexName: 'later' });
    expect(Items.map(({ sk }: { sk: { S: string } }) => sk.S).sort()).toEqual(['s5', 's6', 's7', 's8', 's9']);
  });
});
