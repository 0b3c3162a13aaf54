import { metricIn } from '../metric.ts';
import { hasSamplesSince, samplesByPeriod, singleUnit } from '../periods.ts';
import { type CloudWatchContext, type Metric, metricKey } from '../state.ts';
import { basicStatistic, extendedStatistic, percentileOf } from '../statistic.ts';
import type { Alarm, AlarmConfiguration, Dimension } from './alarm.ts';
import { type Datapoint, EXTRA_PERIODS, evaluate, hasTooFewSamples } from './evaluate.ts';
import { stateReason, stateReasonData } from './reason.ts';
import { changeState } from './transition.ts';

/**
 * Alarms are evaluated every minute, those with a shorter period every period, on data of the periods that have just
 * ended. An alarm without data in reach sleeps after an evaluation until data come: nothing could change meanwhile.
 */
export function scheduleEvaluation(context: CloudWatchContext, alarm: Alarm): void {
  if (alarm.evaluateAt !== undefined) return;
  const interval = Math.min(alarm.configuration.period, 60) * 1000;
  alarm.evaluateAt = (Math.floor(context.now / interval) + 1) * interval;
  context.schedule(alarm.evaluateAt, 'alarm', alarm.name);
}

/** Starts over after the configuration of an alarm has changed. */
export function rescheduleEvaluation(context: CloudWatchContext, alarm: Alarm): void {
  alarm.evaluateAt = undefined;
  scheduleEvaluation(context, alarm);
}

/** Called when data have been put for a metric. */
export function wakeAlarms(context: CloudWatchContext, key: string): void {
  const watchers = context.state.watchers.get(key);
  if (watchers === undefined) return;
  for (const name of watchers) scheduleEvaluation(context, context.state.alarms.get(name)!);
}

/** Called by a service when a resource begins a minute of activity: the alarms on its metrics have something to look at. */
export function wakeByResource(
  context: CloudWatchContext,
  { namespace, dimension }: { namespace: string; dimension: Dimension },
): void {
  const { watchers } = context.state;
  if (watchers.size === 0) return;
  const prefix = `[${JSON.stringify(namespace)},`;
  const suffix = `,${JSON.stringify(dimension.Name)},${JSON.stringify(dimension.Value)}]`;
  for (const key of watchers.keys()) if (key.startsWith(prefix) && key.endsWith(suffix)) wakeAlarms(context, key);
}

const identityOf = ({ namespace, metricName: name, dimensions }: AlarmConfiguration) => ({
  namespace,
  name,
  dimensions,
});

export function watch({ state }: CloudWatchContext, alarm: Alarm): void {
  const key = metricKey(identityOf(alarm.configuration));
  const watchers = state.watchers.get(key) ?? new Set();
  state.watchers.set(key, watchers.add(alarm.name));
}

export function unwatch({ state }: CloudWatchContext, alarm: Alarm): void {
  const key = metricKey(identityOf(alarm.configuration));
  const watchers = state.watchers.get(key);
  watchers?.delete(alarm.name);
  if (watchers?.size === 0) state.watchers.delete(key);
}

/** Timer `alarm`: evaluates one and tells of a change of state. */
export function evaluateAlarm(context: CloudWatchContext, name: string): string | undefined {
  const alarm = context.state.alarms.get(name);
  if (alarm === undefined || alarm.evaluateAt !== context.now) return undefined;
  alarm.evaluateAt = undefined;
  const { configuration } = alarm;
  const end = context.now / 1000;
  const start = end - (configuration.evaluationPeriods + EXTRA_PERIODS) * configuration.period;
  const metric = metricIn(context, identityOf(configuration), { start, end });
  const before = alarm.state;
  decide(context, alarm, datapoints(metric, configuration, start, end));
  if (hasSamplesSince(metric, start)) scheduleEvaluation(context, alarm);
  return alarm.state === before ? undefined : `alarm ${name}: ${before} -> ${alarm.state}, ${alarm.stateReason}`;
}

/** Every period of the range, oldest first, whether it has data or not. */
function datapoints(
  metric: Metric | undefined,
  { period, unit, statistic, extendedStatistic: extended }: AlarmConfiguration,
  start: number,
  end: number,
): Datapoint[] {
  const compute = statistic === undefined ? extendedStatistic(extended!) : basicStatistic(statistic);
  const { samples } = singleUnit(samplesByPeriod(metric, { start, end, period }, unit));
  const byTime = new Map(samples.map((bucket) => [bucket.at, bucket]));
  const count = Math.round((end - start) / period);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * period;
    const bucket = byTime.get(at);
    const value = bucket === undefined ? undefined : compute?.(bucket);
    return { at, value, sampleCount: bucket?.count ?? 0 };
  });
}

function decide(context: CloudWatchContext, alarm: Alarm, range: readonly Datapoint[]): void {
  const { configuration, setByHand } = alarm;
  alarm.setByHand = false;
  const { state, evaluated } = evaluate(range, configuration);
  const percent = percentileOf(configuration.extendedStatistic ?? '');
  const insignificant =
    configuration.evaluateLowSampleCountPercentile === 'ignore' &&
    percent !== undefined &&
    hasTooFewSamples(evaluated, percent);
  if (state === undefined || insignificant || (state === alarm.state && !setByHand)) return;
  changeState(context, alarm, {
    state,
    reason: stateReason(configuration, evaluated, alarm.state, state),
    reasonData: stateReasonData(configuration, evaluated, context.now),
  });
}
