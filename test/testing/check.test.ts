import { PutItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { bodies, openLab } from './world.ts';

type Opened = Awaited<ReturnType<typeof openLab>>;
interface Event {
  Records: { body: string }[];
}

/** Adds to a total, whether or not the message came before. */
const wrong =
  ({ dynamodb }: Opened) =>
  async (event: Event) => {
    for (const body of bodies(event)) {
      const add = {
        UpdateExpression: 'ADD amount :a',
        ExpressionAttributeValues: { ':a': { N: JSON.parse(body).total } },
      };
      await dynamodb.send(new UpdateItemCommand({ TableName: 'orders', Key: { id: { S: 'total' } }, ...add }));
    }
  };

/** The same, together with a marker of the message. */
const right =
  ({ dynamodb }: Opened) =>
  async (event: Event) => {
    for (const body of bodies(event)) {
      const { id, total } = JSON.parse(body);
      const marker = { TableName: 'orders', Item: { id: { S: id } }, ConditionExpression: 'attribute_not_exists(id)' };
      const add = { UpdateExpression: 'ADD amount :a', ExpressionAttributeValues: { ':a': { N: total } } };
      const Update = { TableName: 'orders', Key: { id: { S: 'total' } }, ...add };
      await dynamodb
        .send(new TransactWriteItemsCommand({ TransactItems: [{ Put: marker }, { Update }] }))
        .catch((error: Error) => {
          if (error.name !== 'TransactionCanceledException') throw error;
        });
    }
  };

const scenario = (lab: Opened) => async () => {
  for (const id of ['o-1', 'o-2']) await lab.send('jobs', { id, total: '5' });
};

describe('check', () => {
  test('finds the counterexample of a handler that adds twice, and repeats it', async () => {
    await using lab = await openLab();
    lab.consume('jobs', wrong(lab));
    const start = lab.snapshot();
    const failure = await lab
      .check(scenario(lab), { only: ['duplicate', 'order'] })
      .catch((error: Error) => error.message);
    expect(failure).toMatch(/\nduplicate +6 +0 +6 /);
    expect(failure).toMatch(/\norder +2 +2 +0 +0\n/);
    expect(failure).toMatch(/1\. jobs: .*\n +table orders, total amount: 10 -> 15\n/);
    expect(failure).toContain("Again: lab.check(…, { case: 'duplicate:0' })");
    await expect(lab.check(scenario(lab), { case: 'duplicate:0' })).rejects.toThrow('1 counterexample');
    // All is as before, and the consumer goes on.
    expect(lab.diff(start)).toEqual([]);
    await lab.send('jobs', { id: 'o-3', total: '5' });
    await lab.settled();
    expect(lab.table('orders').item('total')).toEqual({ id: 'total', amount: 5 });
  });

  test('holds for one that writes a marker, at every call', async () => {
    await using lab = await openLab();
    lab.consume('jobs', right(lab));
    const verdict = await lab.check(scenario(lab), { only: ['duplicate', 'error', 'crash'] });
    expect(verdict.deliveries).toBe(2);
    expect(verdict.tallies.map(({ experiment, held }) => [experiment, held])).toEqual([
      ['duplicate', 6],
      ['error', 14],
      ['crash', 14],
    ]);
    expect(verdict.tallies.every(({ runs, held, not_tried }) => runs === held && not_tried === 0)).toBe(true);
  });

  test('what waited before is no part of the scenario, and waits still', async () => {
    await using lab = await openLab();
    await lab.send('audit', 'from before');
    lab.consume('audit', async () => {
      throw new Error('never mine');
    });
    lab.consume('jobs', right(lab));
    const verdict = await lab.check(scenario(lab), { only: ['duplicate'] });
    expect(verdict.deliveries).toBe(2);
    expect(lab.queue('audit').messages()).toMatchObject([{ body: 'from before' }]);
  });

  test('asks the functions that must hold at every end', async () => {
    await using lab = await openLab();
    lab.consume('jobs', right(lab));
    const invariants = {
      small: ({ tables }: { tables: { orders: { id: string; amount?: number }[] } }) => {
        const total = tables.orders.find(({ id }) => id === 'total');
        return (total?.amount ?? 0) < 10 || `the total is ${total!.amount}`;
      },
    };
    await expect(lab.check(scenario(lab), { only: ['order'], invariants })).rejects.toThrow('the total is 10');
  });

  test('says when nothing was tried, or cannot be', async () => {
    await using lab = await openLab();
    lab.consume('jobs', right(lab));
    await expect(lab.check(() => {}, { only: ['luck'] })).rejects.toThrow(
      'there is no experiment luck; there are duplicate',
    );
    await expect(lab.check(() => {})).rejects.toThrow('no message waits in any queue');
    await expect(lab.check(scenario(lab), { only: ['partial'], maxRuns: 0 })).rejects.toThrow('Nothing was tried.');
    await expect(lab.check(() => lab.send('mails', 'x'), { patience: 500 })).rejects.toThrow('nobody receives message');
  });

  test('goes by the order of sending, and by that of groups on FIFO queues', async () => {
    await using lab = await openLab();
    const write = async (event: Event) => {
      for (const body of bodies(event)) {
        const [id, state] = JSON.parse(body);
        await lab.dynamodb.send(
          new PutItemCommand({ TableName: 'orders', Item: { id: { S: id }, state: { S: state } } }),
        );
      }
    };
    for (const queue of ['mails', 'audit', 'groups.fifo']) lab.consume(queue, write);
    const twoQueues = async () => {
      await lab.send('mails', ['a', 'created']);
      await lab.send('audit', ['a', 'cancelled']);
    };
    const late = await lab.check(twoQueues, { only: ['order'] }).catch((error: Error) => error.message);
    expect(late).toContain('state: "cancelled" -> "created"');
    const groups = async () => {
      for (const state of ['created', 'paid']) await lab.send('groups.fifo', ['b', state], { group: 'b' });
    };
    const { tallies } = await lab.check(groups, { only: ['duplicate', 'error', 'crash'] });
    expect(tallies.map(({ runs, held, not_tried }) => [runs > 0, runs - held, not_tried])).toEqual(
      Array(3).fill([true, 0, 0]),
    );
    // Garbage stands in its group; as this handler fails as a whole, it takes a batch along, and nothing takes it away.
    const garbage = await lab.check(groups, { only: ['poison'] }).catch((error: Error) => error.message);
    expect(garbage).toMatch(/\npoison +3 +2 +1 +0\n/);
    expect(garbage).toContain('it never ends');
  });
});
