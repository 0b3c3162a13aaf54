import { type Bucket, distribution } from './bucket.ts';

/** Computes a statistic of the samples of a period; undefined where AWS has no value for them. */
export type Statistic = (samples: Bucket) => number | undefined;

const BASIC: ReadonlyMap<string, Statistic> = new Map<string, Statistic>([
  ['SampleCount', ({ count }) => count],
  ['Sum', ({ sum }) => sum],
  ['Average', ({ sum, count }) => (count === 0 ? undefined : sum / count)],
  ['Minimum', ({ minimum }) => minimum],
  ['Maximum', ({ maximum }) => maximum],
]);

export const basicStatistic = (name: string): Statistic | undefined => BASIC.get(name);

type Samples = readonly (readonly [value: number, count: number])[];

/** Bounds of a trimmed statistic: percentages of the sorted samples, or values. */
interface Bounds {
  low: number;
  high: number;
  percent: boolean;
}

const NUMBER = '\\d+(?:\\.\\d{1,10})?';
const SHORT = new RegExp(`^(p|tm|tc|ts|wm)(${NUMBER})$`);
const RANGE = new RegExp(`^(TM|TC|TS|WM|PR)\\((?:(${NUMBER})(%)?)?:(?:(${NUMBER})(%)?)?\\)$`);

/**
 * Reads an extended statistic: `p95`, `tm90`, `TM(10%:90%)`, `PR(:300)`, `IQM` (CloudWatch User Guide, Statistics
 * definitions). "Additionally, these [...] are not available for metrics when any of the metric values are negative".
 */
export function extendedStatistic(text: string): Statistic | undefined {
  const compute = parse(text);
  if (compute === undefined) return undefined;
  return (bucket) => {
    if (bucket.minimum < 0 || bucket.count <= 0) return undefined;
    const samples = distribution(bucket);
    return samples === undefined ? undefined : compute(samples);
  };
}

/** The percentage of a percentile statistic (`p99` -> 99). */
export function percentileOf(text: string): number | undefined {
  const [, kind, percent] = SHORT.exec(text) ?? [];
  return kind === 'p' ? Number(percent) : undefined;
}

function parse(text: string): ((samples: Samples) => number | undefined) | undefined {
  if (text === 'IQM') return trimmed('TM', { low: 25, high: 75, percent: true });
  const [, short, percent] = SHORT.exec(text) ?? [];
  if (short !== undefined) {
    const high = Number(percent);
    if (high > 100) return undefined;
    if (short === 'p') return (samples) => percentile(samples, high);
    return trimmed(short.toUpperCase(), { low: 0, high, percent: true });
  }
  const [, kind, low, lowPercent, high, highPercent] = RANGE.exec(text) ?? [];
  if (kind === undefined || (low === undefined && high === undefined)) return undefined;
  const isPercent = (lowPercent ?? highPercent) !== undefined;
  const mixed = low !== undefined && high !== undefined && lowPercent !== highPercent;
  if (mixed || (isPercent && kind === 'PR')) return undefined;
  const bounds = {
    low: low === undefined ? Number.NEGATIVE_INFINITY : Number(low),
    high: high === undefined ? Number.POSITIVE_INFINITY : Number(high),
    percent: isPercent,
  };
  if (bounds.low > bounds.high || (isPercent && (Number(low ?? 0) > 100 || Number(high ?? 0) > 100))) return undefined;
  return trimmed(kind, bounds);
}

const countOf = (samples: Samples): number => samples.reduce((total, [, count]) => total + count, 0);
const sumOf = (samples: Samples): number => samples.reduce((total, [value, count]) => total + value * count, 0);

/** "p99 is the maximum value of the remaining 99%, after ignoring the 1% of the data points with the highest values". */
function percentile(samples: Samples, percent: number): number {
  const rank = (percent / 100) * countOf(samples);
  let reached = 0;
  for (const [value, count] of samples) {
    reached += count;
    // Fractions of percent do not come out even in binary; a difference this small is none.
    if (reached >= rank - 1e-9) return value;
  }
  return samples.at(-1)![0];
}

function trimmed(kind: string, bounds: Bounds): (samples: Samples) => number | undefined {
  return (samples) => {
    const kept = bounds.percent ? withinPercent(samples, bounds) : withinValues(samples, bounds);
    const count = countOf(kept);
    if (kind === 'TC') return count;
    if (kind === 'PR') return (count / countOf(samples)) * 100;
    if (kind === 'TS') return sumOf(kept);
    if (kind === 'WM') return winsorized(samples, kept, bounds);
    return count === 0 ? undefined : sumOf(kept) / count;
  };
}

/** "The calculation includes values equal to the higher boundary, but does not include values equal to the lower boundary." */
function withinValues(samples: Samples, { low, high }: Bounds): Samples {
  return samples.filter(([value]) => value > low && value <= high);
}

/** The samples between two ranks; the one on which a boundary falls stays, as it does for a percentile. */
function withinPercent(samples: Samples, { low, high }: Bounds): Samples {
  const total = countOf(samples);
  const first = Math.floor((Math.max(low, 0) / 100) * total + 1e-9);
  const last = Math.ceil((Math.min(high, 100) / 100) * total - 1e-9);
  let rank = 0;
  return samples.flatMap(([value, count]) => {
    const kept = Math.min(rank + count, last) - Math.max(rank, first);
    rank += count;
    return kept > 0 ? [[value, kept] as const] : [];
  });
}

/** "The values that are outside the boundary [...] are considered to be equal to the value at the edge of the boundary." */
function winsorized(samples: Samples, kept: Samples, { low, high, percent }: Bounds): number | undefined {
  const lowest = percent ? kept[0]?.[0] : low;
  const highest = percent ? kept.at(-1)?.[0] : high;
  if (lowest === undefined || highest === undefined) return undefined;
  const clipped = samples.map(([value, count]) => [Math.min(Math.max(value, lowest), highest), count] as const);
  return sumOf(clipped) / countOf(clipped);
}
