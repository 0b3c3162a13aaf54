import type { Context } from '../core/types.ts';
import {
  type Consumed,
  type ReturnConsumedCapacity,
  readUnits,
  transactionCapacities,
  writeConsumption,
} from './capacity.ts';
import { EmptyKeyError, isValidationError, validationError } from './errors.ts';
import { replaceItem } from './item-store.ts';
import { collectionMetrics, conditionHolds } from './item-writes.ts';
import { findStored } from './packed-item.ts';
import { digestOf, isReplay, rememberToken } from './request-tokens.ts';
import type { DynamoState, StoredItem, Table } from './state.ts';
import { itemTable } from './table-access.ts';
import { type CancellationReason, cancelled, LARGEST_TRANSACTION, NO_REASON, refuseRepetition } from './transaction.ts';
import {
  type PendingWrite,
  pendingCheck,
  pendingDelete,
  pendingPut,
  pendingUpdate,
  type WriteAction,
  type WriteInput,
} from './write-action.ts';

type ActionName = 'ConditionCheck' | 'Put' | 'Delete' | 'Update';
type TransactWriteItem = Partial<Record<ActionName, WriteInput>>;

interface TransactWriteItemsInput {
  TransactItems: TransactWriteItem[];
  ClientRequestToken?: string;
  ReturnConsumedCapacity?: ReturnConsumedCapacity;
  ReturnItemCollectionMetrics?: string;
}

/** An action whose request is well-formed, on its way to being one that can be applied. */
interface Step {
  input: WriteInput;
  table: Table;
  action: WriteAction | undefined;
  before: StoredItem | undefined;
  after: StoredItem | undefined;
  reason: CancellationReason;
}

const PREPARE: Record<ActionName, (input: WriteInput) => PendingWrite> = {
  ConditionCheck: pendingCheck,
  Put: pendingPut,
  Delete: pendingDelete,
  Update: pendingUpdate,
};

/** TransactWriteItems (API reference): everything is written, or nothing is. */
export function transactWriteItems(context: Context<DynamoState>, input: TransactWriteItemsInput) {
  const pending = input.TransactItems.map((item) => pendingAction(item));
  const steps = pending.map(({ action, prepared }) => located(itemTable(context, action.TableName), action, prepared));
  refuseRepetition(steps.map(({ table, action }) => ({ table, key: action?.key })));
  const token = input.ClientRequestToken;
  const digest = token === undefined ? '' : digestOf(input.TransactItems);
  if (token !== undefined && isReplay(context, token, digest)) return replayed(input, steps);
  for (const step of steps) evaluate(step);
  if (steps.some(({ reason }) => reason.Code !== 'None')) throw cancelled(steps.map(({ reason }) => reason));
  if (steps.reduce((size, { after }) => size + (after?.size ?? 0), 0) > LARGEST_TRANSACTION) {
    throw validationError('Transaction size exceeds the maximum of 4 MB');
  }
  const response = responseOf(input, steps);
  for (const { action, before, after } of steps) {
    if (action!.result !== undefined) replaceItem(context, action!.table, action!.key, before, after);
  }
  if (token !== undefined) rememberToken(context, token, digest);
  return response;
}

function pendingAction(item: TransactWriteItem): { action: WriteInput; prepared: PendingWrite } {
  const names = (Object.keys(PREPARE) as ActionName[]).filter((name) => item[name] !== undefined);
  if (names.length !== 1) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const action = item[names[0]!]!;
  return { action, prepared: PREPARE[names[0]!](action) };
}

/** A key that does not fit the table cancels the transaction; an empty one fails the request. */
function located(table: Table, input: WriteInput, prepared: PendingWrite): Step {
  const step = { input, table, before: undefined, after: undefined };
  try {
    return { ...step, action: prepared(table), reason: NO_REASON };
  } catch (error) {
    if (!isValidationError(error) || error instanceof EmptyKeyError) throw error;
    return { ...step, action: undefined, reason: { Code: 'ValidationError', Message: error.message } };
  }
}

function evaluate(step: Step): void {
  const { action } = step;
  if (action === undefined) return;
  step.before = findStored(action.table.items, action.key);
  if (!conditionHolds(action, step.before)) {
    step.reason = {
      Code: 'ConditionalCheckFailed',
      Message: 'The conditional request failed',
      ...(action.returnsItemOnFailure && step.before !== undefined && { Item: step.before.item }),
    };
    return;
  }
  try {
    step.after = action.result?.(step.before);
  } catch (error) {
    if (!isValidationError(error)) throw error;
    step.reason = { Code: 'ValidationError', Message: error.message };
  }
}

/** A repeated request changes nothing, and is accounted for as a read of what it wrote. */
function replayed(input: TransactWriteItemsInput, steps: readonly Step[]) {
  const sizes = steps.map((step): [Table, Consumed] => {
    const stored = step.action && findStored(step.table.items, step.action.key);
    return [step.table, { table: readUnits(stored?.size ?? 0, true), indexes: new Map() }];
  });
  return { ConsumedCapacity: transactionCapacities(input.ReturnConsumedCapacity, sizes, 'ReadCapacityUnits') };
}

function responseOf(input: TransactWriteItemsInput, steps: readonly Step[]) {
  const measured = input.ReturnConsumedCapacity === 'TOTAL' || input.ReturnConsumedCapacity === 'INDEXES';
  const consumed = (measured ? steps : []).map((step): [Table, Consumed] => {
    const after = step.action!.result === undefined ? step.before : step.after;
    return [step.table, writeConsumption(step.table, step.before, after)];
  });
  return {
    ConsumedCapacity: transactionCapacities(input.ReturnConsumedCapacity, consumed, 'WriteCapacityUnits'),
    ItemCollectionMetrics: input.ReturnItemCollectionMetrics === 'SIZE' ? metricsOf(steps) : undefined,
  };
}

function metricsOf(steps: readonly Step[]) {
  const metrics: Record<string, unknown[]> = Object.create(null);
  for (const { table, input } of steps) {
    const collection = collectionMetrics(table, input.Key ?? input.Item!);
    if (collection === undefined) continue;
    metrics[table.name] ??= [];
    metrics[table.name]!.push(collection);
  }
  return metrics;
}
