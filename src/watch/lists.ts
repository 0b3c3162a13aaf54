import { plainValue } from '../lab/calls/changes.ts';
import type { WatchedEngine } from '../lab/watch/port.ts';
import type { Entries, Entry, ListName } from './ui.ts';

const MOST_ORDERS = 1_000;
const MOST_OBJECTS = 500;
const MOST_LINES = 200;
const MOST_METRICS = 1_000;

/** Names of the shop's own resources. */
export interface ShopNames {
  orders: string;
}

/** Reads a list that is no stream of what happens. Rejects as the engine's methods do. */
export async function readList(engine: WatchedEngine, list: ListName, shop: ShopNames): Promise<Entries | undefined> {
  switch (list) {
    case 'orders':
      return orders(engine, shop);
    case 'tables':
      return tables(engine);
    case 's3':
      return objects(engine);
    case 'metrics':
      return metrics(engine);
    case 'logs':
      return logs(engine);
    default:
      return undefined;
  }
}

const TONES: Readonly<Record<string, Entry['tone']>> = {
  ...{ fulfilled: 'green', rejected: 'yellow', cancelled: 'yellow', failed: 'red', declined: 'red' },
};

/** The shop's orders, the latest change first; an engine without the shop has none. */
async function orders(engine: WatchedEngine, { orders: table }: ShopNames): Promise<Entries> {
  const isThere = (await engine.tables()).some(({ name }) => name === table);
  const { items } = isThere ? await engine.items(table, MOST_ORDERS) : { items: [] };
  const rows = items.map(({ key, item }) => {
    const text = (name: string) => String(item[name] === undefined ? '' : plainValue(item[name]));
    const status = text('status');
    const tone = TONES[status];
    const cells = [key, status, text('customer_id'), text('total_amount'), text('updated_at')];
    return { id: key, cells, ...(tone && { tone }), subject: { kind: 'trace' as const, id: `${table}/${key}` } };
  });
  rows.sort((a, b) => (a.cells[4]! < b.cells[4]! ? 1 : -1));
  return { list: 'orders', titles: ['ORDER', 'STATUS', 'CUSTOMER', 'TOTAL', 'UPDATED'], rows };
}

async function tables(engine: WatchedEngine): Promise<Entries> {
  const rows = (await engine.tables()).map(({ name, items, bytes, keys }) => ({
    ...{ id: name, cells: [name, String(items), size(bytes), keys.join(', ')] },
    subject: { kind: 'items' as const, table: name },
  }));
  return { list: 'tables', titles: ['TABLE', 'ITEMS', 'SIZE', 'KEY'], rows };
}

async function objects(engine: WatchedEngine): Promise<Entries> {
  const buckets = await engine.buckets();
  const rows = await Promise.all(
    buckets.map(async ({ name: bucket }): Promise<Entry[]> => {
      const found = await engine.objects(bucket, MOST_OBJECTS);
      return found.map(({ key, size: bytes, modified_at }) => ({
        ...{ id: `${bucket}/${key}`, cells: [bucket, key, size(bytes), modified_at.slice(0, 19)] },
        subject: { kind: 'object', bucket, key },
      }));
    }),
  );
  return { list: 's3', titles: ['BUCKET', 'KEY', 'SIZE', 'CHANGED'], rows: rows.flat() };
}

async function metrics(engine: WatchedEngine): Promise<Entries> {
  const { metrics: found, alarms } = await engine.metrics();
  const alarmRows = alarms.map(({ name, state, reason, since }): Entry => {
    const tone = state === 'ALARM' ? 'red' : state === 'OK' ? 'green' : 'dim';
    const text = `${state} since ${since}\n${reason}`;
    return {
      id: `alarm/${name}`,
      cells: ['alarm', name, '', state],
      tone,
      subject: { kind: 'text', title: name, text },
    };
  });
  const rows = found.slice(0, MOST_METRICS).map((metric): Entry => {
    const { namespace, name, dimensions, latest } = metric;
    const of = dimensions.map((dimension) => `${dimension.name}=${dimension.value}`).join(' ');
    const [value] = latest;
    const average = value === undefined ? '' : `${round(value.sum / value.count)} (${value.count})`;
    const text = JSON.stringify(metric);
    const id = JSON.stringify([namespace, name, dimensions]);
    return { id, cells: [namespace, name, of, average], subject: { kind: 'text', title: name, text } };
  });
  return { list: 'metrics', titles: ['NAMESPACE', 'METRIC', 'OF', 'LATEST'], rows: [...alarmRows, ...rows] };
}

/** The newest lines of all groups, the newest first. */
async function logs(engine: WatchedEngine): Promise<Entries> {
  const groups = await engine.logGroups();
  const found = await Promise.all(groups.map(async ({ name }) => engine.logEvents(name, MOST_LINES)));
  const lines = found.flat().sort((a, b) => (a.at < b.at ? 1 : -1));
  const rows = lines.slice(0, MOST_LINES).map(({ at, stream, message }, index) => ({
    ...{ id: `${at} ${lines.length - index}`, cells: [at.slice(11, 23), stream, message] },
    subject: { kind: 'text' as const, title: `${stream} ${at}`, text: message },
  }));
  return { list: 'logs', titles: ['TIME', 'STREAM', 'LINE'], rows };
}

const round = (value: number) => Math.round(value * 100) / 100;

/** `512 B`, `12 KB`, `3.4 MB` */
function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} KB` : `${Math.round(bytes / 100_000) / 10} MB`;
}
