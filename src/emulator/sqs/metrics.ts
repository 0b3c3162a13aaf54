import { forward, itemAt, locate } from '../core/chunked-list.ts';
import type { PointsQuery, PublishedMetric, PublishedPoint, PublishedPoints } from '../core/traffic.ts';
import { latestMinute, minuteOf } from '../core/traffic.ts';
import type { Context } from '../core/types.ts';
import type { Depths, Queue, QueueMinute, SqsState } from './state.ts';
import { depthsOf } from './traffic.ts';

type Value = (minute: QueueMinute | undefined, depths: Depths, end: number) => PublishedPoint | number | undefined;

/** SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS"; each with its unit. */
const METRICS = new Map<string, readonly [unit: string, value: Value]>([
  ['ApproximateAgeOfOldestMessage', ['Seconds', (_, { oldestAt }, end) => ageAt(end, oldestAt)]],
  ['ApproximateNumberOfMessagesDelayed', ['Count', (_, { delayed }) => delayed]],
  ['ApproximateNumberOfMessagesNotVisible', ['Count', (_, { inFlight }) => inFlight]],
  ['ApproximateNumberOfMessagesVisible', ['Count', (_, { ready }) => ready]],
  ['NumberOfEmptyReceives', ['Count', (minute) => minute?.emptyReceives ?? 0]],
  ['NumberOfMessagesDeleted', ['Count', (minute) => minute?.deleted ?? 0]],
  ['NumberOfMessagesReceived', ['Count', (minute) => minute?.received ?? 0]],
  ['NumberOfMessagesSent', ['Count', (minute) => minute?.sent ?? 0]],
  ['SentMessageSize', ['Bytes', sizes]],
]);

const ageAt = (end: number, oldestAt: number | undefined) =>
  oldestAt === undefined ? 0 : Math.max(0, Math.floor(end - oldestAt / 1000));

function sizes(minute: QueueMinute | undefined): PublishedPoint | undefined {
  if (minute === undefined || minute.sent === 0) return undefined;
  return { at: minute.at, count: minute.sent, sum: minute.bytes, minimum: minute.smallest, maximum: minute.largest };
}

/**
 * "A queue stays active for up to six hours from the last activity": calls, and messages that it holds. Calls that only look do not
 * count here.
 */
const ACTIVE_SECONDS = 6 * 3600;

const isEmpty = ({ ready, inFlight, delayed }: Depths) => ready + inFlight + delayed === 0;

/** The last minute of a queue's activity; undefined when there was none. */
function lastActive({ now }: Context, queue: Queue): number | undefined {
  const latest = latestMinute(queue.traffic ?? []);
  if (latest === undefined) return undefined;
  const ended = minuteOf(now) - 60;
  return isEmpty(depthsOf(queue)) ? Math.min(ended, latest.at + ACTIVE_SECONDS) : ended;
}

/** The metrics that there are, of all queues that were ever active. */
export function listMetrics(context: Context<SqsState>): PublishedMetric[] {
  return [...context.state.queues.values()].flatMap((queue) => {
    const latest = lastActive(context, queue);
    if (latest === undefined) return [];
    const dimension = { Name: 'QueueName', Value: queue.name };
    return [...METRICS.keys()].map((name) => ({ namespace: 'AWS/SQS', name, dimension, latest }));
  });
}

/** The points of a metric: one for each minute that has ended, while the queue was active. */
export function metricPoints(context: Context<SqsState>, query: PointsQuery): PublishedPoints | undefined {
  const queue = context.state.queues.get(query.resource);
  const metric = METRICS.get(query.name);
  if (queue?.traffic === undefined || metric === undefined) return undefined;
  const [unit, value] = metric;
  const points: PublishedPoint[] = [];
  for (const { at, minute, depths } of activeMinutes(context, queue, query)) {
    const found = value(minute, depths, at + 60);
    if (typeof found === 'number') points.push({ at, count: 1, sum: found, minimum: found, maximum: found });
    else if (found !== undefined) points.push(found);
  }
  return { unit, points };
}

/** Each minute of the range in which the queue was active, with what was done in it, if anything, and how it stood at its end. */
function* activeMinutes(context: Context<SqsState>, queue: Queue, { start, end }: PointsQuery) {
  const traffic = queue.traffic!;
  const from = minuteOf(start * 1000) < start ? minuteOf(start * 1000) + 60 : start;
  const until = Math.min(end, minuteOf(context.now));
  const place = locate(traffic, ({ at }) => at > from);
  let before: QueueMinute | undefined;
  // What was done last before, or at, the start of the range says how the queue stood then.
  for (let chunk = place.chunk, index = place.index - 1; chunk >= 0 && before === undefined; chunk--) {
    before = index >= 0 ? traffic[chunk]?.[index] : undefined;
    index = (traffic[chunk - 1]?.length ?? 0) - 1;
  }
  const present = depthsOf(queue);
  for (let at = before === undefined ? (itemAt(traffic, place)?.at ?? until) : from; at < until; at += 60) {
    const next = itemAt(traffic, place);
    if (next !== undefined && next.at <= at) {
      before = next;
      forward(traffic, place);
    }
    if (before === undefined) continue;
    const depths = before.depths ?? present;
    if (!isEmpty(depths) || at - before.at <= ACTIVE_SECONDS) {
      yield { at, minute: before.at === at ? before : undefined, depths };
    }
  }
}
