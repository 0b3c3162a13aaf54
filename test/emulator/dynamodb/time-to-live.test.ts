import { beforeEach, describe, expect, it } from 'vitest';
import { type Dynamo, INDEXED_TABLE, item, START, simpleTable } from './dynamo.ts';

const SECONDS = START / 1000;
let world: Dynamo;

beforeEach(async () => {
  world = await simpleTable();
});

const enable = (AttributeName = 'expires', Enabled = true) =>
  world.call('UpdateTimeToLive', { TableName: 'items', TimeToLiveSpecification: { Enabled, AttributeName } });
const put = (pk: string, expires: string | number) =>
  world.call('PutItem', { TableName: 'items', Item: item({ pk, expires }) });
const there = async () =>
  (await world.call('Scan', { TableName: 'items' })).Items.map((found: { pk: { S: string } }) => found.pk.S).sort();

// Developer Guide, Time to Live.
describe('items past their time', () => {
  it('are deleted in the first second after', async () => {
    await enable();
    await put('soon', SECONDS + 60);
    await put('later', SECONDS + 120);
    world.engine.advanceTo(START + 60_999);
    expect(await there()).toEqual(['later', 'soon']);
    expect(world.engine.advanceTo(START + 61_000)).toEqual([
      expect.objectContaining({ at: START + 61_000, what: 'time to live ended for 1 item of table items' }),
    ]);
    expect(await there()).toEqual(['later']);
    expect(world.engine.advanceToNext()).toEqual([expect.objectContaining({ at: START + 121_000 })]);
    expect(await there()).toEqual([]);
    expect(world.engine.advanceToNext()).toEqual([]);
  });

  it('go in the order of their times, whatever the order of writes', async () => {
    await enable();
    for (const at of [50, 10, 30, 20, 40, 10]) await put(`at${at}`, SECONDS + at);
    const fired = world.engine.advanceTo(START + 100_000);
    expect(fired.map(({ at }) => (at - START) / 1000)).toEqual([11, 21, 31, 41, 51]);
    expect(await there()).toEqual([]);
  });

  it('that were there before the table had a time to live go too', async () => {
    await put('old', SECONDS - 10);
    await put('soon', SECONDS + 10);
    await enable();
    expect(await there()).toEqual(['soon']);
    world.engine.advanceTo(START + 11_000);
    expect(await there()).toEqual([]);
  });

  it('stay when their time is put off, taken away or of another type', async () => {
    await enable();
    for (const pk of ['renewed', 'kept', 'text', 'deleted']) await put(pk, SECONDS + 10);
    const update = (pk: string, UpdateExpression: string, values?: object) =>
      world.call('UpdateItem', {
        TableName: 'items',
        Key: item({ pk }),
        UpdateExpression,
        ExpressionAttributeValues: values,
      });
    await update('renewed', 'SET expires = :t', item({ ':t': SECONDS + 100 }));
    await update('kept', 'REMOVE expires');
    await update('text', 'SET expires = :t', item({ ':t': String(SECONDS) }));
    await world.call('DeleteItem', { TableName: 'items', Key: item({ pk: 'deleted' }) });
    expect(world.engine.advanceTo(START + 50_000)).toEqual([]);
    expect(await there()).toEqual(['kept', 'renewed', 'text']);
    world.engine.advanceTo(START + 200_000);
    expect(await there()).toEqual(['kept', 'text']);
  });

  it('by more than five years stay, as times that far back are taken for mistakes', async () => {
    await enable();
    await put('ancient', SECONDS - 6 * 365 * 86_400);
    await put('milliseconds', START);
    await put('huge', '1E125');
    await put('fraction', SECONDS + 1.5);
    world.engine.advanceTo(START + 10_000);
    expect(await there()).toEqual(['ancient', 'huge', 'milliseconds']);
  });

  it('leave the indexes, and nothing of a table that was deleted', async () => {
    await world.call('CreateTable', INDEXED_TABLE);
    await world.call('UpdateTimeToLive', {
      TableName: 'indexed',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    });
    const Item = item({ pk: 'a', sk: '1', gpk: 'g', expires: SECONDS + 10 });
    await world.call('PutItem', { TableName: 'indexed', Item });
    world.engine.advanceTo(START + 11_000);
    expect((await world.call('Scan', { TableName: 'indexed', IndexName: 'gsi-all' })).Count).toBe(0);
    await enable();
    await put('a', SECONDS + 20);
    await world.call('DeleteTable', { TableName: 'items' });
    expect(world.engine.advanceTo(START + 60_000)).toEqual([]);
  });

  it('survive a snapshot', async () => {
    await enable();
    await put('a', SECONDS + 10);
    world.engine.restore(structuredClone(world.engine.state));
    expect(world.engine.advanceTo(START + 11_000)).toHaveLength(1);
    expect(await there()).toEqual([]);
  });
});

// API reference, UpdateTimeToLive and DescribeTimeToLive.
describe('UpdateTimeToLive', () => {
  const describeIt = async () => (await world.call('DescribeTimeToLive', { TableName: 'items' })).TimeToLiveDescription;
  const refusal = (Enabled: boolean, AttributeName: string) =>
    world.refusal('UpdateTimeToLive', { TableName: 'items', TimeToLiveSpecification: { Enabled, AttributeName } });

  it('is described', async () => {
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    expect(await enable()).toEqual({ TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' } });
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  });

  it('refuses what is so already, another attribute, and a change within the hour', async () => {
    expect(await refusal(false, 'expires')).toBe('TimeToLive is already disabled');
    await enable();
    expect(await refusal(true, 'expires')).toBe('TimeToLive is already enabled');
    expect(await refusal(true, 'other')).toContain('TimeToLive is active on a different AttributeName');
    expect(await refusal(false, 'expires')).toBe(
      'Time to live has been modified multiple times within a fixed interval',
    );
    world.engine.advanceTo(START + 3_600_000);
    await enable('expires', false);
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await put('a', SECONDS + 3700);
    expect(world.engine.advanceTo(START + 8_000_000)).toEqual([]);
  });
});
