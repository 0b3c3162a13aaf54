import type { Bucket } from '../cloudwatch/bucket.ts';
import type { CloudWatchState, Metric } from '../cloudwatch/state.ts';
import { type ChunkedList, lastItem } from '../core/chunked-list.ts';
import type { Engine } from '../core/engine.ts';
import { EventMerge } from '../logs/merge.ts';
import type { LogGroup, LogsState } from '../logs/state.ts';
import { type ControlRoutes, isoTime, notFound, scopeOf, wholeNumber } from './routing.ts';

const MOST = 1_000;
const MOST_METRICS = 10_000;

/** `/_cliffracer/cloudwatch/metrics`: custom metrics with their latest minute, and alarms. */
export function metricRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': ({ query }) => {
      const limit = wholeNumber(query, 'limit', MOST, MOST_METRICS);
      engine.settle();
      const { metrics, alarms } = engine.stateOf('cloudwatch', scopeOf(query)) as CloudWatchState;
      return {
        total: metrics.size,
        metrics: [...metrics.values()].slice(0, limit).map(describeMetric),
        alarms: [...alarms.values()].map(({ name, state, stateReason, stateUpdatedAt }) => ({
          ...{ name, state, reason: stateReason, since: isoTime(stateUpdatedAt) },
        })),
      };
    },
  };
}

function describeMetric({ namespace, name, dimensions, series }: Metric) {
  return {
    ...{ namespace, name },
    dimensions: dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
    latest: [...series].flatMap(([unit, points]) => latest(unit, points)),
  };
}

function latest(unit: string, points: ChunkedList<Bucket>) {
  const bucket = lastItem(points);
  if (bucket === undefined) return [];
  const { at, count, sum, minimum, maximum } = bucket;
  return [{ unit, at: isoTime(at * 1_000), count, sum, minimum, maximum }];
}

/** `/_cliffracer/logs/groups`: log groups, and the newest lines of one. */
export function logRoutes(engine: Engine): ControlRoutes {
  const groupsOf = (query: URLSearchParams) => (engine.stateOf('logs', scopeOf(query)) as LogsState).groups;
  return {
    'GET /': ({ query }) => ({ groups: [...groupsOf(query).values()].map(describeGroup) }),
    // Names of groups have slashes.
    'GET /events': ({ query }) => {
      const name = query.get('group') ?? '';
      const group = groupsOf(query).get(name);
      if (group === undefined) throw notFound(`no such log group: ${name.slice(0, 80)}`);
      return { group: name, events: newest(group, wholeNumber(query, 'limit', 100, MOST)) };
    },
  };
}

const describeGroup = ({ name, storedBytes, streams }: LogGroup) => ({
  ...{ name, bytes: storedBytes, streams: streams.size },
  last_at: lastTime([...streams.values()].flatMap(({ lastIngestionTime: at }) => (at === undefined ? [] : [at]))),
});

const lastTime = (times: readonly number[]) => (times.length === 0 ? null : isoTime(Math.max(...times)));

/** Oldest first. */
function newest({ streams }: LogGroup, limit: number) {
  const range = { from: 0, to: Number.POSITIVE_INFINITY, after: undefined, newestFirst: true };
  const merge = new EventMerge(streams.values(), range);
  const events: { at: string; stream: string; message: string }[] = [];
  for (let next = merge.next; next !== undefined && events.length < limit; next = merge.next) {
    const { stream, event } = next;
    events.unshift({ at: isoTime(event.timestamp), stream, message: event.message });
    merge.advance();
  }
  return events;
}
