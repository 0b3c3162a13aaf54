import { receiptKeyOf } from '../../domain/names.ts';
import { parseReceipt } from '../../domain/receipt.ts';
import type { OrderRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import type { ReceiptLedger } from './receipt-ledger.ts';
import { paged, storiesOf } from './stories.ts';
import { hasShipped, type OrderStory, receiptFault } from './story.ts';

const RECEIPTS = 'receipts/';
const READS = 16;

/** A receipt that is missing or wrong; `story` is that of the order that should have it. */
export interface ReceiptFault {
  order_id: string;
  detail: string;
  story?: OrderStory;
}

/** Reads the receipts of orders that have shipped, and tells what is wrong with each. */
export async function receiptFaults(
  bucket: Ports['bucket'],
  stories: readonly OrderStory[],
): Promise<(string | undefined)[]> {
  const faults: (string | undefined)[] = [];
  for (let start = 0; start < stories.length; start += READS) {
    const some = stories.slice(start, start + READS);
    faults.push(...(await Promise.all(some.map((story) => receiptFaultOf(bucket, story)))));
  }
  return faults;
}

async function receiptFaultOf(bucket: Ports['bucket'], story: OrderStory): Promise<string | undefined> {
  const stored = await bucket.get(receiptKeyOf(story.order.order_id));
  const receipt = stored && (parseReceipt(stored.body) ?? 'unreadable');
  try {
    return receiptFault(story, receipt);
  } catch (error) {
    return `the receipt cannot be read: ${String(error)}`;
  }
}

/** Adds what receipts there are. */
export async function listReceipts(bucket: Ports['bucket'], ledger: ReceiptLedger): Promise<void> {
  for await (const { key, etag } of bucket.list(RECEIPTS)) ledger.found(key, etag);
}

/** Goes through what the ledger finds doubtful: orders that should have a receipt, then receipts that should not be. */
export async function* doubtfulReceipts(
  { tables, bucket }: Pick<Ports, 'tables' | 'bucket'>,
  ledger: ReceiptLedger,
): AsyncGenerator<ReceiptFault> {
  for await (const page of paged(tables.scan('orders'))) {
    const orders = (page as OrderRecord[]).filter(({ order_id }) => ledger.isDoubtful(receiptKeyOf(order_id)));
    const stories = await storiesOf(
      tables,
      orders.map((order) => ({ order })),
    );
    const shipped = stories.filter(hasShipped);
    const faults = await receiptFaults(bucket, shipped);
    for (const [index, story] of shipped.entries()) {
      const detail = faults[index];
      if (detail !== undefined) yield { order_id: story.order.order_id, detail, story };
    }
  }
  for await (const page of paged(bucket.list(RECEIPTS))) {
    const ids = page.filter(({ key }) => ledger.isDoubtful(key)).map(({ key }) => idInKey(key));
    yield* await strays(tables, ids);
  }
}

async function strays(tables: Ports['tables'], ids: readonly string[]): Promise<ReceiptFault[]> {
  const orders = await tables.getMany(ids.map((order_id) => ({ table: 'orders', key: { order_id } })));
  const known = orders.filter((order) => order !== undefined) as OrderRecord[];
  const stories = await storiesOf(
    tables,
    known.map((order) => ({ order })),
  );
  const byId = new Map(stories.map((story) => [story.order.order_id, story]));
  return ids.flatMap((order_id) => {
    const story = byId.get(order_id);
    if (story !== undefined && hasShipped(story)) return [];
    const whose = story === undefined ? 'without an order' : `for an order that is ${story.order.status}`;
    return [{ order_id, detail: `a receipt ${whose}` }];
  });
}

const idInKey = (key: string): string => key.slice(RECEIPTS.length).replace(/\.json$/, '');
