import type { CloudWatchState } from '../../emulator/cloudwatch/state.ts';
import type { LogsState } from '../../emulator/logs/state.ts';
import type { LabEngine } from '../engine.ts';
import { LabError } from '../error.ts';
import { jsonOf } from '../match.ts';
import type { LabLogEvent, LabMetric } from '../types/resources.ts';

export function metricOf(
  lab: LabEngine,
  namespace: string,
  name: string,
  dimensions: Record<string, string>,
): LabMetric {
  const wanted = Object.entries(dimensions);
  const metrics = [...lab.state<CloudWatchState>('cloudwatch').metrics.values()].filter(
    (metric) =>
      metric.namespace === namespace &&
      metric.name === name &&
      wanted.every(([Name, value]) => metric.dimensions.some((each) => each.Name === Name && each.Value === value)),
  );
  const buckets = metrics.flatMap(({ series }) => [...series.values()].flat(2));
  const sumOf = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    samples: sumOf(buckets.map(({ count }) => count)),
    sum: sumOf(buckets.map(({ sum }) => sum)),
    minimum: buckets.length === 0 ? 0 : Math.min(...buckets.map(({ minimum }) => minimum)),
    maximum: buckets.length === 0 ? 0 : Math.max(...buckets.map(({ maximum }) => maximum)),
  };
}

export function logEventsOf(lab: LabEngine, group: string, stream: string | undefined): LabLogEvent[] {
  const { groups } = lab.state<LogsState>('logs');
  const found = groups.get(group);
  if (found === undefined)
    throw new LabError(`there is no log group ${group}; there are ${[...groups.keys()].join(', ')}`);
  return [...found.streams.values()]
    .filter(({ name }) => stream === undefined || name === stream)
    .flatMap(({ name, events }) => events.flat().map((event) => ({ ...event, stream: name })))
    .sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence)
    .map(({ timestamp, message, stream }) => ({ stream, at: new Date(timestamp), message, json: jsonOf(message) }));
}
