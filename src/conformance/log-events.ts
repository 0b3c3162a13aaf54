import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  type PutLogEventsCommandOutput,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Behaviour, Trial } from './behaviour.ts';
import { all, refused, same, until } from './expectations.ts';

const GUIDE = 'CloudWatch Logs User Guide';
const API = 'CloudWatch Logs API Reference';
const DAY = 86_400_000;

interface TrialGroup {
  logs: CloudWatchLogsClient;
  logGroupName: string;
  put(stream: string, ...events: readonly [at: number, message: string][]): Promise<PutLogEventsCommandOutput>;
  filter(more?: object): Promise<string[]>;
}

/** A log group with the streams `one` and `two`, for the time of `use`. */
async function withLogGroup<T>(trial: Trial, use: (group: TrialGroup) => Promise<T>): Promise<T> {
  const logs = await trial.clients.logs();
  const logGroupName = `/conformance/${trial.name}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  try {
    for (const logStreamName of ['one', 'two']) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    }
    return await use({
      ...{ logs, logGroupName },
      put: (logStreamName, ...events) => {
        const logEvents = events.map(([timestamp, message]) => ({ timestamp, message }));
        return logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
      },
      filter: (more = {}) => allEvents(logs, { logGroupName, ...more }),
    });
  } finally {
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  }
}

/** Every page: an empty one is not the end. */
async function allEvents(logs: CloudWatchLogsClient, asked: { logGroupName: string }): Promise<string[]> {
  const messages: string[] = [];
  const seen = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ ...asked, ...(nextToken && { nextToken }) }));
    for (const { message } of page.events ?? []) messages.push(message ?? '');
    nextToken = page.nextToken;
    if (nextToken !== undefined && seen.has(nextToken)) break;
    if (nextToken !== undefined) seen.add(nextToken);
  } while (nextToken !== undefined);
  return messages;
}

/** What a filter finds, once everything that was put can be found. */
async function filtered(trial: Trial, group: TrialGroup, count: number, more: object): Promise<string[]> {
  await until(trial, async () => ((await group.filter()).length >= count ? true : undefined));
  return group.filter(more);
}

export const LOG_EVENTS: readonly Omit<Behaviour, 'area'>[] = [
  {
    id: 'logs-merge',
    does: 'a filter brings the events of all streams in order of time',
    source: `${API}, FilterLogEvents`,
    run: (trial) =>
      withLogGroup(trial, async (group) => {
        const at = trial.clock.now() - 10_000;
        await group.put('one', [at, 'a'], [at + 2, 'c']);
        await group.put('two', [at + 1, 'b'], [at + 3, 'd']);
        const found = await filtered(trial, group, 4, { startTime: at });
        return all(
          same('the events', found, ['a', 'b', 'c', 'd']),
          same('those of one stream', await group.filter({ logStreamNames: ['two'] }), ['b', 'd']),
        );
      }),
  },
  {
    id: 'logs-time',
    does: 'start and end of the time asked for are both part of it',
    source: `${API}, FilterLogEvents, endTime`,
    run: (trial) =>
      withLogGroup(trial, async (group) => {
        const at = trial.clock.now() - 10_000;
        await group.put('one', [at, 'a'], [at + 10, 'b'], [at + 20, 'c']);
        const found = await filtered(trial, group, 3, { startTime: at, endTime: at + 10 });
        return same('the events', found, ['a', 'b']);
      }),
  },
  {
    id: 'logs-terms',
    does: 'a filter pattern of terms wants all of them, and knows what must not be there',
    source: `${GUIDE}, Filter pattern syntax`,
    run: (trial) =>
      withLogGroup(trial, async (group) => {
        const at = trial.clock.now() - 10_000;
        await group.put('one', [at, 'ERROR payment failed'], [at + 1, 'ERROR stock'], [at + 2, 'INFO payment']);
        const both = await filtered(trial, group, 3, { filterPattern: 'ERROR payment' });
        const without = await group.filter({ filterPattern: 'ERROR -payment' });
        return all(
          same('the events with both', both, ['ERROR payment failed']),
          same('those without the second', without, ['ERROR stock']),
        );
      }),
  },
  {
    id: 'logs-json',
    does: 'a filter pattern can look into JSON',
    source: `${GUIDE}, Filter pattern syntax, JSON`,
    run: (trial) =>
      withLogGroup(trial, async (group) => {
        const at = trial.clock.now() - 10_000;
        const lines = ['{"level":"ERROR","ms":12}', '{"level":"INFO","ms":12}', '{"level":"ERROR","ms":3}'];
        await group.put('one', ...lines.map((line, index): [number, string] => [at + index, line]));
        const filterPattern = '{ $.level = "ERROR" && $.ms > 10 }';
        return same('the events', await filtered(trial, group, 3, { filterPattern }), [lines[0]]);
      }),
  },
  {
    id: 'logs-pages',
    does: 'a limited answer has a token that leads to the rest',
    source: `${API}, FilterLogEvents, nextToken`,
    run: (trial) =>
      withLogGroup(trial, async (group) => {
        const at = trial.clock.now() - 10_000;
        const lines = ['a', 'b', 'c', 'd', 'e'];
        await group.put('one', ...lines.map((line, index): [number, string] => [at + index, line]));
        return same('the events', await filtered(trial, group, 5, { limit: 2 }), lines);
      }),
  },
  {
    id: 'logs-backwards',
    does: 'a stream can be read from its start and from its end',
    source: `${API}, GetLogEvents`,
    run: (trial) =>
      withLogGroup(trial, async (group) => {
        const at = trial.clock.now() - 10_000;
        await group.put('one', [at, 'a'], [at + 1, 'b'], [at + 2, 'c']);
        await filtered(trial, group, 3, {});
        const read = async (startFromHead: boolean) => {
          const asked = { logGroupName: group.logGroupName, logStreamName: 'one', limit: 2, startFromHead };
          const { events = [] } = await group.logs.send(new GetLogEventsCommand(asked));
          return events.map(({ message }) => message);
        };
        return all(
          same('the first two', await read(true), ['a', 'b']),
          same('the last two', await read(false), ['b', 'c']),
        );
      }),
  },
  {
    id: 'logs-too-old',
    does: 'events that are too old are left out, and named',
    source: `${API}, PutLogEvents, rejectedLogEventsInfo`,
    run: (trial) =>
      withLogGroup(trial, async (group) => {
        const old = await group.put('one', [trial.clock.now() - 15 * DAY, 'old']);
        return all(
          same('what was left out', old.rejectedLogEventsInfo !== undefined, true),
          same('the events', await group.filter({ startTime: 0 }), []),
        );
      }),
  },
  {
    id: 'logs-unordered',
    does: 'events that are not in order of time are refused',
    source: `${API}, PutLogEvents`,
    run: (trial) =>
      withLogGroup(trial, ({ put }) => {
        const at = trial.clock.now() - 10_000;
        return refused(put('one', [at + 1, 'later'], [at, 'earlier']), 'InvalidParameterException');
      }),
  },
  {
    id: 'logs-create-again',
    does: 'making a log group again is refused',
    source: `${API}, CreateLogGroup`,
    run: (trial) =>
      withLogGroup(trial, ({ logs, logGroupName }) =>
        refused(logs.send(new CreateLogGroupCommand({ logGroupName })), 'ResourceAlreadyExistsException'),
      ),
  },
  {
    id: 'logs-retention',
    does: 'a retention is kept, and one that does not exist refused',
    source: `${API}, PutRetentionPolicy`,
    run: (trial) =>
      withLogGroup(trial, async ({ logs, logGroupName }) => {
        const set = (retentionInDays: number) =>
          logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
        await set(14);
        const odd = await refused(set(2), 'InvalidParameterException', 'ValidationException');
        const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
        return all(same('the retention', logGroups?.[0]?.retentionInDays, 14), odd);
      }),
  },
];
