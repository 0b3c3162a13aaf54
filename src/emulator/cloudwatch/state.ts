import type { ChunkedList } from '../core/chunked-list.ts';
import type { Context } from '../core/types.ts';
import type { Alarm, AlarmHistoryItem, Dimension } from './alarms/alarm.ts';
import type { Bucket } from './bucket.ts';

export interface Metric {
  namespace: string;
  name: string;
  /** Ordered by name: the order in which a client gives them does not matter. */
  dimensions: Dimension[];
  /** When data was last put, in milliseconds of engine time. */
  publishedAt: number;
  /** By unit, since data of different units is never mixed; each ordered by time. */
  series: Map<string, ChunkedList<Bucket>>;
}

export interface CloudWatchState {
  metrics: Map<string, Metric>;
  /** Keys of `metrics` in order. */
  metricKeys: ChunkedList<string>;
  alarms: Map<string, Alarm>;
  /** Ordered by name. */
  alarmNames: ChunkedList<string>;
  /** Key of a metric -> names of the alarms that watch it. */
  watchers: Map<string, Set<string>>;
  /** Oldest first. */
  history: ChunkedList<AlarmHistoryItem>;
  historySequence: number;
}

export type CloudWatchContext = Context<CloudWatchState>;

export const createState = (): CloudWatchState => ({
  metrics: new Map(),
  metricKeys: [],
  alarms: new Map(),
  alarmNames: [],
  watchers: new Map(),
  history: [],
  historySequence: 0,
});

/** What identifies a metric. Dimensions are part of it: "each unique combination of dimensions [is] a separate metric". */
export interface MetricIdentity {
  namespace: string;
  name: string;
  dimensions: readonly Dimension[];
}

export function orderedDimensions(dimensions: readonly Dimension[] = []): Dimension[] {
  return dimensions
    .map(({ Name, Value }) => ({ Name, Value }))
    .sort((a, b) => (a.Name < b.Name ? -1 : a.Name > b.Name ? 1 : 0));
}

/** Keys of one namespace, and of one name in it, stand together in the order of keys. */
export function metricKey({ namespace, name, dimensions }: MetricIdentity): string {
  return JSON.stringify([namespace, name, ...dimensions.flatMap(({ Name, Value }) => [Name, Value])]);
}
