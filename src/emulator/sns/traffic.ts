import { forward, itemAt, locate } from '../core/chunked-list.ts';
import {
  beginMinute,
  latestMinute,
  minuteOf,
  type PointsQuery,
  type PublishedMetric,
  type PublishedPoint,
  type PublishedPoints,
} from '../core/traffic.ts';
import type { Context } from '../core/types.ts';
import type { SnsState, Topic, TopicMinute } from './state.ts';

/** SNS Developer Guide, "Available Amazon SNS metrics"; what is counted of a message or a notification. */
const COUNTED = [
  'NumberOfMessagesPublished',
  'NumberOfNotificationsDelivered',
  'NumberOfNotificationsFailed',
  'NumberOfNotificationsFilteredOut',
  'NumberOfNotificationsFilteredOut-InvalidMessageBody',
  'NumberOfNotificationsFilteredOut-MessageAttributes',
  'NumberOfNotificationsFilteredOut-MessageBody',
  'NumberOfNotificationsFilteredOut-NoMessageAttributes',
  'NumberOfNotificationsRedrivenToDlq',
  'NumberOfNotificationsFailedToRedriveToDlq',
] as const;
export type Counted = (typeof COUNTED)[number];

function trafficOf(context: Context<SnsState>, topic: Topic): TopicMinute {
  topic.traffic ??= [];
  const current = latestMinute(topic.traffic);
  const at = minuteOf(context.now);
  if (current !== undefined && current.at >= at) return current;
  const minute: TopicMinute = { at, counts: new Map(), bytes: 0, smallest: 0, largest: 0 };
  beginMinute(topic.traffic, minute);
  context.internal('cloudwatch', 'wake', { namespace: 'AWS/SNS', dimension: { Name: 'TopicName', Value: topic.name } });
  return minute;
}

export function count(context: Context<SnsState>, topic: Topic, what: Counted): void {
  const { counts } = trafficOf(context, topic);
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

export function countPublished(context: Context<SnsState>, topic: Topic, size: number): void {
  const minute = trafficOf(context, topic);
  const published = minute.counts.get('NumberOfMessagesPublished') ?? 0;
  minute.smallest = published === 0 ? size : Math.min(minute.smallest, size);
  minute.largest = Math.max(minute.largest, size);
  minute.bytes += size;
  minute.counts.set('NumberOfMessagesPublished', published + 1);
}

/** The metrics of all topics that have any. */
export function listMetrics({ state }: Context<SnsState>): PublishedMetric[] {
  return [...state.topics.values()].flatMap((topic) => {
    const minutes = (topic.traffic ?? []).flat();
    const latest = minutes.at(-1)?.at;
    if (latest === undefined) return [];
    const names: string[] = COUNTED.filter((name) => minutes.some(({ counts }) => counts.has(name)));
    if (names.includes('NumberOfMessagesPublished')) names.push('PublishSize');
    const dimension = { Name: 'TopicName', Value: topic.name };
    return names.map((name) => ({ namespace: 'AWS/SNS', name, dimension, latest }));
  });
}

/** The points of a metric: one for each minute that has ended and in which something was counted. */
export function metricPoints(context: Context<SnsState>, query: PointsQuery): PublishedPoints | undefined {
  const traffic = context.state.topics.get(query.resource)?.traffic;
  if (traffic === undefined) return undefined;
  const until = Math.min(query.end, minuteOf(context.now));
  const points: PublishedPoint[] = [];
  const place = locate(traffic, ({ at }) => at >= query.start);
  for (
    let minute = itemAt(traffic, place);
    minute !== undefined && minute.at < until;
    minute = itemAt(traffic, place)
  ) {
    const point = query.name === 'PublishSize' ? sizes(minute) : counted(minute, query.name as Counted);
    if (point !== undefined) points.push(point);
    forward(traffic, place);
  }
  return { unit: query.name === 'PublishSize' ? 'Bytes' : 'Count', points };
}

function sizes({ at, counts, bytes, smallest, largest }: TopicMinute): PublishedPoint | undefined {
  const published = counts.get('NumberOfMessagesPublished') ?? 0;
  return published === 0 ? undefined : { at, count: published, sum: bytes, minimum: smallest, maximum: largest };
}

/** Each message or notification is a sample of one. */
function counted({ at, counts }: TopicMinute, name: Counted): PublishedPoint | undefined {
  const times = counts.get(name);
  return times === undefined ? undefined : { at, count: times, sum: times, minimum: 1, maximum: 1 };
}
