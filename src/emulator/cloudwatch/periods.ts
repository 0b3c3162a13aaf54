import { type ChunkedList, forward, itemAt, lastItem, locate } from '../core/chunked-list.ts';
import { type Bucket, emptyBucket, mergeInto } from './bucket.ts';
import type { Metric } from './state.ts';

/** A stretch of time cut into periods, all in seconds; `end` is exclusive. */
export interface Periods {
  start: number;
  end: number;
  period: number;
}

/** The samples of one unit in one period; `at` is the start of the period. */
export interface PeriodSamples {
  unit: string;
  samples: Bucket;
}

const DAY = 86_400;
const SUB_MINUTE = [1, 5, 10, 20, 30];

/** "1, 5, 10, 20, 30, 60, or any multiple of 60" (GetMetricStatistics, Period). */
export function isPeriod(period: number): boolean {
  return SUB_MINUTE.includes(period) || (period > 0 && period % 60 === 0);
}

/**
 * Rounds the start down: to the minute, further back to 5 minutes and to the hour, for shorter periods to the period.
 * Periods count from there (GetMetricStatistics, StartTime).
 */
export function roundedStart(start: number, period: number, now: number): number {
  const age = now - start;
  const unit = age > 63 * DAY ? 3600 : age > 15 * DAY ? 300 : Math.min(period, 60);
  return Math.floor(start / unit) * unit;
}

/** The samples of a metric in each period that has any, oldest first, one entry a unit. */
export function samplesByPeriod(metric: Metric | undefined, periods: Periods, unit?: string): PeriodSamples[] {
  if (metric === undefined) return [];
  if (unit !== undefined) return samplesOfUnit(metric.series.get(unit) ?? [], periods, unit);
  const all = [...metric.series].flatMap(([name, series]) => samplesOfUnit(series, periods, name));
  if (metric.series.size > 1) {
    all.sort((a, b) => a.samples.at - b.samples.at || (a.unit < b.unit ? -1 : 1));
  }
  return all;
}

function samplesOfUnit(series: ChunkedList<Bucket>, periods: Periods, unit: string): PeriodSamples[] {
  const { start, end, period } = periods;
  const found: PeriodSamples[] = [];
  const place = locate(series, (bucket) => bucket.at >= start);
  let current: Bucket | undefined;
  for (let bucket = itemAt(series, place); bucket !== undefined && bucket.at < end; ) {
    const at = start + Math.floor((bucket.at - start) / period) * period;
    if (current?.at !== at) {
      current = emptyBucket(at);
      found.push({ unit, samples: current });
    }
    mergeInto(current, bucket);
    forward(series, place);
    bucket = itemAt(series, place);
  }
  return found;
}

/** One entry a period where units compete: CloudWatch takes the first by name; `units` are all that were there. */
export function singleUnit(entries: readonly PeriodSamples[]): { samples: Bucket[]; units: string[] } {
  const samples: Bucket[] = [];
  for (const entry of entries) {
    if (samples.at(-1)?.at !== entry.samples.at) samples.push(entry.samples);
  }
  return { samples, units: [...new Set(entries.map(({ unit }) => unit))].sort() };
}

/** Whether a metric has any samples at or after a time (seconds). */
export function hasSamplesSince(metric: Metric | undefined, since: number): boolean {
  for (const series of metric?.series.values() ?? []) {
    if ((lastItem(series)?.at ?? Number.NEGATIVE_INFINITY) >= since) return true;
  }
  return false;
}
