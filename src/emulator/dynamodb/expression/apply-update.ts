import { validationError } from '../errors.ts';
import { addNumbers, negatedNumber } from '../number.ts';
import {
  type AttributeValue,
  type Item,
  setAttribute,
  setMembers,
  sortedBytes,
  sortedNumbers,
  sortedStrings,
  typeOf,
} from '../value.ts';
import type { Path, UpdateAction, UpdateOperand } from './ast.ts';
import { valueAt } from './paths.ts';

/**
 * The item that an update makes of another. Every operand is read from the item as it was, whatever the order of the
 * actions (Developer Guide, Update expressions); the old item stays as it is, and shares what has not changed.
 */
export function applyUpdate(item: Item, actions: readonly UpdateAction<AttributeValue>[]): Item {
  const values = actions.map((action) => (action.action === 'SET' ? evaluate(action.value, item) : undefined));
  const edit: Edit = { original: undefined, changes: new Map() };
  actions.forEach((action, at) => {
    const place = parentOf(edit, item, action.path);
    const value = values[at] ?? resultOf(action, item);
    if (value !== KEPT) place.changes.set(action.path[action.path.length - 1]!, { value });
  });
  return editedMap(item, edit);
}

/** Marks a place that an action leaves alone. */
const KEPT = Symbol('kept');

/** Changes below one place of the document; a leaf's value is what is to stand there, undefined for nothing. */
interface Edit {
  original: AttributeValue | undefined;
  changes: Map<string | number, Edit | { value: AttributeValue | undefined }>;
}

function resultOf(action: UpdateAction<AttributeValue>, item: Item): AttributeValue | undefined | typeof KEPT {
  if (action.action !== 'ADD' && action.action !== 'DELETE') return undefined;
  const existing = valueAt(item, action.path);
  // What does not exist yet is zero, or empty.
  if (existing === undefined) return action.action === 'ADD' ? action.value : KEPT;
  if (existing[typeOf(action.value)] === undefined) {
    // Dynalite, test/updateItem.js, validated on AWS.
    throw action.legacy === true ? validationError('Type mismatch for attribute to update') : wrongType();
  }
  return action.action === 'ADD' ? added(existing, action.value) : withoutMembers(existing, action.value);
}

/** The list or map, down in the document, that holds what a path names. */
function parentOf(edit: Edit, item: Item, path: Path): Edit {
  let place = edit;
  for (let at = 0; at < path.length - 1; at++) {
    const part = path[at]!;
    const below = (place.changes.get(part) as Edit | undefined) ?? {
      original: valueAt(item, path.slice(0, at + 1)),
      changes: new Map(),
    };
    const fits = typeof path[at + 1] === 'number' ? below.original?.L : below.original?.M;
    if (fits === undefined) {
      throw validationError('The document path provided in the update expression is invalid for update');
    }
    place.changes.set(part, below);
    place = below;
  }
  return place;
}

function editedMap(map: Item, edit: Edit): Item {
  const edited = { ...map };
  for (const [name, change] of edit.changes) {
    const value = editedValue(change);
    if (value === undefined) delete edited[name as string];
    else setAttribute(edited, name as string, value);
  }
  return edited;
}

function editedValue(change: Edit | { value: AttributeValue | undefined }): AttributeValue | undefined {
  if ('value' in change) return change.value;
  if (change.original!.M !== undefined) return { M: editedMap(change.original!.M, change) };
  return { L: editedList(change.original!.L!, change) };
}

/** Indexes are those of the list as it was; elements set beyond its end are appended in the order of their indexes. */
function editedList(list: readonly AttributeValue[], edit: Edit): AttributeValue[] {
  const edited: (AttributeValue | undefined)[] = [...list];
  const beyond: [number, AttributeValue | undefined][] = [];
  for (const [at, change] of edit.changes as Map<number, Edit | { value: AttributeValue | undefined }>) {
    if (at < list.length) edited[at] = editedValue(change);
    else beyond.push([at, editedValue(change)]);
  }
  beyond.sort(([a], [b]) => a - b);
  return [...edited, ...beyond.map(([, value]) => value)].filter((value) => value !== undefined);
}

function evaluate(operand: UpdateOperand<AttributeValue>, item: Item): AttributeValue {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') {
    const value = valueAt(item, operand.path);
    if (value !== undefined) return value;
    throw validationError('The provided expression refers to an attribute that does not exist in the item');
  }
  const [first, second] = operand.operands as [UpdateOperand<AttributeValue>, UpdateOperand<AttributeValue>];
  if (operand.kind === 'if_not_exists') {
    return valueAt(item, (first as { path: Path }).path) ?? evaluate(second, item);
  }
  if (operand.kind === 'list_append') return { L: [...evaluateTo('L', first, item), ...evaluateTo('L', second, item)] };
  const left = evaluateTo('N', first, item);
  const right = evaluateTo('N', second, item);
  return { N: addNumbers(left, operand.kind === '+' ? right : negatedNumber(right)) };
}

function evaluateTo<T extends 'L' | 'N'>(
  type: T,
  operand: UpdateOperand<AttributeValue>,
  item: Item,
): NonNullable<AttributeValue[T]> {
  const value = evaluate(operand, item)[type];
  if (value === undefined) throw wrongType();
  return value;
}

function wrongType(): Error {
  return validationError('An operand in the update expression has an incorrect data type');
}

/** ADD: the sum of numbers, the union of sets. */
function added(existing: AttributeValue, value: AttributeValue): AttributeValue {
  const type = typeOf(value);
  if (type === 'N') return { N: addNumbers(existing.N!, value.N!) };
  if (type === 'L') return { L: [...existing.L!, ...value.L!] };
  return union(existing, value);
}

function union(existing: AttributeValue, value: AttributeValue): AttributeValue {
  const members = new Set(setMembers(existing));
  const fresh = setMembers(value)!.map((member) => !members.has(member));
  if (value.SS !== undefined) return { SS: sortedStrings([...existing.SS!, ...value.SS.filter((_, at) => fresh[at])]) };
  if (value.NS !== undefined) return { NS: sortedNumbers([...existing.NS!, ...value.NS.filter((_, at) => fresh[at])]) };
  return { BS: sortedBytes([...existing.BS!, ...value.BS!.filter((_, at) => fresh[at])]) };
}

/** DELETE: a set without some members; a set that loses its last one goes, because no set is empty. */
function withoutMembers(existing: AttributeValue, value: AttributeValue): AttributeValue | undefined {
  const removed = new Set(setMembers(value));
  const kept = setMembers(existing)!.map((member) => !removed.has(member));
  if (!kept.includes(true)) return undefined;
  if (existing.SS !== undefined) return { SS: existing.SS.filter((_, at) => kept[at]) };
  if (existing.NS !== undefined) return { NS: existing.NS.filter((_, at) => kept[at]) };
  return { BS: existing.BS!.filter((_, at) => kept[at]) };
}

/** Top-level attributes that an update touches. */
export function touchedNames(actions: readonly UpdateAction<AttributeValue>[]): Set<string> {
  return new Set(actions.map((action) => action.path[0] as string));
}

/** Values that an update gives to whole attributes, known before the item is. */
export function givenValues(actions: readonly UpdateAction<AttributeValue>[]): Map<string, AttributeValue> {
  const values = new Map<string, AttributeValue>();
  for (const action of actions) {
    if (action.path.length > 1) continue;
    const name = action.path[0] as string;
    if (action.action === 'ADD') values.set(name, action.value);
    else if (action.action === 'SET' && action.value.kind === 'value') values.set(name, action.value.value);
  }
  return values;
}
