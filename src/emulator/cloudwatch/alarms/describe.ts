import { forward, itemAt, locate } from '../../core/chunked-list.ts';
import { validationError } from '../data-query.ts';
import { decodeToken, encodeToken, isString } from '../page-token.ts';
import { type CloudWatchContext, type CloudWatchState, metricKey, orderedDimensions } from '../state.ts';
import { type Alarm, type Dimension, describedAlarm, type StateValue } from './alarm.ts';

const DEFAULT_PAGE = 50;

interface DescribeAlarmsInput {
  AlarmNames?: string[];
  AlarmNamePrefix?: string;
  AlarmTypes?: string[];
  ChildrenOfAlarmName?: string;
  ParentsOfAlarmName?: string;
  StateValue?: StateValue;
  ActionPrefix?: string;
  MaxRecords?: number;
  NextToken?: string;
}

/** DescribeAlarms, ordered by name; there are no composite and no log alarms here. */
export function describeAlarms(context: CloudWatchContext, input: DescribeAlarmsInput) {
  if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) {
    throw validationError('AlarmNamePrefix and AlarmNames cannot be specified together.');
  }
  const hasMetricAlarms =
    (input.AlarmTypes === undefined || input.AlarmTypes.includes('MetricAlarm')) &&
    input.ChildrenOfAlarmName === undefined &&
    input.ParentsOfAlarmName === undefined;
  if (!hasMetricAlarms) return { MetricAlarms: [], CompositeAlarms: [] };
  const limit = input.MaxRecords ?? DEFAULT_PAGE;
  const found = findAlarms(context, input, limit + 1);
  const page = found.slice(0, limit);
  return {
    MetricAlarms: page.map(describedAlarm),
    CompositeAlarms: [],
    ...(found.length > limit ? { NextToken: encodeToken(page.at(-1)!.name) } : {}),
  };
}

function findAlarms({ state }: CloudWatchContext, input: DescribeAlarmsInput, count: number): Alarm[] {
  const prefix = input.AlarmNamePrefix ?? '';
  const after = input.NextToken === undefined ? undefined : decodeToken(input.NextToken, isString);
  const found: Alarm[] = [];
  for (const name of candidates(state, input.AlarmNames, prefix, after)) {
    const alarm = state.alarms.get(name);
    if (alarm !== undefined && isWanted(alarm, input)) found.push(alarm);
    if (found.length === count) break;
  }
  return found;
}

/** Names in order, after `after`: those asked for, or all with the prefix. */
function* candidates(
  { alarmNames }: CloudWatchState,
  names: readonly string[] | undefined,
  prefix: string,
  after: string | undefined,
): Iterable<string> {
  if (names !== undefined) {
    yield* [...new Set(names)].sort().filter((name) => after === undefined || name > after);
    return;
  }
  const place = locate(alarmNames, (name) => (after === undefined ? name >= prefix : name > after));
  for (; ; forward(alarmNames, place)) {
    const name = itemAt(alarmNames, place);
    if (name?.startsWith(prefix) !== true) return;
    yield name;
  }
}

function isWanted({ state, configuration }: Alarm, input: DescribeAlarmsInput): boolean {
  const { okActions, alarmActions, insufficientDataActions } = configuration;
  const prefix = input.ActionPrefix;
  return (
    (input.StateValue === undefined || input.StateValue === state) &&
    (prefix === undefined ||
      [...okActions, ...alarmActions, ...insufficientDataActions].some((action) => action.startsWith(prefix)))
  );
}

interface DescribeAlarmsForMetricInput {
  MetricName: string;
  Namespace: string;
  Statistic?: string;
  ExtendedStatistic?: string;
  Dimensions?: Dimension[];
  Period?: number;
  Unit?: string;
}

export function describeAlarmsForMetric({ state }: CloudWatchContext, input: DescribeAlarmsForMetricInput) {
  const dimensions = orderedDimensions(input.Dimensions);
  const key = metricKey({ namespace: input.Namespace, name: input.MetricName, dimensions });
  const matches = (wanted: unknown, actual: unknown) => wanted === undefined || wanted === actual;
  const found = [...(state.watchers.get(key) ?? [])]
    .sort()
    .map((name) => state.alarms.get(name)!)
    .filter(
      ({ configuration }) =>
        matches(input.Statistic, configuration.statistic) &&
        matches(input.ExtendedStatistic, configuration.extendedStatistic) &&
        matches(input.Period, configuration.period) &&
        matches(input.Unit, configuration.unit),
    );
  return { MetricAlarms: found.map(describedAlarm) };
}
