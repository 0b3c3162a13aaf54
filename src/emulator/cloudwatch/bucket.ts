import { append, type ChunkedList, dropBefore, insert, itemAt, lastItem, locate } from '../core/chunked-list.ts';

/** The samples of one unit in one minute or second of a metric. */
export interface Bucket {
  /** Start, in seconds since the epoch. */
  at: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** Value -> how often it occurred; undefined while all samples have the same value, the minimum. */
  values: Map<number, number> | undefined;
  /** Contains a statistic set, whose distribution nobody knows: no percentiles. */
  summarized: boolean;
}

/** Some samples to be added: one value a number of times, or a statistic set. */
export type Sample =
  | { value: number; count: number }
  | { sum: number; minimum: number; maximum: number; count: number };

// Distinct values kept exactly; beyond, further ones are rounded to three digits, so that a bucket stays bounded.
const MOST_VALUES = 4096;
const ROUNDED_DIGITS = 3;
// "Data points with a period of 3600 seconds (1 hour) are available for 455 days (15 months)."
const RETENTION_SECONDS = 455 * 86_400;

/** Adds samples to the bucket that starts at `at`, and lets go of what is older than AWS keeps it. */
export function record(series: ChunkedList<Bucket>, at: number, samples: readonly Sample[], now: number): void {
  const bucket = bucketAt(series, at);
  for (const sample of samples) addSample(bucket, sample);
  const oldest = now - RETENTION_SECONDS;
  if (series[0]![0]!.at < oldest) {
    const place = locate(series, (other) => other.at >= oldest);
    dropBefore(series, place);
  }
}

function bucketAt(series: ChunkedList<Bucket>, at: number): Bucket {
  const last = lastItem(series);
  if (last?.at === at) return last;
  if (last === undefined || last.at < at) {
    const bucket = emptyBucket(at);
    append(series, bucket);
    return bucket;
  }
  const place = locate(series, (other) => other.at >= at);
  const found = itemAt(series, place)!;
  if (found.at === at) return found;
  const bucket = emptyBucket(at);
  insert(series, place, bucket);
  return bucket;
}

export const emptyBucket = (at: number): Bucket => ({
  at,
  count: 0,
  sum: 0,
  minimum: Number.POSITIVE_INFINITY,
  maximum: Number.NEGATIVE_INFINITY,
  values: undefined,
  summarized: false,
});

function addSample(bucket: Bucket, sample: Sample): void {
  if ('value' in sample) {
    addValue(bucket, sample.value, sample.count);
    bucket.sum += sample.value * sample.count;
  } else {
    // "The Min and Max are equal, and Sum is equal to Min multiplied by SampleCount": then the distribution is known.
    const { minimum, maximum, sum, count } = sample;
    if (minimum === maximum && sum === minimum * count) addValue(bucket, minimum, count);
    else {
      bucket.summarized = true;
      bucket.values = undefined;
    }
    bucket.sum += sum;
    bucket.minimum = Math.min(bucket.minimum, minimum);
    bucket.maximum = Math.max(bucket.maximum, maximum);
  }
  bucket.count += sample.count;
}

function addValue(bucket: Bucket, value: number, count: number): void {
  const isFirst = bucket.minimum > bucket.maximum;
  if (!bucket.summarized && !isFirst && (bucket.values !== undefined || value !== bucket.minimum)) {
    bucket.values ??= new Map([[bucket.minimum, bucket.count]]);
    addCount(bucket.values, value, count);
  }
  bucket.minimum = Math.min(bucket.minimum, value);
  bucket.maximum = Math.max(bucket.maximum, value);
}

function addCount(values: Map<number, number>, value: number, count: number): void {
  const kept = values.size < MOST_VALUES || values.has(value) ? value : Number(value.toPrecision(ROUNDED_DIGITS));
  values.set(kept, (values.get(kept) ?? 0) + count);
}

/** Adds a bucket to the sum of a longer period. */
export function mergeInto(total: Bucket, { count, sum, minimum, maximum, values, summarized }: Bucket): void {
  if (summarized || total.summarized) {
    total.summarized = true;
    total.values = undefined;
  } else if (total.minimum <= total.maximum) {
    if (values !== undefined || total.values !== undefined || minimum !== total.minimum) {
      total.values ??= new Map([[total.minimum, total.count]]);
      for (const [value, times] of values ?? [[minimum, count]]) addCount(total.values, value, times);
    }
  } else if (values !== undefined) total.values = new Map(values);
  total.count += count;
  total.sum += sum;
  total.minimum = Math.min(total.minimum, minimum);
  total.maximum = Math.max(total.maximum, maximum);
}

/** The samples as [value, count], lowest first; undefined when only a summary of them is known. */
export function distribution({
  values,
  summarized,
  minimum,
  count,
}: Bucket): [value: number, count: number][] | undefined {
  if (summarized) return undefined;
  return [...(values ?? [[minimum, count] as [number, number]])].sort(([a], [b]) => a - b);
}
