import { Command } from 'commander';
import type { App } from '../../app.ts';
import { count, orderId } from '../../cli/arguments.ts';
import { receiptKeyOf } from '../../domain/names.ts';
import { parseReceipt, type Receipt } from '../../domain/receipt.ts';
import { keyOf } from '../../domain/records.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports, StoredObject } from '../../ports.ts';
import { ORDER } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import { type ReceiptRow, receiptsView, receiptView } from '../../views/receipts.ts';

export interface ReceiptsOptions {
  limit?: number;
}

const DEFAULT_LIMIT = 20;
const AT_ONCE = 16;
const FOLDER = 'receipts/';

type Deps = Pick<Ports, 'bucket' | 'tables'>;

export function inspectReceiptsCommand(app: App): Command {
  return new Command('receipts')
    .argument('[id]', 'order id, its beginning, or @last: print this receipt in full', orderId)
    .option('-L, --limit <n>', `at most so many, the newest (default ${DEFAULT_LIMIT})`, count)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer inspect receipts\n  $ cliffracer inspect receipts ord_01kb6p8zr3n8w2vq',
    )
    .action(async (id: string | undefined, options: ReceiptsOptions) => {
      const { ports } = await app.connect();
      if (id === undefined) await app.print.result(await receipts(ports, options), receiptsView);
      else await app.print.result({ receipt: await receipt(ports, await which(app, ORDER, id)) }, receiptView);
    });
}

/** The newest receipts: order ids sort by time, and so do the keys. */
export async function receipts(deps: Deps, options: ReceiptsOptions) {
  const { bucket } = deps;
  const limit = options.limit ?? DEFAULT_LIMIT;
  const newest: StoredObject[] = [];
  let total = 0;
  for await (const object of bucket.list(FOLDER)) {
    total++;
    if (newest.push(object) > limit) newest.shift();
  }
  const rows: ReceiptRow[] = [];
  const wanted = newest.reverse();
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const read = await Promise.all(wanted.slice(at, at + AT_ONCE).map((object) => rowOf(deps, object)));
    rows.push(...read);
  }
  return { receipts: rows, more: total > limit };
}

/** What lies there, whoever put it there; what `audit` finds wrong with it is said. */
async function rowOf({ bucket, tables }: Deps, { key, size, modifiedAt }: StoredObject): Promise<ReceiptRow> {
  const order_id = key.slice(FOLDER.length).replace(/\.json$/, '');
  const found = parseReceipt((await bucket.get(key))?.body ?? '');
  const stored_at = new Date(modifiedAt).toISOString();
  if (found === undefined) return { order_id, key, size, stored_at, problem: 'not a receipt of the shop' };
  const { customer_id, total_amount, fulfilled_at } = found;
  const items = found.items.reduce((sum, { quantity }) => sum + quantity, 0);
  const problem = await problemOf(order_id, found, tables);
  return { ...{ order_id, customer_id, total_amount, items, fulfilled_at, key, size, stored_at }, ...problem };
}

async function problemOf(id: string, found: Receipt, tables: Ports['tables']): Promise<{ problem?: string }> {
  if (found.order_id !== id) return { problem: `it names the order ${found.order_id}` };
  const order = await tables.get('orders', keyOf('orders', id));
  return order === undefined ? { problem: 'without an order' } : {};
}

/** One receipt; rejects with `not_found`. */
export async function receipt({ bucket }: Pick<Ports, 'bucket'>, orderId: string): Promise<Receipt> {
  const stored = await bucket.get(receiptKeyOf(orderId));
  const found = stored === undefined ? undefined : parseReceipt(stored.body);
  if (found !== undefined) return found;
  const why = stored === undefined ? 'no receipt for order' : 'the stored object is not a receipt: order';
  throw new CliffracerError('not_found', `${why} ${JSON.stringify(orderId)}`, {
    hint: `cliffracer order show ${orderId}`,
  });
}
