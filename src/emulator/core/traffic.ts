import { append, type ChunkedList, dropBefore, lastItem, locate } from './chunked-list.ts';

/** What a resource did in one minute, for the metrics that its service publishes. Plain data. */
export interface Minute {
  /** Start, in seconds since the epoch. */
  at: number;
}

/** The minutes in which something happened, oldest first; the latest may still go on. */
export type Traffic<M extends Minute> = ChunkedList<M>;

/** CloudWatch keeps points of a minute for 15 days (User Guide, Metrics retention). */
const KEPT_SECONDS = 15 * 86_400;

export const minuteOf = (ms: number): number => Math.floor(ms / 60_000) * 60;

/** Begins a new minute. */
export function beginMinute<M extends Minute>(traffic: Traffic<M>, minute: M): void {
  append(traffic, minute);
  if (traffic[0]![0]!.at < minute.at - KEPT_SECONDS) {
    const place = locate(traffic, ({ at }) => at >= minute.at - KEPT_SECONDS);
    dropBefore(traffic, place);
  }
}

export const latestMinute = <M extends Minute>(traffic: Traffic<M>): M | undefined => lastItem(traffic);

/** A metric that a service publishes of one of its resources. */
export interface PublishedMetric {
  namespace: string;
  name: string;
  dimension: { Name: string; Value: string };
  /** The last minute with a point, in seconds. */
  latest: number;
}

/** One minute of such a metric. */
export interface PublishedPoint {
  at: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
}

/** What CloudWatch asks a service for. */
export interface PointsQuery {
  name: string;
  /** Name of the queue or topic. */
  resource: string;
  /** Seconds; `end` is exclusive. */
  start: number;
  end: number;
}

export interface PublishedPoints {
  unit: string;
  points: PublishedPoint[];
}
