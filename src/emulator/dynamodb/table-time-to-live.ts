import type { Context } from '../core/types.ts';
import { validationError } from './errors.ts';
import type { DynamoState } from './state.ts';
import { namedTable } from './table-access.ts';
import { startTimeToLive } from './time-to-live.ts';

interface TimeToLiveSpecification {
  Enabled: boolean;
  AttributeName: string;
}

/** "It can take up to one hour for the change to fully process", and until then there is no other (API reference). */
const CHANGE_MS = 3_600_000;

/** UpdateTimeToLive. The change is done at once; another one is refused within the hour, as on AWS. */
export function updateTimeToLive(
  context: Context<DynamoState>,
  input: { TableName: string; TimeToLiveSpecification: TimeToLiveSpecification },
) {
  const table = namedTable(context, input.TableName);
  const { Enabled, AttributeName } = input.TimeToLiveSpecification;
  const current = table.timeToLive?.attribute;
  if (Enabled && current === AttributeName) throw validationError('TimeToLive is already enabled');
  if (!Enabled && current === undefined) throw validationError('TimeToLive is already disabled');
  if (current !== undefined && current !== AttributeName) {
    throw validationError(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
  }
  if (table.timeToLiveChangedAt !== undefined && context.now - table.timeToLiveChangedAt < CHANGE_MS) {
    throw validationError('Time to live has been modified multiple times within a fixed interval');
  }
  table.timeToLiveChangedAt = context.now;
  if (Enabled) startTimeToLive(context, table, AttributeName);
  else table.timeToLive = undefined;
  return { TimeToLiveSpecification: { Enabled, AttributeName } };
}

export function describeTimeToLive(context: Context<DynamoState>, input: { TableName: string }) {
  const attribute = namedTable(context, input.TableName).timeToLive?.attribute;
  return {
    TimeToLiveDescription: {
      TimeToLiveStatus: attribute === undefined ? 'DISABLED' : 'ENABLED',
      AttributeName: attribute,
    },
  };
}
