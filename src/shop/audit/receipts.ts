import { receiptKeyOf } from '../../domain/names.ts';
import { parseReceipt } from '../../domain/receipt.ts';
import type { OrderRecord } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import { hasShipped, type OrderSnapshot, receiptFault } from './order-snapshot.ts';
import { paged, snapshotsOf } from './order-snapshots.ts';
import type { ReceiptLedger } from './receipt-ledger.ts';

const RECEIPTS = 'receipts/';
const READS = 16;

/** A receipt that is missing or wrong; `snapshot` is that of the order that should have it. */
export interface ReceiptFault {
  order_id: string;
  detail: string;
  snapshot?: OrderSnapshot;
}

/** Reads the receipts of shipped orders, and says what is wrong with each. */
export async function receiptFaults(
  bucket: Ports['bucket'],
  snapshots: readonly OrderSnapshot[],
): Promise<(string | undefined)[]> {
  const faults: (string | undefined)[] = [];
  for (let start = 0; start < snapshots.length; start += READS) {
    const some = snapshots.slice(start, start + READS);
    faults.push(...(await Promise.all(some.map((snapshot) => receiptFaultOf(bucket, snapshot)))));
  }
  return faults;
}

async function receiptFaultOf(bucket: Ports['bucket'], snapshot: OrderSnapshot): Promise<string | undefined> {
  const stored = await bucket.get(receiptKeyOf(snapshot.order.order_id));
  const receipt = stored && (parseReceipt(stored.body) ?? 'unreadable');
  try {
    return receiptFault(snapshot, receipt);
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
    const snapshots = await snapshotsOf(
      tables,
      orders.map((order) => ({ order })),
    );
    const shipped = snapshots.filter(hasShipped);
    const faults = await receiptFaults(bucket, shipped);
    for (const [index, snapshot] of shipped.entries()) {
      const detail = faults[index];
      if (detail !== undefined) yield { order_id: snapshot.order.order_id, detail, snapshot };
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
  const snapshots = await snapshotsOf(
    tables,
    known.map((order) => ({ order })),
  );
  const byId = new Map(snapshots.map((snapshot) => [snapshot.order.order_id, snapshot]));
  return ids.flatMap((order_id) => {
    const snapshot = byId.get(order_id);
    if (snapshot !== undefined && hasShipped(snapshot)) return [];
    const whose = snapshot === undefined ? 'without an order' : `for an order that is ${snapshot.order.status}`;
    return [{ order_id, detail: `a receipt ${whose}` }];
  });
}

const idInKey = (key: string): string => key.slice(RECEIPTS.length).replace(/\.json$/, '');
