import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { openLab } from './world.ts';

type Opened = Awaited<ReturnType<typeof openLab>>;
interface Order {
  id: string;
  total: number;
  messageId: string;
}

const TableName = 'orders';
const NEW = 'attribute_not_exists(id)';
const key = (id: string) => ({ TableName, Key: { id: { S: id } } });
const put = (id: string, more = {}) => ({ TableName, Item: { id: { S: id }, ...more } });
const once = (id: string, more = {}) => ({ Put: { ...put(id, more), ConditionExpression: NEW } });
const add = (total: number) => ({
  Update: {
    ...key('total'),
    UpdateExpression: 'ADD amount :a',
    ExpressionAttributeValues: { ':a': { N: String(total) } },
  },
});

function unless(...names: string[]) {
  return (error: Error) => {
    if (!names.includes(error.name)) throw error;
  };
}

const transact = ({ dynamodb }: Opened, ...TransactItems: TransactWriteItem[]) =>
  dynamodb.send(new TransactWriteItemsCommand({ TransactItems })).catch(unless('TransactionCanceledException'));

/** A Lambda handler that reports which messages of a batch failed. */
function consume(lab: Opened, each: (order: Order) => Promise<unknown>): void {
  const handler = async ({ Records }: { Records: { messageId: string; body: string }[] }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const { messageId, body } of Records) {
      try {
        await each({ ...JSON.parse(body), messageId });
      } catch {
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
  lab.consume('jobs', handler, { reportBatchItemFailures: true });
}

const order = (lab: Opened) => () => lab.send('jobs', { id: 'o-1', total: 10 });

/** The counterexamples' first cases, and all of the text. */
async function failed(lab: Opened, only: string[]) {
  const text = await lab.check(order(lab), { only }).then(
    () => 'all held',
    (error: Error) => error.message,
  );
  return { cases: [...text.matchAll(/case: '([^']+)'/g)].map(([, id]) => id), text };
}

test('a key of idempotency that expires before a message may come again', async () => {
  await using lab = await openLab();
  consume(lab, ({ id, total }) => {
    const now = lab.clock.now().getTime();
    const marker = {
      ...put(id, { until: { N: String(now + 5 * 60_000) } }),
      ConditionExpression: `${NEW} OR #until < :now`,
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':now': { N: String(now) } },
    };
    return transact(lab, { Put: marker }, add(total));
  });
  const { cases, text } = await failed(lab, ['duplicate', 'error', 'crash']);
  expect(cases).toEqual(['duplicate-late:0']);
  expect(text).toContain('table orders, total amount: 10 -> 20');
});

test('a batch of which nothing is returned when it fails', async () => {
  await using lab = await openLab();
  const handler = async ({ Records }: { Records: { body: string }[] }) => {
    const writes = Records.map(({ body }) => lab.dynamodb.send(new PutItemCommand(put(JSON.parse(body).id))));
    await Promise.allSettled(writes);
  };
  lab.consume('jobs', handler, { reportBatchItemFailures: true });
  const { cases, text } = await failed(lab, ['duplicate', 'error', 'crash']);
  // A process that dies returns nothing, and the message comes again: it is the error that loses it.
  expect(cases).toEqual(['error-before:0.0']);
  expect(text).toContain('table orders, o-1 id: "o-1" -> nothing');
});

test("idempotency by the message's id, where a second producer sends the same", async () => {
  await using lab = await openLab();
  consume(lab, ({ messageId, total }) => transact(lab, once(messageId), add(total)));
  const { cases, text } = await failed(lab, ['duplicate', 'error', 'crash']);
  expect(cases).toEqual(['duplicate-resent:0']);
  expect(text).toContain('table orders, total amount: 10 -> 20');
});

test('a marker that is looked at before, when the message is in two hands', async () => {
  await using lab = await openLab();
  consume(lab, async ({ id, total }) => {
    if ((await lab.dynamodb.send(new GetItemCommand(key(id)))).Item !== undefined) return;
    await transact(lab, add(total), { Put: put(id) });
  });
  const { cases } = await failed(lab, ['duplicate', 'error', 'crash', 'slow']);
  // A function ends with its timeout, before that of the message: only a copy comes into the second hand in time.
  expect(cases).toEqual(['duplicate-held:0.1']);
});

test('a loop that handles a message after the other is run twice for two hands', async () => {
  await using lab = await openLab();
  const handleMessage = async (message: { Body?: string }) => {
    const { id, total } = JSON.parse(message.Body ?? '');
    if ((await lab.dynamodb.send(new GetItemCommand(key(id)))).Item !== undefined) return message;
    await transact(lab, add(total), { Put: put(id) });
    return message;
  };
  lab.consume('jobs', { handleMessage });
  const { cases } = await failed(lab, ['duplicate', 'error', 'crash', 'slow']);
  expect(cases).toEqual(['duplicate-held:0.1', 'slow:0.1']);
});

test('a call that was done, though its answer was lost, shows what it did', async () => {
  await using lab = await openLab();
  consume(lab, async ({ id, total }) => {
    await transact(lab, add(total));
    await lab.dynamodb.send(new PutItemCommand(put(id)));
  });
  const crash = lab.check(order(lab), { case: 'crash-after:0.0' });
  await expect(crash).rejects.toThrow(
    /TransactWriteItems {2}orders\/total new: amount 10, id "total"; done, its answer lost: AccessDenied/,
  );
});

test.each<[string, (lab: Opened) => (order: Order) => Promise<unknown>]>([
  [
    'a marker and the total in one transaction',
    (lab) =>
      ({ id, total }) =>
        transact(lab, once(id), add(total)),
  ],
  ['records of idempotency around a write that may be made twice', recording],
  [
    'an outbox that is emptied after the transaction',
    (lab) =>
      async ({ id }) => {
        await transact(lab, once(id), { Put: put(`outbox#${id}`) });
        if ((await lab.dynamodb.send(new GetItemCommand(key(`outbox#${id}`)))).Item === undefined) return;
        const MessageBody = JSON.stringify({ order_id: id });
        await lab.sqs.send(new SendMessageCommand({ QueueUrl: lab.queue('mails').url, MessageBody }));
        await lab.dynamodb.send(new DeleteItemCommand(key(`outbox#${id}`)));
      },
  ],
])('holds for %s', async (_, handler) => {
  await using lab = await openLab();
  consume(lab, handler(lab));
  const { tallies, not_tried } = await lab.check(order(lab));
  expect(not_tried).toEqual([]);
  expect(tallies.map(({ experiment }) => experiment)).toEqual(
    expect.arrayContaining(['conserve', 'duplicate', 'error', 'crash', 'partial', 'poison', 'slow']),
  );
  expect(tallies.filter(({ held, runs }) => held !== runs || runs === 0)).toEqual([]);
});

/**
 * As Powertools for AWS Lambda does (its documentation, Idempotency, "Idempotency request flow"): a record in progress, which
 * ends with the invocation's time; completed afterwards, or deleted when the handler throws.
 */
function recording(lab: Opened) {
  const send = (command: PutItemCommand) => lab.dynamodb.send(command);
  return async ({ id }: Order) => {
    const now = lab.clock.now().getTime();
    const record = { status: { S: 'INPROGRESS' }, until: { N: String(now + 3_000) } };
    const begun = await send(
      new PutItemCommand({
        ...put(`key#${id}`, record),
        ConditionExpression: `${NEW} OR (#status = :status AND #until < :now)`,
        ExpressionAttributeNames: { '#status': 'status', '#until': 'until' },
        ExpressionAttributeValues: { ':status': record.status, ':now': { N: String(now) } },
      }),
    ).catch(unless('ConditionalCheckFailedException'));
    if (begun === undefined) {
      const { Item } = await lab.dynamodb.send(new GetItemCommand(key(`key#${id}`)));
      if (Item?.status?.S === 'COMPLETED') return;
      throw new Error('it is in progress');
    }
    try {
      await send(new PutItemCommand(put(id)));
    } catch (error) {
      await lab.dynamodb.send(new DeleteItemCommand(key(`key#${id}`)));
      throw error;
    }
    await send(new PutItemCommand(put(`key#${id}`, { status: { S: 'COMPLETED' } })));
  };
}
