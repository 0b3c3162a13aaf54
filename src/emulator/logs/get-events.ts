import { back, forward, itemAt, locate, type Place } from '../core/chunked-list.ts';
import { groupOfRead, invalidParameter, streamNamed } from './lookup.ts';
import { comparePositions, eventId, type Position, parseEventId, positionOf, START } from './position.ts';
import { expiryCutoff } from './retention.ts';
import { type LogEvent, type LogStream, type LogsContext, sizeOf } from './state.ts';

const MOST_EVENTS = 10_000;
const PAGE_BYTES = 1_048_576;

interface GetLogEventsInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamName: string;
  startTime?: number;
  endTime?: number;
  nextToken?: string;
  limit?: number;
  startFromHead?: boolean;
}

/** The stretch of a stream that a call may see. */
interface Range {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/**
 * GetLogEvents. A token is the id of the event at the edge of the page: `f/ID` goes on after it, `b/ID` before it.
 * "If you have reached the end of the stream, it returns the same token you passed in."
 */
export function getLogEvents(context: LogsContext, input: GetLogEventsInput) {
  const group = groupOfRead(context, input);
  const stream = streamNamed(group, input.logStreamName);
  const range = {
    from: Math.max(input.startTime ?? 0, expiryCutoff(context, group)),
    to: input.endTime ?? Number.POSITIVE_INFINITY,
  };
  const token = input.nextToken === undefined ? undefined : readToken(input.nextToken);
  const ahead = token?.ahead ?? input.startFromHead ?? false;
  const limit = input.limit ?? MOST_EVENTS;
  const page = ahead
    ? readAhead(stream, range, limit, token?.position)
    : readBack(stream, range, limit, token?.position);
  return {
    events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    ...tokens(page, token),
  };
}

interface Token {
  ahead: boolean;
  position: Position;
}

function readToken(text: string): Token {
  const position = /^[fb]\//.test(text) ? parseEventId(text.slice(2)) : undefined;
  if (position === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return { ahead: text.startsWith('f'), position };
}

function tokens(page: readonly LogEvent[], token: Token | undefined) {
  const first = page[0];
  if (first !== undefined) {
    return {
      nextForwardToken: `f/${eventId(positionOf(page.at(-1)!))}`,
      nextBackwardToken: `b/${eventId(positionOf(first))}`,
    };
  }
  const { timestamp, sequence } = token?.position ?? START;
  // At an end the way back has to include the event at the edge: one sequence number further, or less far.
  const turned = { timestamp, sequence: Math.max(0, sequence + (token?.ahead ? 1 : -1)) };
  return {
    nextForwardToken: `f/${eventId(token?.ahead === false ? turned : { timestamp, sequence })}`,
    nextBackwardToken: `b/${eventId(token?.ahead ? turned : { timestamp, sequence })}`,
  };
}

function readAhead(stream: LogStream, range: Range, limit: number, after: Position | undefined): LogEvent[] {
  const place = locate(
    stream.events,
    (event) => event.timestamp >= range.from && (after === undefined || comparePositions(event, after) > 0),
  );
  return read(
    stream,
    place,
    limit,
    (event) => event.timestamp < range.to,
    () => {
      forward(stream.events, place);
      return true;
    },
  );
}

function readBack(stream: LogStream, range: Range, limit: number, before: Position | undefined): LogEvent[] {
  const place = locate(
    stream.events,
    (event) => event.timestamp >= range.to || (before !== undefined && comparePositions(event, before) >= 0),
  );
  if (!back(stream.events, place)) return [];
  const isInside = (event: LogEvent) => event.timestamp >= range.from;
  return read(stream, place, limit, isInside, () => back(stream.events, place)).reverse();
}

/** "Each page returned can contain up to 1 MB of log events or up to 10,000 log events." */
function read(
  { events }: LogStream,
  place: Place,
  limit: number,
  isInside: (event: LogEvent) => boolean,
  move: () => boolean,
): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  while (page.length < limit) {
    const event = itemAt(events, place);
    if (event === undefined || !isInside(event)) break;
    bytes += sizeOf(event.message);
    if (bytes > PAGE_BYTES && page.length > 0) break;
    page.push(event);
    if (!move()) break;
  }
  return page;
}
