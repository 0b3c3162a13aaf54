import { AwsError } from '../../core/errors.ts';
import type { CloudWatchContext } from '../state.ts';
import type { Alarm, StateValue } from './alarm.ts';
import { addHistory } from './history.ts';
import { alarmJson } from './json.ts';
import { alarmDate } from './reason.ts';
import { regionName } from './regions.ts';

// SNS takes subjects of ASCII without control characters, up to 100 characters; alarm names may be longer.
const LONGEST_SUBJECT = 100;
const SUBJECT = /^[\x20-\x7e]+$/;

/** Runs the actions of the state that an alarm has come into; only notifications to SNS topics are there. */
export function runActions(context: CloudWatchContext, alarm: Alarm, from: StateValue): void {
  const { actionsEnabled, okActions, alarmActions, insufficientDataActions } = alarm.configuration;
  if (!actionsEnabled) return;
  const actions = { OK: okActions, ALARM: alarmActions, INSUFFICIENT_DATA: insufficientDataActions }[alarm.state];
  const message = alarmJson(notification(context, alarm, from));
  const subject = `${alarm.state}: "${alarm.name}" in ${regionName(context.region)}`.slice(0, LONGEST_SUBJECT);
  for (const action of actions) notify(context, alarm, action, subject, message);
}

function notify(context: CloudWatchContext, alarm: Alarm, action: string, subject: string, message: string): void {
  const [, , service, region, account] = action.split(':');
  const outcome = (error?: string) => {
    const done = error === undefined ? 'Successfully executed' : 'Failed to execute';
    addHistory(context, {
      alarmName: alarm.name,
      type: 'Action',
      summary: `${done} action ${action}`.slice(0, 255),
      data: {
        actionState: error === undefined ? 'Succeeded' : 'Failed',
        stateUpdateTimestamp: alarm.stateUpdatedAt,
        notificationResource: action,
        error,
      },
    });
  };
  if (service !== 'sns') {
    outcome('This engine carries out notifications to Amazon SNS topics only.');
    return;
  }
  const input = {
    TopicArn: action,
    Message: message,
    ...(SUBJECT.test(subject) ? { Subject: subject } : {}),
  };
  try {
    context.perform({ service: 'sns', operation: 'Publish', input, region: region!, account: account! }, alarm.arn);
    outcome();
  } catch (error) {
    outcome(error instanceof AwsError ? error.message : String(error));
  }
}

/** The JSON that CloudWatch publishes to the topic. */
function notification({ account, region }: CloudWatchContext, alarm: Alarm, from: StateValue) {
  const { configuration } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmDescription: configuration.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: alarmDate(alarm.configuredAt),
    NewStateValue: alarm.state,
    NewStateReason: alarm.stateReason,
    StateChangeTime: alarmDate(alarm.stateUpdatedAt),
    Region: regionName(region),
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: configuration.okActions,
    AlarmActions: configuration.alarmActions,
    InsufficientDataActions: configuration.insufficientDataActions,
    Trigger: {
      MetricName: configuration.metricName,
      Namespace: configuration.namespace,
      ...(configuration.statistic === undefined
        ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: configuration.extendedStatistic }
        : { StatisticType: 'Statistic', Statistic: configuration.statistic.toUpperCase() }),
      Unit: configuration.unit ?? null,
      Dimensions: configuration.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
      Period: configuration.period,
      EvaluationPeriods: configuration.evaluationPeriods,
      DatapointsToAlarm: configuration.datapointsToAlarm,
      ComparisonOperator: configuration.comparisonOperator,
      Threshold: configuration.threshold,
      TreatMissingData: configuration.treatMissingData ?? 'missing',
      EvaluateLowSampleCountPercentile: configuration.evaluateLowSampleCountPercentile ?? '',
    },
  };
}
