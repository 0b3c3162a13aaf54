import { append, insert, lastItem, locate } from '../core/chunked-list.ts';
import { groupNamed, invalidParameter, streamNamed } from './lookup.ts';
import { expiryCutoff, scheduleExpiry } from './retention.ts';
import { type LogGroup, type LogStream, type LogsContext, sizeOf } from './state.ts';
import { sequenceToken } from './streams.ts';

const DAY_MS = 86_400_000;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * 3_600_000;
const LARGEST_BATCH = 1_048_576;
// "Each log event can be no larger than 1 MB" (PutLogEvents), overhead included.
const LARGEST_EVENT = 1_048_576;

interface InputLogEvent {
  timestamp: number;
  message: string;
}

interface PutLogEventsInput {
  logGroupName: string;
  logStreamName: string;
  logEvents: InputLogEvent[];
}

/** PutLogEvents; "The sequence token is now ignored". */
export function putLogEvents(context: LogsContext, input: PutLogEventsInput) {
  const group = groupNamed(context, input.logGroupName);
  const stream = streamNamed(group, input.logStreamName);
  checkBatch(input.logEvents);
  const { from, to, rejected } = acceptable(context, group, input.logEvents);
  const accepted = input.logEvents.slice(from, to);
  if (accepted.length > 0) {
    if (accepted.at(-1)!.timestamp - accepted[0]!.timestamp > DAY_MS) {
      throw invalidParameter(
        'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
      );
    }
    for (const event of accepted) store(context, group, stream, event);
    stream.lastIngestionTime = context.now;
    const { logGroupName, logStreamName } = input;
    context.effect({ kind: 'log', group: logGroupName, stream: logStreamName, count: accepted.length });
    scheduleExpiry(context, group, accepted[0]!.timestamp);
  }
  return { nextSequenceToken: sequenceToken(group.sequence), rejectedLogEventsInfo: rejected };
}

function checkBatch(events: readonly InputLogEvent[]): void {
  let bytes = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (const { timestamp, message } of events) {
    const size = sizeOf(message);
    if (size > LARGEST_EVENT) {
      throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${LARGEST_EVENT}`);
    }
    bytes += size;
    if (timestamp < previous) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
  }
  if (bytes > LARGEST_BATCH)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${LARGEST_BATCH}`);
}

/** Which stretch of a chronological batch is accepted; end indices are exclusive, the start index is inclusive. */
function acceptable(context: LogsContext, group: LogGroup, events: readonly InputLogEvent[]) {
  const count = (before: (event: InputLogEvent) => boolean) => {
    const index = events.findIndex((event) => !before(event));
    return index < 0 ? events.length : index;
  };
  const cutoff = expiryCutoff(context, group);
  const tooOld = count(({ timestamp }) => timestamp < context.now - OLDEST_MS);
  const expired = count(({ timestamp }) => timestamp < cutoff);
  const to = count(({ timestamp }) => timestamp <= context.now + NEWEST_MS);
  const from = Math.max(tooOld, expired);
  if (from === 0 && to === events.length) return { from, to, rejected: undefined };
  const rejected = {
    tooNewLogEventStartIndex: to < events.length ? to : undefined,
    tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
    expiredLogEventEndIndex: expired > 0 ? expired : undefined,
  };
  return { from, to, rejected };
}

function store(context: LogsContext, group: LogGroup, stream: LogStream, { timestamp, message }: InputLogEvent): void {
  const event = { timestamp, message, ingestionTime: context.now, sequence: ++group.sequence };
  const size = sizeOf(message);
  group.storedBytes += size;
  stream.bytes += size;
  const last = lastItem(stream.events);
  if (last === undefined || last.timestamp <= timestamp) append(stream.events, event);
  else {
    const place = locate(stream.events, (other) => other.timestamp > timestamp);
    insert(stream.events, place, event);
  }
}
