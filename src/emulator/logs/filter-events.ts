import { forward, itemAt, locate } from '../core/chunked-list.ts';
import { inTurns, Meter, STEPS_A_TURN, type Work } from '../core/work.ts';
import { groupOfRead, invalidParameter, streamNamed } from './lookup.ts';
import { EventMerge } from './merge.ts';
import { decodeToken, encodeToken } from './page-token.ts';
import { compilePattern } from './pattern/pattern.ts';
import { eventId, type Position, positionOf } from './position.ts';
import { expiryCutoff } from './retention.ts';
import { type LogEvent, type LogGroup, type LogStream, type LogsContext, sizeOf } from './state.ts';

const MOST_EVENTS = 10_000;
const PAGE_BYTES = 1_048_576;
// A page also ends, with a token, after looking at this much, or when it has cost a turn: a rare match must not hold up
// the engine.
const MOST_SCANNED = 50_000;
const NEWEST_FIRST_SINCE = Date.UTC(2024, 0, 1);

interface FilterLogEventsInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamNames?: string[];
  logStreamNamePrefix?: string;
  startTime?: number;
  endTime?: number;
  filterPattern?: string;
  nextToken?: string;
  limit?: number;
  startFromHead?: boolean;
}

interface Token {
  after: Position;
  newestFirst: boolean;
}

const isToken = (content: unknown): content is Token => {
  const { after, newestFirst } = (content ?? {}) as Partial<Token>;
  return typeof newestFirst === 'boolean' && Number.isFinite(after?.timestamp) && Number.isFinite(after?.sequence);
};

/** FilterLogEvents; the events of all streams are always interleaved, and `endTime` is inclusive here. */
export function filterLogEvents(context: LogsContext, input: FilterLogEventsInput) {
  const group = groupOfRead(context, input);
  const token = input.nextToken === undefined ? undefined : decodeToken(input.nextToken, isToken);
  const newestFirst = token?.newestFirst ?? input.startFromHead === false;
  if (newestFirst && (input.startTime ?? 0) < NEWEST_FIRST_SINCE) {
    throw invalidParameter('startFromHead can be false only with a startTime on or after 2024-01-01T00:00:00Z.');
  }
  const merge = new EventMerge(streamsOf(group, input), {
    from: Math.max(input.startTime ?? 0, expiryCutoff(context, group)),
    to: input.endTime ?? Number.POSITIVE_INFINITY,
    after: token?.after,
    newestFirst,
  });
  const page = inTurns(readPage(merge, input.filterPattern ?? '', input.limit ?? MOST_EVENTS));
  return page instanceof Promise ? page.then((read) => answer(read, newestFirst)) : answer(page, newestFirst);
}

function answer({ events, after }: Page, newestFirst: boolean) {
  return {
    events: events.map(filtered),
    // "As of May 15, 2020, this parameter is no longer supported. This parameter returns an empty list."
    searchedLogStreams: [],
    nextToken: after === undefined ? undefined : encodeToken({ after, newestFirst } satisfies Token),
  };
}

function streamsOf(group: LogGroup, input: FilterLogEventsInput): Iterable<LogStream> {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
  }
  if (names !== undefined) return new Set(names.map((name) => streamNamed(group, name)));
  if (prefix === undefined) return group.streams.values();
  const found: LogStream[] = [];
  const place = locate(group.streamNames, (name) => name >= prefix);
  for (; ; forward(group.streamNames, place)) {
    const name = itemAt(group.streamNames, place);
    if (name?.startsWith(prefix) !== true) return found;
    found.push(group.streams.get(name)!);
  }
}

interface Found {
  stream: string;
  event: LogEvent;
}

interface Page {
  events: Found[];
  /** Where the next page goes on, when there may be more. */
  after: Position | undefined;
}

/**
 * Reads until the page is full or costs too much. Between two turns of a long match streams may change, so nothing is
 * read of them after that.
 */
function* readPage(merge: EventMerge, filterPattern: string, limit: number): Work<Page> {
  const meter = new Meter();
  const pattern = compilePattern(filterPattern, meter);
  const events: Found[] = [];
  let after: Position | undefined;
  let bytes = 0;
  for (let scanned = 0; ; scanned++) {
    const next = merge.next;
    if (next === undefined) return { events, after: undefined };
    if (events.length === limit || scanned === MOST_SCANNED || meter.steps >= STEPS_A_TURN) return { events, after };
    const { stream, event } = next;
    merge.advance();
    if (yield* pattern.matches(event.message)) {
      bytes += sizeOf(event.message);
      if (bytes > PAGE_BYTES && events.length > 0) return { events, after };
      events.push({ stream, event });
    }
    after = positionOf(event);
  }
}

const filtered = ({ stream, event }: Found) => ({
  logStreamName: stream,
  timestamp: event.timestamp,
  message: event.message,
  ingestionTime: event.ingestionTime,
  eventId: eventId(event),
});

/** TestMetricFilter; event numbers count from 1. */
export function testMetricFilter(_context: LogsContext, input: { filterPattern: string; logEventMessages: string[] }) {
  return inTurns(testMessages(input.filterPattern, input.logEventMessages));
}

function* testMessages(filterPattern: string, messages: readonly string[]): Work<{ matches: object[] }> {
  const pattern = compilePattern(filterPattern, new Meter());
  const matches = [];
  for (const [index, eventMessage] of messages.entries()) {
    if (yield* pattern.matches(eventMessage)) {
      matches.push({ eventNumber: index + 1, eventMessage, extractedValues: pattern.extract(eventMessage) });
    }
  }
  return { matches };
}
