import { type ConsoleDeps, type Routes, reads } from '../deps.ts';

const MOST = 1_000;
const LONGEST_SPAN_MS = 15 * 86_400_000;
/** CloudWatch answers with at most so many points a metric at once. */
const MOST_POINTS = 1_440;
const HALF_HOUR_MS = 1_800_000;

/** `metrics`, points of one, `alarms`, and the shop's own in one answer. */
export const metricRoutes = ({ stores: { metrics }, shop, log, about, clock }: ConsoleDeps): Routes => {
  // What happened lies on the engine's clock, wherever that was turned to.
  const now = () => (about.laboratory === true ? log.now() : Promise.resolve(clock.now()));
  return {
    metrics: reads(async () => ({ metrics: await metrics.list(MOST) })),
    'metrics/points': reads(async (input) => {
      const span = Math.max(60_000, input.count('since_ms', LONGEST_SPAN_MS));
      const periodSeconds = Math.max(60, Math.ceil(span / MOST_POINTS / 60_000) * 60);
      const until = (Math.floor((await now()) / 60_000) + 1) * 60_000;
      const { namespace, name } = { namespace: input.text('namespace'), name: input.text('name') };
      const dimensions = input.object<Record<string, string>>('dimensions');
      const query = { namespace, name, dimensions, statistics: input.texts('statistics'), since: until - span, until };
      return { ...query, period_seconds: periodSeconds, points: await metrics.points({ ...query, periodSeconds }) };
    }),
    alarms: reads(async () => ({ alarms: await metrics.alarms() })),
    shop: reads(async (input) => ({
      series: await shop(input.maybeCount('since_ms', LONGEST_SPAN_MS) ?? HALF_HOUR_MS),
    })),
  };
};
