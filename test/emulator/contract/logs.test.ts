import { expect } from 'vitest';
import { type Case, contract, REGION, type World } from './contract.ts';

const logGroupName = '/shop';
const STREAM = { logGroupName, logStreamName: 'orders' };
const arnOf = ({ account }: World) => `arn:aws:logs:${REGION}:${account}:log-group:${logGroupName}`;

async function stream(world: World): Promise<void> {
  await world.call('logs', 'CreateLogGroup', { logGroupName });
  await world.call('logs', 'CreateLogStream', STREAM);
}

const put = (world: World, messages: readonly string[], before = 0) =>
  world.call('logs', 'PutLogEvents', {
    ...STREAM,
    logEvents: messages.map((message, n) => ({ timestamp: world.now - before + n, message })),
  });

const CASES: readonly Case[] = [
  {
    what: 'groups and streams are made once, described by prefix, and deleted',
    doc: 'CloudWatch Logs API Reference, CreateLogGroup, DescribeLogStreams',
    covers: [
      'CreateLogGroup',
      'CreateLogStream',
      'DescribeLogGroups',
      'DescribeLogStreams',
      'DeleteLogStream',
      'DeleteLogGroup',
    ],
    async run(world) {
      await stream(world);
      expect((await world.refused('logs', 'CreateLogGroup', { logGroupName })).name).toBe(
        'ResourceAlreadyExistsException',
      );
      const { logGroups } = await world.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: '/sh' });
      expect(logGroups).toMatchObject([{ logGroupName, arn: `${arnOf(world)}:*` }]);
      const { logStreams } = await world.call('logs', 'DescribeLogStreams', { logGroupName });
      expect(logStreams).toMatchObject([{ logStreamName: 'orders' }]);
      await world.call('logs', 'DeleteLogStream', STREAM);
      await world.call('logs', 'DeleteLogGroup', { logGroupName });
      expect((await world.refused('logs', 'DescribeLogStreams', { logGroupName })).name).toBe(
        'ResourceNotFoundException',
      );
    },
  },
  {
    what: 'a name pattern leaves out size, retention and protection; groups are listed by patterns and tags',
    doc: 'localstack tests/aws/services/logs/test_logs_groups.snapshot.json, test_describe_log_groups_with_pattern (AWS); API Reference, ListLogGroups',
    covers: ['DescribeLogGroups', 'ListLogGroups'],
    async run(world) {
      await world.call('logs', 'CreateLogGroup', { logGroupName, tags: { env: 'test' } });
      await world.call('logs', 'CreateLogGroup', { logGroupName: '/other', logGroupClass: 'INFREQUENT_ACCESS' });
      const { logGroups } = await world.call('logs', 'DescribeLogGroups', { logGroupNamePattern: 'sho' });
      const logGroupArn = arnOf(world);
      const brief = { logGroupName, arn: `${logGroupArn}:*`, logGroupArn, logGroupClass: 'STANDARD' };
      expect(logGroups).toEqual([{ ...brief, creationTime: world.now, metricFilterCount: 0 }]);
      const list = async (input: object) => (await world.call('logs', 'ListLogGroups', input)).logGroups;
      expect(await list({ logGroupNamePattern: '^/sho' })).toEqual([
        { logGroupName, logGroupArn, logGroupClass: 'STANDARD' },
      ]);
      expect(await list({ logGroupNamePattern: '^shop|the' })).toMatchObject([{ logGroupName: '/other' }]);
      expect(await list({ logGroupTags: [{ key: 'env', values: ['test'] }] })).toMatchObject([{ logGroupName }]);
      expect(await list({ logGroupTags: [{ key: 'env', values: ['live'] }] })).toEqual([]);
      const first = await world.call('logs', 'ListLogGroups', { limit: 1 });
      expect(first.logGroups).toMatchObject([{ logGroupName: '/other' }]);
      expect(await list({ limit: 1, nextToken: first.nextToken })).toMatchObject([{ logGroupName }]);
    },
  },
  {
    what: 'an identifier of a group is a name or an ARN without :*, and stands instead of the name',
    doc: 'moto tests/test_logs/test_logs.py, localstack test_logs_streams.snapshot.json (both recorded on AWS)',
    covers: ['DescribeLogStreams'],
    async run(world) {
      await stream(world);
      const arn = arnOf(world);
      for (const logGroupIdentifier of [logGroupName, arn]) {
        const { logStreams } = await world.call('logs', 'DescribeLogStreams', { logGroupIdentifier });
        expect(logStreams).toHaveLength(1);
      }
      const wild = await world.refused('logs', 'DescribeLogStreams', { logGroupIdentifier: `${arn}:*` });
      expect([wild.name, wild.message]).toEqual([
        'InvalidParameterException',
        `1 validation error detected: Value '${arn}:*' at 'logGroupIdentifier' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\w#+=/:,.@-]*',
      ]);
      const both = await world.refused('logs', 'DescribeLogStreams', { logGroupName, logGroupIdentifier: arn });
      expect([both.name, both.message]).toEqual([
        'ValidationException',
        'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
      ]);
    },
  },
  {
    what: 'events are read both ways; a token at the end stays; what is too old is reported',
    doc: 'CloudWatch Logs API Reference, PutLogEvents, GetLogEvents',
    covers: ['PutLogEvents', 'GetLogEvents'],
    async run(world) {
      await stream(world);
      await put(world, ['a', 'b', 'c']);
      const old = { timestamp: world.now - 15 * 24 * 3600 * 1000, message: 'old' };
      const late = await world.call('logs', 'PutLogEvents', {
        ...STREAM,
        logEvents: [old, { timestamp: world.now + 9, message: 'd' }],
      });
      expect(late.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
      const get = (more: object) => world.call('logs', 'GetLogEvents', { ...STREAM, limit: 3, ...more });
      const texts = ({ events }: any) => events.map(({ message }: any) => message);
      const first = await get({ startFromHead: true });
      expect(texts(first)).toEqual(['a', 'b', 'c']);
      const second = await get({ startFromHead: true, nextToken: first.nextForwardToken });
      expect(texts(second)).toEqual(['d']);
      const end = await get({ startFromHead: true, nextToken: second.nextForwardToken });
      expect([texts(end), end.nextForwardToken]).toEqual([[], second.nextForwardToken]);
      expect(texts(await get({}))).toEqual(['b', 'c', 'd']);
    },
  },
  {
    what: 'patterns of terms, JSON and delimited fields find events',
    doc: 'CloudWatch Logs User Guide, Filter pattern syntax',
    covers: ['FilterLogEvents', 'TestMetricFilter'],
    async run(world) {
      await stream(world);
      await put(world, ['{"level":"ERROR","n":1}', '{"level":"INFO","n":2}', '127.0.0.1 GET 404']);
      const found = async (filterPattern: string) =>
        (await world.call('logs', 'FilterLogEvents', { logGroupName, filterPattern })).events.map(
          ({ message }: any) => message[0],
        );
      expect(await found('{ $.level = "ERROR" || $.n >= 2 }')).toEqual(['{', '{']);
      expect(await found('[ip, verb, status = 4*]')).toEqual(['1']);
      expect(await found('-INFO -GET')).toEqual(['{']);
      const filter = { filterPattern: '{ $.n > 1 }', logEventMessages: ['{"n":1}', '{"n":2}'] };
      expect((await world.call('logs', 'TestMetricFilter', filter)).matches).toMatchObject([{ eventNumber: 2 }]);
      const broken = { logGroupName, filterPattern: '{ $.n > }' };
      expect((await world.refused('logs', 'FilterLogEvents', broken)).name).toBe('InvalidParameterException');
    },
  },
  {
    what: 'events are gone when their retention is over; a protected group is not deleted',
    doc: 'CloudWatch Logs API Reference, PutRetentionPolicy, PutLogGroupDeletionProtection',
    covers: ['PutRetentionPolicy', 'DeleteRetentionPolicy', 'PutLogGroupDeletionProtection'],
    async run(world) {
      await stream(world);
      await world.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays: 1 });
      await put(world, ['short-lived']);
      world.advance(25 * 3600);
      expect((await world.call('logs', 'GetLogEvents', { ...STREAM, startFromHead: true })).events).toEqual([]);
      await world.call('logs', 'DeleteRetentionPolicy', { logGroupName });
      const [group] = (await world.call('logs', 'DescribeLogGroups')).logGroups;
      expect(group.retentionInDays).toBeUndefined();
      const protection = (deletionProtectionEnabled: boolean) =>
        world.call('logs', 'PutLogGroupDeletionProtection', {
          logGroupIdentifier: logGroupName,
          deletionProtectionEnabled,
        });
      await protection(true);
      expect((await world.refused('logs', 'DeleteLogGroup', { logGroupName })).name).toMatch(/Exception$/);
      await protection(false);
      await world.call('logs', 'DeleteLogGroup', { logGroupName });
    },
  },
  {
    what: 'tags, by ARN and by name as older clients do',
    doc: 'CloudWatch Logs API Reference, TagResource, TagLogGroup',
    covers: [
      ...['TagResource', 'UntagResource', 'ListTagsForResource'],
      ...['TagLogGroup', 'UntagLogGroup', 'ListTagsLogGroup'],
    ],
    async run(world) {
      await stream(world);
      const resourceArn = arnOf(world);
      await world.call('logs', 'TagResource', { resourceArn, tags: { a: '1', b: '2' } });
      await world.call('logs', 'UntagResource', { resourceArn, tagKeys: ['a'] });
      await world.call('logs', 'TagLogGroup', { logGroupName, tags: { c: 'ü', d: '4' } });
      await world.call('logs', 'UntagLogGroup', { logGroupName, tags: ['d'] });
      const expected = { tags: { b: '2', c: 'ü' } };
      expect(await world.call('logs', 'ListTagsForResource', { resourceArn })).toMatchObject(expected);
      expect(await world.call('logs', 'ListTagsLogGroup', { logGroupName })).toMatchObject(expected);
    },
  },
];

contract('logs', CASES);
