// Whether an operation costs more when much is stored: the same rate with a hundred and with a million.
import { Connection } from './http.mjs';
import { call, json } from './requests.mjs';
import { createQueue, createTable, fillQueue, item, logStream, pairSteps, sendSteps } from './rows.mjs';

const steps = (list) => [{ requests: list.map((bytes) => bytes.toString('base64')) }];

async function fill(connections, count, make) {
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (next < count) {
        const from = next;
        next += Math.min(MOST_AT_ONCE, count - next);
        await call(connection, make(from, next));
      }
    }),
  );
}

/** Items of a batch; DynamoDB takes no more. */
const MOST_AT_ONCE = 25;

const CASES = [
  {
    stored: 'messages',
    async store({ port, connection, connections }, count) {
      const queue = await createQueue({ port, connection });
      await fillQueue({ port, connection }, queue, count, connections);
      return queue;
    },
    operations: {
      'SendMessage + ReceiveMessage + DeleteMessage': (context, queue) => [
        ...sendSteps(context, queue),
        ...pairSteps(context, queue),
      ],
    },
  },
  {
    stored: 'items',
    async store({ port, connection, connections }, count) {
      const TableName = await createTable({ port, connection });
      await fill(connections, count, (from, to) => {
        const requests = Array.from({ length: to - from }, (_, index) => ({
          PutRequest: { Item: item(from + index) },
        }));
        return json(port, 'dynamodb', 'BatchWriteItem', { RequestItems: { [TableName]: requests } });
      });
      return { TableName, count };
    },
    operations: {
      PutItem: ({ port }, { TableName, count }) =>
        steps(spread(count, (index) => json(port, 'dynamodb', 'PutItem', { TableName, Item: item(index) }))),
      GetItem: ({ port }, { TableName, count }) =>
        steps(
          spread(count, (index) =>
            json(port, 'dynamodb', 'GetItem', { TableName, Key: { id: { S: `item-${index}` } } }),
          ),
        ),
    },
  },
  {
    stored: 'log events',
    async store({ port, connection, connections }, count) {
      const where = await logStream({ port, connection });
      const now = Date.now();
      await fill(connections, count, (from, to) => {
        const logEvents = Array.from({ length: to - from }, (_, index) => ({
          timestamp: now,
          message: `event ${from + index}`,
        }));
        return json(port, 'logs', 'PutLogEvents', { ...where, logEvents });
      });
      return { where, now };
    },
    operations: {
      PutLogEvents: ({ port }, { where, now }) =>
        steps([json(port, 'logs', 'PutLogEvents', { ...where, logEvents: [{ timestamp: now, message: 'one more' }] })]),
      'GetLogEvents (10)': ({ port }, { where }) =>
        steps([json(port, 'logs', 'GetLogEvents', { ...where, limit: 10 })]),
    },
  },
];

/** A hundred places all over what is stored. */
const spread = (count, make) => Array.from({ length: 100 }, (_, index) => make(Math.floor((index * count) / 100)));

const median = (samples) => [...samples].sort((a, b) => a - b)[samples.length >> 1];

async function filledEngine(start, store, size) {
  const running = await start();
  const connections = Array.from({ length: 8 }, () => new Connection(running.port));
  const context = { port: running.port, connection: connections[0], connections };
  const place = await store(context, size);
  for (const connection of connections) connection.close();
  return { running, context, place, size, rates: [] };
}

/** Both sizes stand beside each other and are measured in turn, so that they meet the same moments of the machine. */
export async function growth(start, generator, { ms, warmUpMs, stored, rounds }, note) {
  const rows = [];
  for (const { stored: what, store, operations } of CASES) {
    note(`storing ${FEW} and ${stored} ${what}`);
    const engines = [];
    try {
      for (const size of [FEW, stored]) engines.push(await filledEngine(start, store, size));
      for (const [name, make] of Object.entries(operations)) {
        for (const engine of engines) engine.rates = [];
        for (let round = 0; round < 2 * rounds + 1; round++) {
          for (const { running, context, place, rates } of engines) {
            const job = { port: running.port, concurrency: 1, ms: ms / 2, warmUpMs: warmUpMs / 2 };
            rates.push(await generator.run({ ...job, steps: make(context, place) }));
          }
        }
        const [few, many] = engines.map(({ rates }) => median(rates));
        note(`  ${name}: ${Math.round(few)} and ${Math.round(many)}`);
        rows.push({ name, what, few, many });
      }
      for (const row of rows) if (row.what === what) row.bytes = engines[1].running.memory();
    } finally {
      for (const { running } of engines) await running.stop();
    }
  }
  return rows;
}

const FEW = 100;
