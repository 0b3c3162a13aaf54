import type { StoredItem } from '../../../lab/calls/call.ts';
import type { Condition } from '../../../lab/stores/port.ts';
import { type ConsoleDeps, type Routes, reads, writes } from '../deps.ts';

const MOST = 200;

/** `tables`, their items, and changes of one. */
export const tableRoutes = ({ stores: { tables } }: ConsoleDeps): Routes => ({
  tables: reads(async () => ({ tables: await tables.list() })),
  'tables/items': reads((input) => {
    const [key, index] = [input.objects<Condition>('key'), input.maybeText('index')];
    const after = input.maybeObject<StoredItem>('after');
    return tables.items({
      table: input.text('table'),
      ...(index && { index }),
      ...(key.length > 0 && { key }),
      filter: input.objects<Condition>('filter'),
      ...(after !== undefined && { after }),
      newestFirst: input.flag('newest_first'),
      limit: Math.max(1, Math.min(MOST, input.maybeCount('limit', MOST) ?? 50)),
    });
  }),
  'tables/put': writes(async (input) => {
    await tables.put(
      input.text('table'),
      input.object<StoredItem>('item'),
      input.maybeObject<StoredItem>('was') ?? null,
    );
    return {};
  }),
  'tables/delete': writes(async (input) => {
    await tables.delete(input.text('table'), input.object<StoredItem>('key'));
    return {};
  }),
});
