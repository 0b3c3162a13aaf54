import type { TableName } from '../../domain/names.ts';
import { type Item, keyOf } from '../../domain/records.ts';
import type { TablePort } from '../../ports.ts';
import type { Change, State, StateKey } from '../../services/effects.ts';
import { afterChange, changedId } from './transaction.ts';

/**
 * The records that a batch of messages has loaded. They may be stale, which the conditions of writes detect; writes of
 * the batch itself are applied, so that each message sees the changes of the ones before it.
 */
export class BatchState {
  readonly #items = new Map<string, Item | undefined>();
  /** Records as they will be when the changes that were assumed are written. */
  readonly #assumed = new Map<string, Item | undefined>();
  readonly #tables: TablePort;

  constructor(tables: TablePort) {
    this.#tables = tables;
  }

  readonly state: State = (table, id) => {
    const slot = slotOf(table, id);
    if (!this.#items.has(slot)) throw new Error(`${table} ${id} was not loaded`);
    return this.#assumed.has(slot) ? this.#assumed.get(slot) : this.#items.get(slot);
  };

  /** Loads or reloads records in one batch. */
  async load(keys: readonly StateKey[]): Promise<void> {
    const wanted = new Map(keys.map((key) => [slotOf(key.table, key.id), key]));
    if (wanted.size === 0) return;
    const found = await this.#tables.getMany(
      [...wanted.values()].map(({ table, id }) => ({ table, key: keyOf(table, id) })),
    );
    [...wanted.keys()].forEach((slot, index) => {
      this.#items.set(slot, found[index]);
    });
  }

  /** Applies a change that was written. */
  apply(change: Change): void {
    this.#change(this.#items, change);
  }

  /** Applies a change that is to be written with others. */
  assume(change: Change): void {
    this.#change(this.#assumed, change);
  }

  /** Keeps what was assumed when it was written, and drops it otherwise. */
  settle(written: boolean): void {
    if (written) for (const [slot, item] of this.#assumed) this.#items.set(slot, item);
    this.#assumed.clear();
  }

  #change(items: Map<string, Item | undefined>, change: Change): void {
    const { table } = change;
    const id = changedId(change);
    const slot = slotOf(table, id);
    if (this.#items.has(slot)) items.set(slot, afterChange(this.state(table, id), change));
  }
}

/** One record, as a key of maps. */
export const slotOf = (table: TableName, id: string) => `${table} ${id}`;
