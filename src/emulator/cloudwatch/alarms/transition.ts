import type { CloudWatchContext } from '../state.ts';
import { runActions } from './actions.ts';
import type { Alarm, StateValue } from './alarm.ts';
import { addHistory } from './history.ts';
import { JsonText } from './json.ts';

interface NewState {
  state: StateValue;
  reason: string;
  reasonData: string | undefined;
}

/** Brings an alarm into a state; when that is another one, the history tells of it and the state's actions run. */
export function changeState(context: CloudWatchContext, alarm: Alarm, to: NewState): void {
  const from = described(alarm.state, alarm.stateReason, alarm.stateReasonData);
  const old = alarm.state;
  alarm.state = to.state;
  alarm.stateReason = to.reason;
  alarm.stateReasonData = to.reasonData;
  alarm.stateUpdatedAt = context.now;
  if (old === to.state) return;
  alarm.stateTransitionedAt = context.now;
  context.effect({ kind: 'alarm', name: alarm.name, before: old, after: to.state });
  addHistory(context, {
    alarmName: alarm.name,
    type: 'StateUpdate',
    summary: `Alarm updated from ${old} to ${to.state}`,
    data: { version: '1.0', oldState: from, newState: described(to.state, to.reason, to.reasonData) },
  });
  runActions(context, alarm, old);
}

function described(stateValue: StateValue, stateReason: string, reasonData: string | undefined) {
  return {
    stateValue,
    stateReason,
    stateReasonData: reasonData === undefined ? undefined : new JsonText(reasonData),
  };
}
