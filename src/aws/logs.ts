import type { FilterLogEventsResponse, RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import { CliffracerError } from '../errors.ts';
import type { LogEntry, LogsPort } from '../ports.ts';
import type { StackNames } from '../shop/stack/names.ts';
import { batchesOf } from './batches.ts';
import type { AwsCalls } from './call.ts';

// CloudWatch Logs API Reference, PutLogEvents: 10,000 events, 1,048,576 bytes with 26 for each event, a span of 24 hours.
const BATCH = {
  count: 10_000,
  bytes: 1_048_576,
  sizeOf: ({ message }: LogEntry) => Buffer.byteLength(message) + 26,
};
const LONGEST_SPAN_MS = 24 * 3_600_000;

/** The log group of one stack. */
export async function createLogs({ call }: AwsCalls, names: StackNames): Promise<LogsPort> {
  const logGroupName = names.logGroup;
  return {
    async put(stream, entries) {
      const sorted = [...entries].sort((one, other) => one.at - other.at);
      for (const run of spans(sorted)) {
        for (const batch of batchesOf(run, BATCH)) {
          const logEvents = batch.map(({ item: { at, message } }) => ({ timestamp: at, message }));
          const input = { logGroupName, logStreamName: stream, logEvents };
          const { rejectedLogEventsInfo: rejected } = await call('logs', 'PutLogEvents', input);
          if (rejected !== undefined) throw refused(stream, rejected);
        }
      }
    },
    async *filter({ since, until, streams, pattern }) {
      if (streams?.length === 0) return;
      const seen = new Set<string>();
      let token: string | undefined;
      do {
        // No limit: some engines take it for the whole answer. An empty page is not the end as long as it has a token.
        const page: FilterLogEventsResponse = await call('logs', 'FilterLogEvents', {
          logGroupName,
          ...(streams && { logStreamNames: [...streams] }),
          ...(since !== undefined && { startTime: Math.max(0, Math.floor(since)) }),
          ...(until !== undefined && { endTime: Math.floor(until) }),
          ...(pattern && { filterPattern: pattern }),
          ...(token !== undefined && { nextToken: token }),
        });
        const events = (page.events ?? []).map((event) => ({
          at: event.timestamp ?? 0,
          message: event.message ?? '',
          stream: event.logStreamName ?? '',
          id: event.eventId ?? '',
        }));
        yield* events.sort((one, other) => one.at - other.at);
        token = page.nextToken;
        // A token that comes again would lead round in a circle.
        if (token !== undefined && seen.has(token)) return;
        if (token !== undefined) seen.add(token);
      } while (token !== undefined);
    },
  };
}

/** Runs of sorted entries that each span less than a day. */
function spans(sorted: readonly LogEntry[]): LogEntry[][] {
  const runs: LogEntry[][] = [];
  for (const entry of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && entry.at - run[0]!.at < LONGEST_SPAN_MS) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function refused(stream: string, info: RejectedLogEventsInfo): CliffracerError {
  const why =
    info.tooNewLogEventStartIndex !== undefined
      ? 'more than two hours ahead of its clock'
      : 'older than 14 days or than the retention of the log group';
  return new CliffracerError('aws_error', `CloudWatch Logs refused entries of ${stream}: ${why}`, {
    hint: 'compare the clocks: cliffracer health',
  });
}
