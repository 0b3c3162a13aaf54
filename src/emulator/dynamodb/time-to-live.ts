import type { Context } from '../core/types.ts';
import { numberSortKey } from './number.ts';
import { walkStored } from './packed-item.ts';
import type { DynamoState, Table, TimeToLive } from './state.ts';
import { createTree, deleteEntry, setEntry } from './tree.ts';
import { attributeOf, type Item } from './value.ts';

/**
 * Developer Guide, Time to Live: an item whose attribute holds a Number of seconds since the epoch that is past is
 * deleted, unless it is past by more than five years, which is taken for a mistake. AWS needs up to a few days for it;
 * here it happens in the first second after.
 */
const LONGEST_PAST_MS = 5 * 365 * 86_400_000;

export function startTimeToLive(context: Context<DynamoState>, table: Table, attribute: string): void {
  table.timeToLive = { attribute, expiries: createTree(), timerAt: Number.POSITIVE_INFINITY };
  walkStored(table.items, { low: undefined, high: undefined }, false, (key, { item }) => {
    noteExpiry(context, table, key, item);
    return true;
  });
}

/** When the item is to be deleted, in milliseconds; undefined when its attribute is missing or not a Number. */
export function expiryOf(timeToLive: TimeToLive, item: Item): number | undefined {
  const seconds = attributeOf(item, timeToLive.attribute)?.N;
  return seconds === undefined ? undefined : (Math.floor(Number(seconds)) + 1) * 1000;
}

function expiryKey(at: number, key: string): string {
  // Engine times are whole; the plain notation of huge ones is what the number code expects.
  return `${numberSortKey(BigInt(at).toString())}\0${key}`;
}

export function noteExpiry(context: Context<DynamoState>, table: Table, key: string, item: Item): void {
  const timeToLive = table.timeToLive!;
  const at = expiryOf(timeToLive, item);
  if (at === undefined || at < context.now - LONGEST_PAST_MS) return;
  setEntry(timeToLive.expiries, expiryKey(at, key), key);
  armExpiry(context, table, at);
}

export function forgetExpiry(timeToLive: TimeToLive, key: string, item: Item): void {
  const at = expiryOf(timeToLive, item);
  if (at !== undefined) deleteEntry(timeToLive.expiries, expiryKey(at, key));
}

/** Asks for a timer at `at` unless an earlier one is pending, which will ask again. */
export function armExpiry(context: Context<DynamoState>, table: Table, at: number): void {
  const due = Math.max(at, context.now);
  if (due >= table.timeToLive!.timerAt) return;
  table.timeToLive!.timerAt = due;
  context.schedule(due, 'expire', `${table.name}/${table.id}`);
}
