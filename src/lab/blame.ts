import { CliffracerError } from '../errors.ts';
import type { Call, Certainty, DeliveryRef, ItemEffect } from './calls/call.ts';
import { type AttributeChange, changesOf } from './calls/changes.ts';
import type { CallLog, Undone } from './calls/port.ts';
import { undoneText } from './calls/undone.ts';
import { findName } from './queues/find.ts';

const MOST_CALLS = 10_000;
const TABLE = { name: 'table', plural: 'tables', hint: 'cliffracer calls --service dynamodb' };

/** One change of an item, and who made it. */
export interface ItemChange {
  seq: number;
  at: string;
  caller: string;
  operation: string;
  key: string;
  change: 'created' | 'changed' | 'deleted';
  attributes: AttributeChange[];
  delivery: Pick<DeliveryRef, 'id' | 'message_id' | 'queue' | 'attempt'> | null;
  certainty: Certainty | null;
}

export interface BlameReport {
  table: string;
  key: string;
  /** Newest first. */
  changes: ItemChange[];
  /** The oldest call that is kept. */
  log_begins: number;
  /** Writes of it that a loaded snapshot or a reset has undone. */
  undone: Undone | null;
}

/**
 * Every change of an item, newest first; `key` is the partition key, with the sort key behind a slash. Without the sort key
 * those of all items of the partition. The beginning of a table's name is enough. Rejects with `not_found` where there is no
 * such table, or the log has no change of the item.
 */
export async function blame(log: CallLog, given: string, key: string, attribute?: string): Promise<BlameReport> {
  const { table, all, first, undone } = await changesOfItem(log, given, key);
  const changes = attribute === undefined ? all : all.flatMap((change) => only(change, attribute));
  return { table, key, changes: changes.reverse(), log_begins: first, undone };
}

async function changesOfItem(log: CallLog, given: string, key: string) {
  const read = async (table: string) => {
    const query = { resource: `table/${table}/${key}`, writes: true, present: true, last: true, limit: MOST_CALLS };
    const { calls, first, undone } = await log.page(query);
    return { table, all: calls.flatMap((call) => changesIn(call, table, key)), first, undone };
  };
  let found = await read(given);
  // A table that was deleted has its changes in the log all the same.
  if (found.all.length === 0 && found.undone === null) {
    const table = findName(TABLE, await log.tables(), given);
    if (table !== given) found = await read(table);
  }
  if (found.all.length === 0) throw notFound(found.table, key, found.first, found.undone);
  return found;
}

function notFound(table: string, key: string, first: number, undone: Undone | null): CliffracerError {
  const since = first > 1 ? `, which begins at call ${first}` : '';
  const why = undone === null ? '' : `: ${undoneText(undone)}`;
  return new CliffracerError(
    'not_found',
    `no change of ${JSON.stringify(key)} in the table ${table} is in the call log${since}${why}`,
    { hint: `cliffracer calls --resource table/${table} --writes${undone === null ? '' : ' --undone'}` },
  );
}

function changesIn(call: Call, table: string, key: string): ItemChange[] {
  const { seq, at, caller, operation, certainty } = call;
  return call.effects
    .filter((effect): effect is ItemEffect & { delivery?: string | null } => effect.kind === 'item')
    .filter((effect) => effect.table === table && (effect.key === key || effect.key.startsWith(`${key}/`)))
    .map((effect) => ({
      ...{ seq, at, caller, operation, key: effect.key, certainty },
      change: effect.before === null ? 'created' : effect.after === null ? 'deleted' : 'changed',
      attributes: changesOf(effect),
      delivery: call.deliveries.find(({ id }) => id === effect.delivery) ?? null,
    }));
}

/** An attribute, what lies below it, or the map that came or went with it. */
function only(change: ItemChange, wanted: string): ItemChange[] {
  const attributes = change.attributes.filter(
    ({ attribute }) => attribute === wanted || attribute.startsWith(`${wanted}.`) || wanted.startsWith(`${attribute}.`),
  );
  return attributes.length === 0 ? [] : [{ ...change, attributes }];
}
