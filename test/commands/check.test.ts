import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServer, serve } from '../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { Session, START } from '../support/session.ts';

/** Consumers as people write them, right and wrong, over the SDK; `check` is to tell which are which. */

interface Clients {
  sqs: SQSClient;
  db: DynamoDBClient;
  s3: S3Client;
}

interface Order {
  id: string;
  amount: number;
}

/** What a consumer does with a message; it is deleted afterwards unless this throws, or has deleted it. */
type Handler = (order: Order, clients: Clients, remove: () => Promise<unknown>) => Promise<unknown>;

let session: Session;
let emulator: Emulator;
let server: HttpServer;
let endpoint: string;
let stop: AbortController;
const running: Promise<void>[] = [];

// An engine of its own: long polls wait as long as they are asked to, which a session's do not.
beforeEach(async () => {
  session = new Session();
  emulator = createEmulator({ seed: 1, frozenAt: START });
  server = await serve(emulator, { port: 0 });
  endpoint = `http://127.0.0.1:${server.port}`;
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running.splice(0));
  emulator.close();
  await server.close();
  await session.close();
});

const run = (line: string) => session.run(line, { env: { AWS_ENDPOINT_URL: endpoint, NO_COLOR: '1' } });

const clients = (name: string): Clients => {
  const settings = {
    endpoint: endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    userAgentAppId: name,
    maxAttempts: 1,
  };
  return {
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    db: new DynamoDBClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
  };
};

/** Polls a queue until the test ends. */
function consume(queue: string, name: string, handle: Handler): void {
  const own = clients(name);
  const QueueUrl = `${endpoint}/000000000000/${queue}`;
  const loop = async () => {
    while (!stop.signal.aborted) {
      try {
        const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
        const { Messages = [] } = await own.sqs.send(receive, { abortSignal: stop.signal });
        for (const { Body, ReceiptHandle } of Messages) {
          const remove = () => own.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          let removed = false;
          await handle(JSON.parse(Body!), own, async () => {
            removed = true;
            await remove();
          });
          if (!removed) await remove();
        }
      } catch {
        // As a consumer that logs the error, and goes on with the next message.
      }
    }
    for (const client of Object.values(own)) client.destroy();
  };
  running.push(loop());
}

const SCOPE = { account: '000000000000', region: 'us-east-1' } as const;

async function world(...orders: Order[]): Promise<void> {
  const { engine } = emulator;
  const call = (service: 'sqs' | 'dynamodb' | 's3', operation: string, input: object) =>
    engine.call({ ...SCOPE, service, operation, input, endpoint: endpoint });
  for (const name of ['jobs', 'mails']) {
    await call('sqs', 'CreateQueue', { QueueName: `${name}-dead` });
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${name}-dead`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
    await call('sqs', 'CreateQueue', { QueueName: name, Attributes: { RedrivePolicy } });
  }
  for (const TableName of ['orders', 'totals', 'mailed']) {
    await call('dynamodb', 'CreateTable', {
      TableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
  }
  await call('s3', 'CreateBucket', { Bucket: 'receipts' });
  // A consumer that polls already would take them at once.
  await run('queue hold jobs mails');
  for (const order of orders) {
    await call('sqs', 'SendMessage', { QueueUrl: 'jobs', MessageBody: JSON.stringify(order) });
  }
}

const ONE = { id: 'order-0001', amount: 10 };
const TWO = { id: 'order-0002', amount: 5 };

async function verdict(line: string) {
  const outcome = await run(`check --json --timeout 5s ${line}`);
  return { code: outcome.code, ...outcome.json() };
}

const failed = (found: { failures: { id: string }[] }) => found.failures.map(({ id }) => id);

const add = (amount: number) =>
  new UpdateItemCommand({
    TableName: 'totals',
    Key: { id: { S: 'all' } },
    UpdateExpression: 'ADD amount :a',
    ExpressionAttributeValues: { ':a': { N: String(amount) } },
  });
const put = (table: string, id: string, more: Record<string, { S: string }> = {}) =>
  new PutItemCommand({ TableName: table, Item: { id: { S: id }, ...more } });
const known = async (db: DynamoDBClient, table: string, id: string) =>
  (await db.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } } }))).Item !== undefined;

/** Marker and effect in one transaction; a message that was handled before has no effect. */
const rightly: Handler = async ({ id, amount }, { db }) => {
  if (id === undefined) throw new Error('no order');
  const Update = {
    TableName: 'totals',
    Key: { id: { S: 'all' } },
    UpdateExpression: 'ADD amount :a',
    ExpressionAttributeValues: { ':a': { N: String(amount) } },
  };
  const Put = { TableName: 'orders', Item: { id: { S: id } }, ConditionExpression: 'attribute_not_exists(id)' };
  await db.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Update }] })).catch((error) => {
    if (error.name !== 'TransactionCanceledException') throw error;
  });
};

describe('check finds', () => {
  test('a counter by ADD', async () => {
    await world(ONE);
    consume('jobs', 'counter', ({ amount }, { db }) => db.send(add(amount)));
    const found = await verdict('--only duplicate,crash');
    expect(found.code).toBe(1);
    expect(failed(found)).toEqual(['duplicate:0', 'crash-after:0.0']);
    expect(found.failures[0].like).toEqual(['duplicate-late:0', 'duplicate-resent:0']);
    expect(found.failures[0].differences).toEqual([
      { place: 'table totals', key: 'all', path: 'amount', before: '10', after: '20' },
    ]);
  });

  test('a message deleted before anything is done', async () => {
    await world(ONE);
    consume('jobs', 'hasty', async ({ id }, { db }, remove) => {
      await remove();
      await db.send(put('orders', id));
    });
    const found = await verdict('--only error,crash');
    expect(failed(found)).toEqual(['error-after:0.0', 'crash-after:0.0']);
    expect(found.failures[0].differences).toMatchObject([{ place: 'table orders', key: 'order-0001', after: null }]);
  });

  test('a marker written before the act', async () => {
    await world(ONE);
    consume('jobs', 'marking', async ({ id, amount }, { db }) => {
      if (await known(db, 'orders', id)) return;
      await db.send(put('orders', id));
      await db.send(add(amount));
    });
    const found = await verdict('--only duplicate,crash');
    expect(failed(found)).toEqual(['crash-after:0.1']);
    expect(found.failures[0].differences).toContainEqual({
      ...{ place: 'table totals', key: 'all', path: 'amount', before: '10', after: null },
    });
  });

  test('an act before a marker, without a condition', async () => {
    await world(ONE);
    consume('jobs', 'acting', async ({ id, amount }, { db }) => {
      if (await known(db, 'orders', id)) return;
      await db.send(add(amount));
      await db.send(put('orders', id));
    });
    expect(failed(await verdict('--only duplicate,crash'))).toEqual(['crash-after:0.1']);
  });

  test('a message sent outside of the marker, lost on a crash', async () => {
    await world(ONE);
    consume('jobs', 'billing', async ({ id }, { db, sqs }) => {
      if (await known(db, 'orders', id)) return;
      await db.send(put('orders', id));
      await sqs.send(
        new SendMessageCommand({ QueueUrl: `${endpoint}/000000000000/mails`, MessageBody: `{"id":"${id}"}` }),
      );
    });
    consume('mails', 'mailer', ({ id }, { db }) => db.send(put('mailed', id)));
    const found = await verdict('--only crash');
    expect(failed(found)).toContain('crash-after:0.1');
    expect(found.failures[0].differences).toMatchObject([{ place: 'table mailed', key: 'order-0001', after: null }]);
  });

  test('an error that is swallowed', async () => {
    await world(ONE);
    consume('jobs', 'silent', ({ id }, { db }) => db.send(put('orders', id)).catch(() => {}));
    expect(failed(await verdict('--only error'))).toEqual(['error-before:0.0']);
  });

  test('a memory of what was seen, where it cannot be emptied', async () => {
    await world(ONE);
    const seen = new Set<string>();
    consume('jobs', 'memory', async ({ id }, { db }) => {
      if (seen.has(id)) return;
      seen.add(id);
      await db.send(put('orders', id));
    });
    // The first run fills the memory, so that nothing that comes later would say anything.
    const outcome = await run('check --only duplicate --timeout 5s');
    expect(outcome.code).toBe(6);
    expect(outcome.stderr).toContain('the consumers remember messages that they have handled before');
  });

  test('a state that goes back when messages change places', async () => {
    await world({ ...ONE, amount: 1 }, { ...ONE, amount: 2 });
    consume('jobs', 'latest', ({ id, amount }, { db }) => db.send(put('orders', id, { state: { S: `v${amount}` } })));
    const found = await verdict('--only order');
    expect(found.failures[0].differences).toMatchObject([{ path: 'state', before: '"v2"', after: '"v1"' }]);
  });

  test('a batch whose refused entries nobody reads', async () => {
    await world(ONE);
    consume('jobs', 'batching', ({ id }, { sqs }) => {
      const Entries = [{ Id: '1', MessageBody: `{"id":"${id}"}` }];
      return sqs.send(new SendMessageBatchCommand({ QueueUrl: `${endpoint}/000000000000/mails`, Entries }));
    });
    consume('mails', 'mailer', ({ id }, { db }) => db.send(put('mailed', id)));
    expect(failed(await verdict('--only partial'))).toEqual(['partial:0.SendMessageBatch']);
  });

  test('a key with the time in it', async () => {
    await world(ONE);
    let writes = 0;
    consume('jobs', 'archive', ({ id }, { s3 }) =>
      s3.send(new PutObjectCommand({ Bucket: 'receipts', Key: `${id}/${++writes}.json`, Body: '{}' })),
    );
    const found = await verdict('--only duplicate');
    expect(found.failures[0].differences).toContainEqual({
      ...{ place: 'bucket receipts', key: null, path: 'number', before: '1', after: '2' },
    });
  });
});

test('a right consumer holds in every experiment, and the world is as before', async () => {
  await world(ONE, TWO);
  consume('jobs', 'right', rightly);
  consume('jobs', 'right', rightly);
  const found = await verdict('');
  expect(found).toMatchObject({ code: 0, deliveries: 2, failures: [], not_tried: [] });
  expect(found.tallies.map(({ experiment, runs }: any) => `${experiment} ${runs}`)).toEqual([
    'conserve 1',
    'duplicate 6',
    'error 8',
    'crash 8',
    'order 2',
    'poison 4',
    'slow 4',
  ]);
  expect((await run('snapshot list --json')).json().snapshots).toEqual([]);
  expect((await run('fault list --json')).json().faults).toEqual([]);
});

test('a counterexample in words, and again by its case', async () => {
  await world(ONE);
  consume('jobs', 'counter', ({ amount }, { db }) => db.send(add(amount)));
  const outcome = await run('check --case duplicate:0 --timeout 5s');
  expect(outcome.code).toBe(1);
  expect(outcome.stdout).toContain('1. jobs: the message was delivered again after it had been handled');
  expect(outcome.stdout).toContain('table totals, all amount: 10 -> 20');
  expect(outcome.stdout).toContain('Again: cliffracer check --case duplicate:0');
});

describe('one that fails once and holds when it is tried again', () => {
  const once = async () => {
    let isOver = false;
    await world(ONE);
    consume('jobs', 'racy', async (order, own) => {
      if (!isOver && (await known(own.db, 'orders', order.id))) {
        isOver = true;
        await own.db.send(add(order.amount));
      }
      await rightly(order, own, async () => {});
    });
  };

  test('is a counterexample, called flaky', async () => {
    await once();
    const outcome = await run('check --case duplicate:0 --timeout 5s');
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain('   flaky: it failed once, and held when it was tried again');
    expect(outcome.stdout).toContain('table totals, all amount: 10 -> 20');
    expect(outcome.stdout).toContain('1 counterexample, flaky: no case failed twice\n');
  });

  test('ends with 0 where that is allowed', async () => {
    await once();
    const found = await verdict('--case duplicate:0 --allow-flaky');
    expect(found).toMatchObject({ code: 0, failures: [{ id: 'duplicate:0', flaky: true }] });
    expect(found.tallies).toMatchObject([{ experiment: 'duplicate', runs: 1, held: 0, failed: 1 }]);
  });
});

test('what other programs write meanwhile is told, and proves nothing against the consumers', async () => {
  await world(ONE);
  const loader = clients('loader');
  consume('jobs', 'right', async (order, own) => {
    if (await known(own.db, 'orders', order.id)) await loader.db.send(put('mailed', 'from-outside'));
    await rightly(order, own, async () => {});
  });
  const outcome = await run('check --only duplicate --timeout 5s --max-runs 2');
  expect(outcome.code).toBe(6);
  expect(outcome.stdout).toContain(
    'Other programs wrote meanwhile, which was put back with the rest: PutItem on table/mailed by loader (4 calls).',
  );
  expect(outcome.stdout).toContain('Not tried (another program wrote something meanwhile): duplicate:0');
  for (const client of Object.values(loader)) client.destroy();
});

test.each([
  ['check --json', 6, 'no message waits in any queue, so there is nothing to check'],
  ['check --json --case nothing:0', 2, 'there is no case "nothing:0" with these messages'],
  ['check --json --only sabotage', 2, 'sabotage'],
  ['check --json unheard-of', 2, 'there is no consumer "unheard-of"; there are none'],
  ['check --json --kill', 2, '--kill needs consumers that the check itself starts'],
])('%s is refused', async (line, code, message) => {
  await world(...(line.includes('--case') ? [ONE] : []));
  if (line.includes('--case')) consume('jobs', 'right', rightly);
  const outcome = await run(line);
  expect(outcome.code).toBe(code);
  expect(outcome.stderr + outcome.stdout).toContain(JSON.stringify(message).slice(1, -1));
});

test('messages that nobody receives', async () => {
  await world(ONE);
  const outcome = await run('check --timeout 1s');
  expect(outcome.code).toBe(6);
  expect(outcome.stderr).toMatch(/nobody receives message [0-9a-f-]+ of jobs/);
});
