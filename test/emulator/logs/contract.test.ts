import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  paginateFilterLogEvents,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, expect, test } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.ts';
import { requestHandler } from '../../../src/emulator/request-handler.ts';
import { NOW } from './world.ts';

const names = { logGroupName: '/shop', logStreamName: 'order-service' };

function open() {
  return new CloudWatchLogsClient({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler(createEmulator({ seed: 1, frozenAt: NOW })),
  });
}

let client: ReturnType<typeof open>;
beforeEach(async () => {
  client = open();
  await client.send(new CreateLogGroupCommand({ logGroupName: '/shop', tags: { env: 'test' } }));
  await client.send(new CreateLogStreamCommand(names));
});

test('events go in and come out of both readers', async () => {
  const logEvents = ['info', 'error', 'info'].map((level, index) => ({
    timestamp: NOW + index,
    message: JSON.stringify({ level, order_id: `o-${index}`, duration_ms: index * 10, text: 'größe 😀' }),
  }));
  const put = await client.send(new PutLogEventsCommand({ ...names, logEvents }));
  expect(put.nextSequenceToken).toMatch(/^\d{56}$/);
  expect(put.rejectedLogEventsInfo).toBeUndefined();
  const read = await client.send(new GetLogEventsCommand({ ...names, startFromHead: true }));
  expect(read.events).toEqual(logEvents.map((event) => ({ ...event, ingestionTime: NOW })));
  const found = await client.send(
    new FilterLogEventsCommand({
      logGroupName: '/shop',
      filterPattern: '{ $.level = "error" && $.duration_ms >= 10 }',
    }),
  );
  expect(found.events).toMatchObject([{ logStreamName: 'order-service', timestamp: NOW + 1 }]);
  expect(found.searchedLogStreams).toEqual([]);
});

test('the SDK paginator reads page by page', async () => {
  const logEvents = Array.from({ length: 95 }, (_, index) => ({ timestamp: NOW, message: String(index) }));
  await client.send(new PutLogEventsCommand({ ...names, logEvents }));
  const pages: number[] = [];
  for await (const page of paginateFilterLogEvents({ client, pageSize: 20 }, { logGroupName: '/shop' })) {
    pages.push(page.events?.length ?? 0);
  }
  expect(pages).toEqual([20, 20, 20, 20, 15]);
});

test('groups, tags and pattern tests have the shapes of the SDK', async () => {
  await client.send(new PutRetentionPolicyCommand({ logGroupName: '/shop', retentionInDays: 7 }));
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/' }));
  expect(logGroups).toMatchObject([{ logGroupName: '/shop', retentionInDays: 7, creationTime: NOW, storedBytes: 0 }]);
  const resourceArn = logGroups![0]!.logGroupArn!;
  expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ env: 'test' });
  const tested = await client.send(
    new TestMetricFilterCommand({ filterPattern: '[a, b = 2]', logEventMessages: ['1 2', '1 3'] }),
  );
  expect(tested.matches).toEqual([{ eventNumber: 1, eventMessage: '1 2', extractedValues: { $a: '1', $b: '2' } }]);
});

test.each([
  ['ResourceAlreadyExistsException', new CreateLogGroupCommand({ logGroupName: '/shop' })],
  ['ResourceNotFoundException', new FilterLogEventsCommand({ logGroupName: '/none' })],
  ['InvalidParameterException', new FilterLogEventsCommand({ logGroupName: '/shop', filterPattern: 'a:b' })],
  ['InvalidParameterException', new FilterLogEventsCommand({ logGroupName: '/shop', limit: 10_001 })],
  ['InvalidParameterException', new CreateLogGroupCommand({ logGroupName: 'no spaces' })],
  ['InvalidParameterException', new PutRetentionPolicyCommand({ logGroupName: '/shop', retentionInDays: 2 })],
])('errors arrive as the SDK knows them: %s', async (name, command) => {
  await expect(client.send(command as CreateLogGroupCommand)).rejects.toMatchObject({ name });
});
