import type { AlarmConfiguration, ComparisonOperator, StateValue } from './alarm.ts';
import { type Datapoint, isBreaching } from './evaluate.ts';
import { alarmJson, decimal } from './json.ts';

const PHRASES: Record<ComparisonOperator, string> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** AWS's date in JSON about alarms: `2026-01-01T00:00:00.000+0000`. */
export const alarmDate = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '+0000');

/** `21.5 (26/10/23 16:42:00)` */
function dated({ at, value }: Datapoint): string {
  const [, year, month, day, time] = /^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]{8})/.exec(new Date(at * 1000).toISOString())!;
  return `${decimal(value!)} (${day}/${month}/${year} ${time})`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const were = (count: number): string => (count === 1 ? 'was' : 'were');

/** Why an alarm went from one state to another, in the words that AWS uses. */
export function stateReason(
  configuration: AlarmConfiguration,
  evaluated: readonly Datapoint[],
  from: StateValue,
  to: StateValue,
): string {
  const real = evaluated.filter(({ value }) => value !== undefined);
  const missing = evaluated.length - real.length;
  if (to === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${counted(missing, 'datapoint')} ${were(missing)} unknown.`;
  }
  const treated =
    missing === 0 || !['breaching', 'notBreaching'].includes(configuration.treatMissingData ?? '')
      ? ''
      : `${counted(missing, 'missing datapoint')} ${were(missing)} treated as ` +
        `[${configuration.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching'}]`;
  if (real.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${counted(missing, 'period')} and ${treated}.`;
  }
  const decisive = real.filter(({ value }) => isBreaching(value!, configuration) === (to === 'ALARM'));
  return `Threshold Crossed: ${decided(configuration, decisive, from, to)}${treated === '' ? '' : ` and ${treated}`}.`;
}

function decided(
  configuration: AlarmConfiguration,
  decisive: readonly Datapoint[],
  from: StateValue,
  to: StateValue,
): string {
  const { comparisonOperator, threshold, evaluationPeriods, datapointsToAlarm } = configuration;
  const list = `[${decisive.map(dated).join(', ')}]`;
  const not = to === 'ALARM' ? '' : 'not ';
  const compared = `${were(decisive.length)} ${not}${PHRASES[comparisonOperator]} the threshold (${decimal(threshold)})`;
  if (datapointsToAlarm === undefined) return `${counted(decisive.length, 'datapoint')} ${list} ${compared}`;
  const least = to === 'ALARM' ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const old = from === to ? (to === 'ALARM' ? 'OK' : 'ALARM') : from;
  return (
    `${decisive.length} out of the last ${evaluationPeriods} datapoints ${list} ${compared} ` +
    `(minimum ${counted(least, 'datapoint')} for ${old} -> ${to} transition)`
  );
}

/** The same in JSON (StateReasonData). */
export function stateReasonData(
  configuration: AlarmConfiguration,
  evaluated: readonly Datapoint[],
  now: number,
): string {
  const { unit, statistic, extendedStatistic, period, threshold } = configuration;
  const real = evaluated.filter(({ value }) => value !== undefined);
  const oldest = real.at(-1);
  return alarmJson({
    version: '1.0',
    queryDate: alarmDate(now),
    startDate: oldest === undefined ? undefined : alarmDate(oldest.at * 1000),
    unit,
    statistic: statistic ?? extendedStatistic,
    period,
    recentDatapoints: real.map(({ value }) => value).reverse(),
    threshold,
    evaluatedDatapoints: evaluated.map(({ at, value, sampleCount }) => ({
      timestamp: alarmDate(at * 1000),
      ...(value === undefined ? {} : { sampleCount, value }),
    })),
  });
}
