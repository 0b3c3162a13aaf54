import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { type Dynamo, indexedTable, item } from './dynamo.ts';

async function filled(): Promise<Dynamo> {
  const world = await indexedTable();
  for (let at = 0; at < 300; at++) {
    const Item = {
      ...item({ pk: `p${at % 7}`, sk: `s${at}`, gpk: `g${at % 3}`, lsk: `l${at}` }),
      b: { B: Buffer.from([at % 256]) },
    };
    await world.call('PutItem', { TableName: 'indexed', Item });
  }
  await world.call('TransactWriteItems', {
    ClientRequestToken: 'token',
    TransactItems: [{ Delete: { TableName: 'indexed', Key: item({ pk: 'p0', sk: 's0' }) } }],
  });
  return world;
}

// The engine's rule: state is plain data, so that a snapshot needs no code of the service.
describe('state', () => {
  it.each([
    ['structuredClone', (state: unknown) => structuredClone(state)],
    ['v8.serialize', (state: unknown) => deserialize(serialize(state))],
  ])('goes on after %s as if nothing had happened', async (_, copy) => {
    const world = await filled();
    const before = await world.call('Scan', { TableName: 'indexed' });
    world.engine.restore(copy(world.engine.state) as typeof world.engine.state);
    const after = await world.call('Scan', { TableName: 'indexed' });
    expect(JSON.stringify(after.Items.map(withPlainBytes))).toBe(JSON.stringify(before.Items.map(withPlainBytes)));
    await world.call('UpdateItem', {
      TableName: 'indexed',
      Key: item({ pk: 'p1', sk: 's1' }),
      UpdateExpression: 'SET gpk = :g',
      ConditionExpression: 'b = :b AND begins_with(b, :b)',
      ExpressionAttributeValues: { ':g': { S: 'moved' }, ':b': { B: Buffer.from([1]) } },
    });
    const query = {
      TableName: 'indexed',
      IndexName: 'gsi-all',
      KeyConditionExpression: 'gpk = :g',
      ExpressionAttributeValues: item({ ':g': 'moved' }),
    };
    expect((await world.call('Query', query)).Count).toBe(1);
    const again = {
      ClientRequestToken: 'token',
      TransactItems: [{ Delete: { TableName: 'indexed', Key: item({ pk: 'p2', sk: 's2' }) } }],
    };
    expect(await world.fails('TransactWriteItems', again)).toMatchObject({
      code: 'IdempotentParameterMismatchException',
    });
  });

  it('of a copy is not changed by what happens to the original', async () => {
    const world = await filled();
    const copy = structuredClone(world.engine.state);
    for (let at = 0; at < 300; at++) {
      await world.call('DeleteItem', { TableName: 'indexed', Key: item({ pk: `p${at % 7}`, sk: `s${at}` }) });
    }
    expect((await world.call('DescribeTable', { TableName: 'indexed' })).Table).toMatchObject({
      ItemCount: 0,
      TableSizeBytes: 0,
    });
    world.engine.restore(copy);
    expect((await world.call('DescribeTable', { TableName: 'indexed' })).Table.ItemCount).toBe(299);
  });
});

/** Bytes as numbers: a copy made by structuredClone has plain arrays of bytes where there were Buffers. */
function withPlainBytes(found: { b: { B: Uint8Array } }) {
  return { ...found, b: [...found.b.B] };
}
