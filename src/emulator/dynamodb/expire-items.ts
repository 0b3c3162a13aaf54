import type { Context } from '../core/types.ts';
import { replaceItem } from './item-store.ts';
import { findStored } from './packed-item.ts';
import type { DynamoState } from './state.ts';
import { armExpiry, expiryOf } from './time-to-live.ts';
import { walkTree } from './tree.ts';

/** Timer: deletes the items of a table whose time to live has ended. */
export function expireItems(context: Context<DynamoState>, ref: string): string | undefined {
  const [name = '', id] = ref.split('/');
  const table = context.state.tables.get(name);
  // A timer that was not the last one asked for has been overtaken by an earlier one, which did its work.
  if (table?.timeToLive === undefined || table.id !== id || table.timeToLive.timerAt !== context.now) return undefined;
  const { timeToLive } = table;
  timeToLive.timerAt = Number.POSITIVE_INFINITY;
  const expired: string[] = [];
  let next: number | undefined;
  walkTree(timeToLive.expiries, { low: undefined, high: undefined }, false, (_, key) => {
    const at = expiryOf(timeToLive, findStored(table.items, key)!.item)!;
    if (at <= context.now) expired.push(key);
    else next = at;
    return next === undefined;
  });
  for (const key of expired) replaceItem(context, table, key, findStored(table.items, key), undefined);
  if (next !== undefined) armExpiry(context, table, next);
  if (expired.length === 0) return undefined;
  return `time to live ended for ${expired.length} ${expired.length === 1 ? 'item' : 'items'} of table ${name}`;
}
