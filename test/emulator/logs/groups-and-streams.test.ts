import { describe, expect, test } from 'vitest';
import { event, NOW, world, worldWithStreams } from './world.ts';

const names = (found: { logGroupName?: string; logStreamName?: string }[]) =>
  found.map(({ logGroupName, logStreamName }) => logGroupName ?? logStreamName);

describe('log groups', () => {
  test('are described as AWS describes them', async () => {
    const { call } = world();
    await call('CreateLogGroup', { logGroupName: '/shop', tags: { env: 'dev' }, kmsKeyId: 'arn:aws:kms:k' });
    expect(await call('DescribeLogGroups', {})).toEqual({
      logGroups: [
        {
          logGroupName: '/shop',
          creationTime: NOW,
          arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/shop:*',
          logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/shop',
          retentionInDays: undefined,
          metricFilterCount: 0,
          storedBytes: 0,
          kmsKeyId: 'arn:aws:kms:k',
          logGroupClass: 'STANDARD',
          deletionProtectionEnabled: false,
        },
      ],
    });
    await expect(call('CreateLogGroup', { logGroupName: '/shop' })).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
  });

  test('are separate in accounts and regions', async () => {
    const { call } = world();
    await call('CreateLogGroup', { logGroupName: 'g' });
    expect((await call('DescribeLogGroups', {}, { region: 'eu-west-1' })).logGroups).toEqual([]);
    expect((await call('DescribeLogGroups', {}, { account: '111111111111' })).logGroups).toEqual([]);
  });

  test('are found by prefix, by part of the name, by identifier and class, page by page', async () => {
    const { call } = world();
    for (const name of ['b/Two', 'a/one', 'b/three', '__proto__', 'c']) {
      await call('CreateLogGroup', {
        logGroupName: name,
        logGroupClass: name === 'c' ? 'INFREQUENT_ACCESS' : undefined,
      });
    }
    const find = async (input: object) => names((await call('DescribeLogGroups', input)).logGroups);
    expect(await find({})).toEqual(['__proto__', 'a/one', 'b/Two', 'b/three', 'c']);
    expect(await find({ logGroupNamePrefix: 'b/' })).toEqual(['b/Two', 'b/three']);
    expect(await find({ logGroupNamePattern: 't' })).toEqual(['__proto__', 'b/three']);
    expect(await find({ logGroupClass: 'INFREQUENT_ACCESS' })).toEqual(['c']);
    const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:c';
    expect(await find({ logGroupIdentifiers: ['a/one', arn] })).toEqual(['a/one', 'c']);
    const pages: unknown[] = [];
    let nextToken: string | undefined;
    do {
      const page = await call('DescribeLogGroups', { limit: 2, nextToken });
      pages.push(names(page.logGroups));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual([['__proto__', 'a/one'], ['b/Two', 'b/three'], ['c']]);
    await expect(call('DescribeLogGroups', { logGroupNamePrefix: 'b', logGroupNamePattern: 'b' })).rejects.toThrow(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
    await expect(call('DescribeLogGroups', { nextToken: 'nonsense' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });

  test('are deleted with their streams, unless protected', async () => {
    const { call } = await worldWithStreams('s');
    await call('DeleteLogGroup', { logGroupName: 'g' });
    await expect(call('DeleteLogGroup', { logGroupName: 'g' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    await call('CreateLogGroup', { logGroupName: 'g', deletionProtectionEnabled: true });
    expect((await call('DescribeLogStreams', { logGroupName: 'g' })).logStreams).toEqual([]);
    await expect(call('DeleteLogGroup', { logGroupName: 'g' })).rejects.toMatchObject({ code: 'ValidationException' });
    await call('PutLogGroupDeletionProtection', { logGroupIdentifier: 'g', deletionProtectionEnabled: false });
    await call('DeleteLogGroup', { logGroupName: 'g' });
  });
});

describe('tags', () => {
  const resourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:g';

  test('old and new operations see the same', async () => {
    const { call } = world();
    await call('CreateLogGroup', { logGroupName: 'g', tags: { env: 'testing1' } });
    await call('TagResource', { resourceArn, tags: { test1: 'val1' } });
    await call('TagLogGroup', { logGroupName: 'g', tags: { test2: 'val2' } });
    expect([...(await call('ListTagsForResource', { resourceArn })).tags]).toEqual([
      ['env', 'testing1'],
      ['test1', 'val1'],
      ['test2', 'val2'],
    ]);
    await call('UntagLogGroup', { logGroupName: 'g', tags: ['env'] });
    await call('UntagResource', { resourceArn, tagKeys: ['test1', 'unknown'] });
    expect([...(await call('ListTagsLogGroup', { logGroupName: 'g' })).tags]).toEqual([['test2', 'val2']]);
  });

  test('are limited', async () => {
    const { call } = world();
    await call('CreateLogGroup', { logGroupName: 'g' });
    const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    await call('TagResource', { resourceArn, tags: fifty });
    await expect(call('TagResource', { resourceArn, tags: { more: 'v' } })).rejects.toMatchObject({
      code: 'TooManyTagsException',
      fields: { resourceName: resourceArn },
    });
    await expect(call('TagLogGroup', { logGroupName: 'g', tags: { 'aws:x': 'v' } })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
    await expect(call('ListTagsForResource', { resourceArn: `${resourceArn}:*` })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await expect(call('ListTagsForResource', { resourceArn: 'g' })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});

describe('log streams', () => {
  test('are described with what they hold', async () => {
    const { call, put } = await worldWithStreams('empty', 'full');
    await put('full', event(NOW - 5), event(NOW));
    const { logStreams } = await call('DescribeLogStreams', { logGroupName: 'g' });
    expect(logStreams).toMatchObject([
      {
        logStreamName: 'empty',
        creationTime: NOW,
        firstEventTimestamp: undefined,
        lastIngestionTime: undefined,
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:g:log-stream:empty',
        storedBytes: 0,
      },
      { logStreamName: 'full', firstEventTimestamp: NOW - 5, lastEventTimestamp: NOW, lastIngestionTime: NOW },
    ]);
    expect((await call('DescribeLogGroups', {})).logGroups[0].storedBytes).toBe(2 * 26 + 'm-5'.length + 'm0'.length);
    await call('DeleteLogStream', { logGroupName: 'g', logStreamName: 'full' });
    expect((await call('DescribeLogGroups', {})).logGroups[0].storedBytes).toBe(0);
  });

  test.each([
    [{}, ['a1', 'a2', 'b1', 'c']],
    [{ descending: true }, ['c', 'b1', 'a2', 'a1']],
    [{ logStreamNamePrefix: 'a' }, ['a1', 'a2']],
    [{ logStreamNamePrefix: 'a', descending: true }, ['a2', 'a1']],
    [{ logStreamNamePrefix: 'x' }, []],
    [{ logStreamNamePrefix: 'x', descending: true }, []],
    [{ orderBy: 'LastEventTime' }, ['b1', 'c', 'a2', 'a1']],
    [{ orderBy: 'LastEventTime', descending: true }, ['a1', 'a2', 'c', 'b1']],
  ])('%j gives %j, at once and in pages of one', async (input, expected) => {
    const { call, put } = await worldWithStreams('b1', 'a2', 'a1', 'c');
    await put('c', event(NOW - 20));
    await put('a2', event(NOW - 10));
    await put('a1', event(NOW - 1), event(NOW));
    const identifier = 'arn:aws:logs:us-east-1:000000000000:log-group:g';
    const all = await call('DescribeLogStreams', { logGroupIdentifier: identifier, ...input });
    expect(names(all.logStreams)).toEqual(expected);
    expect(all.nextToken).toBeUndefined();
    const found: unknown[] = [];
    let nextToken: string | undefined;
    do {
      const page = await call('DescribeLogStreams', { logGroupName: 'g', limit: 1, nextToken, ...input });
      found.push(...names(page.logStreams));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(found).toEqual(expected);
  });

  test.each([
    [{ logGroupName: 'g', logGroupIdentifier: 'g' }, 'ValidationException'],
    [{}, 'InvalidParameterException'],
    [{ logGroupName: 'unknown' }, 'ResourceNotFoundException'],
    [{ logGroupIdentifier: 'arn:aws:logs:eu-west-1:000000000000:log-group:g' }, 'ResourceNotFoundException'],
    [{ logGroupName: 'g', orderBy: 'LastEventTime', logStreamNamePrefix: 'a' }, 'InvalidParameterException'],
  ])('%j is refused with %s', async (input, code) => {
    const { call } = await worldWithStreams('s');
    await expect(call('DescribeLogStreams', input)).rejects.toMatchObject({ code });
  });

  test('exist once and are gone when deleted', async () => {
    const { call } = await worldWithStreams('s');
    await expect(call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })).rejects.toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await call('DeleteLogStream', { logGroupName: 'g', logStreamName: 's' });
    await expect(call('DeleteLogStream', { logGroupName: 'g', logStreamName: 's' })).rejects.toThrow(
      'The specified log stream does not exist.',
    );
  });
});

describe('retention', () => {
  const DAY = 86_400_000;

  test('hides events when they expire, and discards them when the clock passes', async () => {
    const { engine, call, put } = await worldWithStreams('s', 't');
    await put('s', event(NOW - DAY + 60_000, 'old'), event(NOW, 'new'));
    await put('t', event(NOW - 2 * DAY, 'older'));
    await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 });
    const messages = async () =>
      (await call('FilterLogEvents', { logGroupName: 'g' })).events.map((found: { message: string }) => found.message);
    expect(await messages()).toEqual(['old', 'new']);
    engine.advanceTo(NOW + 60_001);
    expect(await messages()).toEqual(['new']);
    expect(await call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })).toMatchObject({
      events: [{ message: 'new' }],
    });
    const [stream] = (await call('DescribeLogStreams', { logGroupName: 'g' })).logStreams;
    expect(stream).toMatchObject({ firstEventTimestamp: NOW });
    const fired = engine.advanceTo(NOW + 2 * DAY);
    expect(fired.map(({ what }) => what)).toEqual([
      'retention of g: 2 events expired',
      'retention of g: 1 event expired',
    ]);
    expect((await call('DescribeLogGroups', {})).logGroups[0]).toMatchObject({ storedBytes: 0, retentionInDays: 1 });
    expect(engine.state.timers).toEqual([]);
  });

  test('can be lengthened and removed before events are discarded', async () => {
    const { engine, call, put } = await worldWithStreams('s');
    await put('s', event(NOW - 10 * DAY));
    await call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 });
    await call('DeleteRetentionPolicy', { logGroupName: 'g' });
    expect(engine.advanceTo(NOW + 400 * DAY)).toEqual([]);
    expect((await call('FilterLogEvents', { logGroupName: 'g' })).events).toHaveLength(1);
  });

  test('takes only the documented numbers of days', async () => {
    const { call } = await worldWithStreams('s');
    await expect(call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 2 })).rejects.toThrow(
      "'retentionInDays'",
    );
  });
});
