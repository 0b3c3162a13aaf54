import { invalidParameters, validationError } from './errors.ts';
import { applyUpdate, givenValues, touchedNames } from './expression/apply-update.ts';
import type { Condition, UpdateAction } from './expression/ast.ts';
import { valueAt } from './expression/paths.ts';
import { type ExpressionInput, readExpressions } from './expression/request.ts';
import { checkIndexKeys, checkResultingIndexKeys, checkUpdatedIndexKeys } from './index-key.ts';
import { LARGEST_ITEM } from './item-size.ts';
import { storedItem } from './item-store.ts';
import { checkItemKey, checkKey, keyAttributes, primaryKey } from './key.ts';
import { refusePathsIntoKeys } from './key-paths.ts';
import { expectationOf, type LegacyExpectation } from './legacy-conditions.ts';
import { type LegacyUpdate, updateActionsOf } from './legacy-updates.ts';
import type { StoredItem, Table } from './state.ts';
import { type AttributeValue, checkDepth, checkedItem, type Item } from './value.ts';

/** Parameters of all writes of one item, alone or in a transaction. */
export interface WriteInput extends ExpressionInput {
  TableName: string;
  Item?: Item;
  Key?: Item;
  Expected?: Record<string, LegacyExpectation>;
  AttributeUpdates?: Record<string, LegacyUpdate>;
  ConditionalOperator?: string;
  ReturnValuesOnConditionCheckFailure?: string;
}

/** A write of one item, checked as far as that goes without the item that is there. */
export interface WriteAction {
  table: Table;
  key: string;
  condition: Condition<AttributeValue> | undefined;
  returnsItemOnFailure: boolean;
  /** Undefined for a condition check, which writes nothing. */
  result: ((before: StoredItem | undefined) => StoredItem | undefined) | undefined;
}

/** A write whose request is well-formed; what depends on the table is checked when it is met. */
export type PendingWrite = (table: Table) => WriteAction;

function conditionIn(input: WriteInput, condition: Condition<AttributeValue> | undefined) {
  return condition ?? expectationOf(input.Expected, input.ConditionalOperator);
}

function actionOn(
  table: Table,
  input: WriteInput,
  condition: Condition<AttributeValue> | undefined,
  keyed: Item,
): WriteAction {
  refusePathsIntoKeys(table, condition, undefined);
  return {
    table,
    key: primaryKey(table.key, keyed),
    condition,
    returnsItemOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
    result: undefined,
  };
}

export function pendingPut(input: WriteInput): PendingWrite {
  const expressions = readExpressions(input, ['ConditionExpression'], ['Expected', 'ConditionalOperator']);
  const condition = conditionIn(input, expressions.condition);
  const stored = storedItem(checkedItem(input.Item!));
  if (stored.size > LARGEST_ITEM) throw validationError('Item size has exceeded the maximum allowed size');
  return (table) => {
    checkItemKey(table, stored.item);
    checkIndexKeys(table, stored.item);
    return { ...actionOn(table, input, condition, stored.item), result: () => stored };
  };
}

export function pendingDelete(input: WriteInput): PendingWrite {
  const check = pendingCheck(input);
  return (table) => ({ ...check(table), result: () => undefined });
}

export function pendingCheck(input: WriteInput): PendingWrite {
  const expressions = readExpressions(input, ['ConditionExpression'], ['Expected', 'ConditionalOperator']);
  const condition = conditionIn(input, expressions.condition);
  const key = checkedItem(input.Key!);
  return (table) => {
    checkKey(table, key);
    return actionOn(table, input, condition, key);
  };
}

export function pendingUpdate(input: WriteInput): PendingWrite & { actions: UpdateAction<AttributeValue>[] } {
  const expressions = readExpressions(
    input,
    ['UpdateExpression', 'ConditionExpression'],
    ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
  );
  const key = checkedItem(input.Key!);
  const actions = expressions.update ?? updateActionsOf(input.AttributeUpdates ?? {});
  const condition = conditionIn(input, expressions.condition);
  // Nothing but removing attributes of an item that is not there makes no item, and no path in it is looked at.
  const makesItem = actions.length === 0 || actions.some(({ action }) => action === 'SET' || action === 'ADD');
  const pending = (table: Table): WriteAction => {
    checkKey(table, key);
    checkTouchedKeys(table, actions);
    return {
      ...actionOn(table, input, condition, key),
      result: (before) =>
        before === undefined && !makesItem ? undefined : updatedItem(table, before?.item ?? key, actions),
    };
  };
  return Object.assign(pending, { actions });
}

function checkTouchedKeys(table: Table, actions: readonly UpdateAction<AttributeValue>[]): void {
  const touched = touchedNames(actions);
  for (const { name } of keyAttributes(table.key)) {
    if (touched.has(name)) {
      throw invalidParameters(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
  checkUpdatedIndexKeys(table, givenValues(actions));
  refusePathsIntoKeys(
    table,
    undefined,
    actions.map((action) => action.path),
  );
}

function updatedItem(table: Table, item: Item, actions: readonly UpdateAction<AttributeValue>[]): StoredItem {
  const updated = storedItem(applyUpdate(item, actions));
  if (updated.size > LARGEST_ITEM) {
    throw validationError('Item size to update has exceeded the maximum allowed size');
  }
  for (const { path } of actions) {
    const value = path.length > 1 ? valueAt(updated.item, path) : undefined;
    if (value !== undefined) checkDepth(value, path.length);
  }
  checkResultingIndexKeys(table, updated.item, touchedNames(actions));
  return updated;
}
