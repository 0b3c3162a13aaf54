import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobsAndOrders, programsOf } from '../support/programs.ts';
import { Session, START } from '../support/session.ts';

let session: Session;
beforeAll(async () => {
  session = await new Session().engine();
  session.emulator!.engine.clock.freeze(START);
  const { program } = programsOf(session.emulator!);
  const url = await jobsAndOrders({ program });
  const shop = program('shop');
  const Item = { id: { S: 'o-1' }, state: { S: 'new' }, to: { M: { city: { S: 'Bern' }, zip: { N: '3000' } } } };
  await shop.dynamodb('PutItem', { TableName: 'orders', Item });
  await shop.sqs('SendMessage', { QueueUrl: url, MessageBody: 'o-1' });
  const worker = program('worker');
  await worker.sqs('ReceiveMessage', { QueueUrl: url });
  const update = (UpdateExpression: string, values: object) =>
    worker.dynamodb('UpdateItem', {
      TableName: 'orders',
      Key: { id: { S: 'o-1' } },
      UpdateExpression,
      ExpressionAttributeNames: { '#s': 'state', '#t': 'to' },
      ExpressionAttributeValues: values,
    });
  await update('SET #s = :s, #t.city = :c', { ':s': { S: '\u001b[31mpaid' }, ':c': { S: 'Basel' } });
  await program('sweeper').dynamodb('DeleteItem', { TableName: 'orders', Key: { id: { S: 'o-1' } } });
});
afterAll(() => session.close());

const scrub = (text: string) => text.replace(/\b[0-9a-f]{8}\b/g, 'MESSAGE8');

test.each([80, 60])('every change, newest first, in %i columns', async (terminal) => {
  const { code, stdout } = await session.run('blame orders o-1', { terminal, env: { NO_COLOR: '1' } });
  expect(code).toBe(0);
  expect(scrub(stdout)).toMatchSnapshot();
});

test('one attribute, or a part of one', async () => {
  const { changes } = (await session.run('blame orders o-1 --attribute to.city --json')).json();
  expect(changes).toMatchObject([
    { caller: 'sweeper', change: 'deleted' },
    { caller: 'worker', attributes: [{ attribute: 'to.city', before: 'Bern', after: 'Basel' }], certainty: 'exact' },
    { caller: 'shop', change: 'created' },
  ]);
});

test('a table by its beginning; one that is not there is told, with those that are', async () => {
  expect((await session.run('blame ord o-1 --json')).json()).toMatchObject({ table: 'orders', changes: [{}, {}, {}] });
  expect(await session.run('blame odrers o-1')).toMatchObject({
    code: 1,
    stderr: 'error: there is no table "odrers"; there are orders\ntry: cliffracer calls --service dynamodb\n',
  });
});

test('an item that nobody changed', async () => {
  const { code, stderr } = await session.run('blame orders o-9');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'error: no change of "o-9" in the table orders is in the call log\ntry: cliffracer calls --resource table/orders --writes\n',
  });
});
