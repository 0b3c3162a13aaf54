import { back, forward, insert, itemAt, lastItem, locate, remove } from '../core/chunked-list.ts';
import { AwsError } from '../core/errors.ts';
import { groupArn, groupNamed, groupOfRead, invalidParameter, streamNamed } from './lookup.ts';
import { decodeToken, encodeToken } from './page-token.ts';
import { firstEvent } from './retention.ts';
import type { LogGroup, LogStream, LogsContext } from './state.ts';

const DEFAULT_PAGE = 50;

interface StreamInput {
  logGroupName: string;
  logStreamName: string;
}

export function createLogStream(context: LogsContext, { logGroupName, logStreamName: name }: StreamInput) {
  const { streams, streamNames } = groupNamed(context, logGroupName);
  if (streams.has(name)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
  }
  streams.set(name, { name, creationTime: context.now, lastIngestionTime: undefined, bytes: 0, events: [] });
  const place = locate(streamNames, (other) => other >= name);
  insert(streamNames, place, name);
}

export function deleteLogStream(context: LogsContext, { logGroupName, logStreamName }: StreamInput) {
  const group = groupNamed(context, logGroupName);
  group.storedBytes -= streamNamed(group, logStreamName).bytes;
  group.streams.delete(logStreamName);
  const place = locate(group.streamNames, (name) => name >= logStreamName);
  remove(group.streamNames, place);
}

interface DescribeLogStreamsInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamNamePrefix?: string;
  orderBy?: 'LogStreamName' | 'LastEventTime';
  descending?: boolean;
  nextToken?: string;
  limit?: number;
}

/** Where a listing goes on: after this stream, in the order of the listing. */
type Position = [name: string, lastEvent: number | null];

const isPosition = (content: unknown): content is Position =>
  Array.isArray(content) && typeof content[0] === 'string' && (content[1] === null || typeof content[1] === 'number');

export function describeLogStreams(context: LogsContext, input: DescribeLogStreamsInput) {
  const group = groupOfRead(context, input);
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const limit = input.limit ?? DEFAULT_PAGE;
  const after = input.nextToken === undefined ? undefined : decodeToken(input.nextToken, isPosition);
  const found = byTime
    ? streamsByTime(context, group, input.descending ?? false, after, limit + 1)
    : streamsByName(group, input.logStreamNamePrefix ?? '', input.descending ?? false, after?.[0], limit + 1);
  const page = found.slice(0, limit);
  const logStreams = page.map((stream) => described(context, group, stream));
  const last = logStreams.at(-1);
  if (found.length <= limit || last === undefined) return { logStreams };
  const position: Position = [last.logStreamName, last.lastEventTimestamp ?? null];
  return { logStreams, nextToken: encodeToken(position) };
}

function streamsByName(
  { streams, streamNames }: LogGroup,
  prefix: string,
  descending: boolean,
  after: string | undefined,
  count: number,
): LogStream[] {
  const found: LogStream[] = [];
  // Names with the prefix are one stretch of the ordered names, read from either end.
  const pastPrefix = (name: string) => name >= prefix && !name.startsWith(prefix);
  const from = descending
    ? locate(streamNames, (name) => (after === undefined ? pastPrefix(name) : name >= after))
    : locate(streamNames, (name) => (after === undefined ? name >= prefix : name > after));
  if (descending && !back(streamNames, from)) return found;
  do {
    const name = itemAt(streamNames, from);
    if (name?.startsWith(prefix) !== true) break;
    found.push(streams.get(name)!);
  } while (found.length < count && (descending ? back(streamNames, from) : forward(streamNames, from)));
  return found;
}

/** Streams without events come first, as if their last event were the oldest. */
function streamsByTime(
  context: LogsContext,
  group: LogGroup,
  descending: boolean,
  after: Position | undefined,
  count: number,
): LogStream[] {
  const direction = descending ? -1 : 1;
  const compare = (a: Position, b: Position) =>
    direction * ((a[1] ?? -1) - (b[1] ?? -1) || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  return [...group.streams.values()]
    .map((stream) => ({ stream, position: [stream.name, lastEventTime(context, group, stream) ?? null] as Position }))
    .filter(({ position }) => after === undefined || compare(position, after) > 0)
    .sort((a, b) => compare(a.position, b.position))
    .slice(0, count)
    .map(({ stream }) => stream);
}

function lastEventTime(context: LogsContext, group: LogGroup, stream: LogStream): number | undefined {
  return firstEvent(context, group, stream) === undefined ? undefined : lastItem(stream.events)!.timestamp;
}

function described(context: LogsContext, group: LogGroup, stream: LogStream) {
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    firstEventTimestamp: firstEvent(context, group, stream)?.timestamp,
    lastEventTimestamp: lastEventTime(context, group, stream),
    lastIngestionTime: stream.lastIngestionTime,
    uploadSequenceToken: stream.lastIngestionTime === undefined ? undefined : sequenceToken(group.sequence),
    arn: `${groupArn(context, group.name)}:log-stream:${stream.name}`,
    // "As of June 17, 2019, this parameter is no longer supported for log streams, and is always reported as zero."
    storedBytes: 0,
  };
}

/** Sequence tokens are ignored nowadays; clients of old still expect to be handed one. */
export const sequenceToken = (sequence: number): string => `49${String(sequence).padStart(54, '0')}`;
