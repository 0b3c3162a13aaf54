import { dropBefore, itemAt, locate, type Place } from '../core/chunked-list.ts';
import { type LogGroup, type LogStream, type LogsContext, sizeOf } from './state.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Events before this moment are expired: no operation shows them, discarded or not. */
export function expiryCutoff(context: LogsContext, group: LogGroup): number {
  if (group.retentionInDays === undefined) return Number.NEGATIVE_INFINITY;
  return context.now - group.retentionInDays * DAY_MS;
}

/** The place of the first event of a stream that has not expired. */
export function firstKept(context: LogsContext, group: LogGroup, stream: LogStream): Place {
  const cutoff = expiryCutoff(context, group);
  return locate(stream.events, (event) => event.timestamp >= cutoff);
}

/**
 * Asks for expired events to be discarded, when the hour is over in which `oldest` expires: once an hour is enough to
 * bound memory, since reads look at the cutoff anyway.
 */
export function scheduleExpiry(context: LogsContext, group: LogGroup, oldest: number): void {
  if (group.retentionInDays === undefined) return;
  const expires = Math.max(oldest + group.retentionInDays * DAY_MS, context.now);
  const at = (Math.floor(expires / HOUR_MS) + 1) * HOUR_MS;
  if (group.expiryAt !== undefined && group.expiryAt <= at) return;
  group.expiryAt = at;
  context.schedule(at, 'retention', group.name);
}

/** Starts over after the retention of a group has changed. */
export function rescheduleExpiry(context: LogsContext, group: LogGroup): void {
  group.expiryAt = undefined;
  const oldest = oldestEvent(group);
  if (oldest !== undefined) scheduleExpiry(context, group, oldest);
}

function oldestEvent(group: LogGroup): number | undefined {
  let oldest: number | undefined;
  for (const { events } of group.streams.values()) {
    const first = events[0]?.[0]?.timestamp;
    if (first !== undefined && (oldest === undefined || first < oldest)) oldest = first;
  }
  return oldest;
}

/** Timer `retention`: discards the expired events of a group. */
export function expire(context: LogsContext, groupName: string): string | undefined {
  const group = context.state.groups.get(groupName);
  if (group === undefined || group.expiryAt !== context.now) return undefined;
  let discarded = 0;
  for (const stream of group.streams.values()) {
    const expired = dropBefore(stream.events, firstKept(context, group, stream));
    discarded += expired.length;
    const bytes = expired.reduce((total, { message }) => total + sizeOf(message), 0);
    stream.bytes -= bytes;
    group.storedBytes -= bytes;
  }
  rescheduleExpiry(context, group);
  if (discarded === 0) return undefined;
  return `retention of ${groupName}: ${discarded} ${discarded === 1 ? 'event' : 'events'} expired`;
}

/** The first event of a stream that has not expired. */
export function firstEvent(context: LogsContext, group: LogGroup, stream: LogStream) {
  return itemAt(stream.events, firstKept(context, group, stream));
}
