import { deadLetterQueueOf, logStreamOf, queueOf, SERVICES, TABLES, type TableName } from '../../domain/names.ts';
import { idOf, keyOf } from '../../domain/records.ts';
import type { Ports } from '../../ports.ts';
import type { Fact } from '../../topology/apply.ts';
import type { StackAdmin } from './admin.ts';
import { plural } from './counted.ts';
import type { StackNames } from './names.ts';
import { seed } from './seed.ts';

// As many keys are held as a few full batches take.
const CHUNK = 500;

/** Empties every queue, table, the bucket and the log group of a provisioned stack, then seeds it again. */
export async function* reset(ports: Ports, admin: StackAdmin, names: StackNames): AsyncGenerator<Fact> {
  const queues = SERVICES.flatMap((service) => [queueOf(service), deadLetterQueueOf(service)]);
  // Queues first and all at once: a message that is handled after its table was emptied would fail.
  const depths = await Promise.all(queues.map((queue) => purge(ports, queue)));
  for (const [index, queue] of queues.entries()) {
    yield fact(names.queue(queue), 'messages', depths[index]!, 'message');
  }
  const tables = await Promise.all(TABLES.map((table) => clearTable(ports, table)));
  for (const [index, table] of TABLES.entries()) yield fact(names.table(table), 'items', tables[index]!, 'item');
  yield fact(names.bucket, 'objects', await clearBucket(ports), 'object');
  yield fact(names.logGroup, 'log_streams', await admin.clearLogs(SERVICES.map(logStreamOf)), 'log stream');
  yield* seed(ports, names);
}

function fact(resource: string, kind: Fact['kind'], count: number, noun: string): Fact {
  return { resource, kind, action: count > 0 ? 'deleted' : 'unchanged', detail: plural(count, noun) };
}

async function purge({ queues }: Ports, queue: string): Promise<number> {
  const { ready, inFlight, delayed } = await queues.depth(queue);
  await queues.purge(queue);
  return ready + inFlight + delayed;
}

async function clearTable({ tables }: Ports, table: TableName): Promise<number> {
  let count = 0;
  let keys: Record<string, string>[] = [];
  const flush = async () => {
    await tables.deleteMany(table, keys);
    count += keys.length;
    keys = [];
  };
  for await (const item of tables.scan(table)) {
    if (keys.push(keyOf(table, idOf(table, item))) === CHUNK) await flush();
  }
  await flush();
  return count;
}

async function clearBucket({ bucket }: Ports): Promise<number> {
  let count = 0;
  let keys: string[] = [];
  for await (const { key } of bucket.list('')) {
    count++;
    if (keys.push(key) < CHUNK) continue;
    await bucket.deleteMany(keys);
    keys = [];
  }
  await bucket.deleteMany(keys);
  return count;
}
