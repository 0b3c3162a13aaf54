import { insert, locate, remove } from '../../core/chunked-list.ts';
import { AwsError } from '../../core/errors.ts';
import type { CloudWatchContext } from '../state.ts';
import { setTags, type Tag } from '../tags.ts';
import { type Alarm, alarmArn, describedAlarm, type StateValue } from './alarm.ts';
import { type PutMetricAlarmInput, readConfiguration } from './configuration.ts';
import { addHistory } from './history.ts';
import { rescheduleEvaluation, scheduleEvaluation, unwatch, watch } from './timer.ts';
import { changeState } from './transition.ts';

/** PutMetricAlarm: "When you update an existing alarm, its state is left unchanged", and tags are ignored. */
export function putMetricAlarm(context: CloudWatchContext, input: PutMetricAlarmInput) {
  const { state, now } = context;
  const name = input.AlarmName;
  const configuration = readConfiguration(context, input);
  const existing = state.alarms.get(name);
  if (existing !== undefined) {
    unwatch(context, existing);
    existing.configuration = configuration;
    existing.configuredAt = now;
    arm(context, existing, 'updated');
    return;
  }
  const alarm: Alarm = {
    name,
    arn: alarmArn(context, name),
    configuration,
    configuredAt: now,
    state: 'INSUFFICIENT_DATA',
    stateReason: 'Unchecked: Initial alarm creation',
    stateReasonData: undefined,
    stateUpdatedAt: now,
    stateTransitionedAt: now,
    setByHand: false,
    tags: setTags(new Map(), (input.Tags ?? []) as Tag[]),
    evaluateAt: undefined,
  };
  state.alarms.set(name, alarm);
  const place = locate(state.alarmNames, (other) => other >= name);
  insert(state.alarmNames, place, name);
  arm(context, alarm, 'created');
}

function arm(context: CloudWatchContext, alarm: Alarm, done: 'created' | 'updated'): void {
  watch(context, alarm);
  rescheduleEvaluation(context, alarm);
  tellOfConfiguration(context, alarm, done);
}

function tellOfConfiguration(context: CloudWatchContext, alarm: Alarm, done: 'created' | 'updated' | 'deleted'): void {
  const type = { created: 'Create', updated: 'Update', deleted: 'Delete' }[done];
  addHistory(context, {
    alarmName: alarm.name,
    type: 'ConfigurationUpdate',
    summary: `Alarm "${alarm.name}" ${done}`.slice(0, 255),
    data: { version: '1.0', type, [`${done}Alarm`]: describedAlarm(alarm) },
  });
}

const noSuchAlarm = (name: string) => new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`);

/** DeleteAlarms: "If you specify any incorrect alarm names, the alarms you specify with correct names are still deleted", and no error tells. */
export function deleteAlarms(context: CloudWatchContext, { AlarmNames: names }: { AlarmNames: string[] }) {
  const { alarms, alarmNames } = context.state;
  for (const name of names) {
    const alarm = alarms.get(name);
    if (alarm === undefined) continue;
    unwatch(context, alarm);
    alarms.delete(name);
    const place = locate(alarmNames, (other) => other >= name);
    remove(alarmNames, place);
    tellOfConfiguration(context, alarm, 'deleted');
  }
}

interface SetAlarmStateInput {
  AlarmName: string;
  StateValue: StateValue;
  StateReason: string;
  StateReasonData?: string;
}

/** SetAlarmState: the state lasts until the next evaluation. */
export function setAlarmState(context: CloudWatchContext, input: SetAlarmStateInput) {
  const alarm = context.state.alarms.get(input.AlarmName);
  if (alarm === undefined) throw noSuchAlarm(input.AlarmName);
  if (input.StateReasonData !== undefined) checkJson(input.StateReasonData);
  changeState(context, alarm, {
    state: input.StateValue,
    reason: input.StateReason,
    reasonData: input.StateReasonData,
  });
  alarm.setByHand = true;
  scheduleEvaluation(context, alarm);
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('InvalidFormatFault', 'StateReasonData was not valid JSON');
  }
}

export const enableAlarmActions = (context: CloudWatchContext, input: { AlarmNames: string[] }) =>
  switchActions(context, input.AlarmNames, true);

export const disableAlarmActions = (context: CloudWatchContext, input: { AlarmNames: string[] }) =>
  switchActions(context, input.AlarmNames, false);

function switchActions({ state }: CloudWatchContext, names: readonly string[], enabled: boolean): void {
  for (const name of names) {
    const alarm = state.alarms.get(name);
    if (alarm !== undefined) alarm.configuration.actionsEnabled = enabled;
  }
}
