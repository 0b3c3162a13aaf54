import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../support/session.ts';

const resources = async (session: Session, line: string): Promise<any[]> =>
  (await session.run(`${line} --json`)).json().resources;
const actions = (found: any[]): string[] => [...new Set(found.map(({ action }) => action))].sort();

describe('provision', () => {
  let session: Session;
  beforeEach(async () => {
    session = await new Session().engine();
  });
  afterEach(() => session.close());

  test('--plan changes nothing, provision does what the plan says, and again does nothing', async () => {
    const planned = await resources(session, 'provision --plan');
    expect(actions(planned)).toEqual(['create']);
    expect((await session.run('order list')).code).toBe(4);
    const made = await resources(session, 'provision');
    expect(actions(made)).toEqual(['created']);
    // What the session holds against the permissions that the program asks for.
    expect(session.operations).toContain('sqs.CreateQueue');
    const names = (found: any[]) => found.map(({ kind, resource }) => `${kind} ${resource}`);
    expect(names(made)).toEqual(expect.arrayContaining(names(planned)));
    expect(actions(await resources(session, 'provision'))).toEqual(['unchanged']);
    expect(actions(await resources(session, 'provision --plan'))).toEqual(['unchanged']);
  });

  test('says in a table what it did', async () => {
    for (const action of ['created', 'unchanged']) {
      const { stdout } = await session.run('provision');
      expect(stdout).toMatch(/^Stack default\nKIND +RESOURCE +ACTION/);
      expect(stdout).toMatch(new RegExp(`topic +order-events +${action}`));
      expect(stdout).toMatch(new RegExp(`bucket +ecommerce-receipts +${action}`));
      expect(stdout).toMatch(new RegExp(`\\d+ resources: \\d+ ${action}\\n$`));
    }
  });

  test('mends what somebody changed, and only that', async () => {
    await session.run('provision');
    const account = { account: '000000000000', region: 'us-east-1' };
    await session.emulator!.engine.call({
      ...{ service: 'sqs', operation: 'SetQueueAttributes', ...account },
      input: { QueueUrl: `${session.endpoint}/000000000000/order-queue`, Attributes: { VisibilityTimeout: '7' } },
    });
    const planned = (await resources(session, 'provision --plan')).filter(({ action }) => action !== 'unchanged');
    expect(planned).toMatchObject([{ resource: 'order-queue', action: 'update' }]);
    expect(planned[0].detail).toContain('7');
    const done = (await resources(session, 'provision')).filter(({ action }) => action !== 'unchanged');
    expect(done).toMatchObject([{ resource: 'order-queue', action: 'updated' }]);
  });

  test('once provisioned twice, an event is still delivered once', async () => {
    await session.run('provision');
    await session.run('provision');
    await session.run('order create --customer ada --item keyboard:1');
    expect((await session.run('drain --json')).lines().at(-1)).toMatchObject({ handled: 11, duplicates: 0 });
  });
});

describe('two stacks on one engine', () => {
  let session: Session;
  beforeAll(async () => {
    session = await new Session().provisioned();
    await session.run('provision --stack team-b');
    await session.run('order create --customer ada --item laptop-pro:1');
    await session.run('order create --customer grace --item keyboard:1 --stack team-b');
    await session.run('order create --customer grace --item keyboard:2 --stack team-b');
    await session.run('drain --stack team-b');
  });
  afterAll(() => session.close());

  test.each([
    ['', 1, 'created'],
    ['--stack default', 1, 'created'],
    ['--stack team-b', 2, 'fulfilled'],
  ])('orders of %s', async (flags, count, status) => {
    const { orders } = (await session.run(`order list ${flags} --json`)).json();
    expect(orders.map((order: any) => order.status)).toEqual(Array.from({ length: count }, () => status));
  });

  test('queues, receipts, stock, logs and metrics are separate too', async () => {
    const read = async (line: string) => [
      (await session.run(`${line} --json`)).lines(),
      (await session.run(`${line} --stack team-b --json`)).lines(),
    ];
    const [[queues], [others]] = (await read('inspect queues')) as [any[], any[]];
    expect(queues.queues.find(({ queue }: any) => queue === 'inventory-queue').ready).toBe(1);
    expect(others.queues.every(({ ready }: any) => ready === 0)).toBe(true);
    const receipts = (await read('inspect receipts')).map(([document]: any) => document.receipts.length);
    expect(receipts).toEqual([0, 2]);
    const stock = (await read('inspect inventory')).map(
      ([document]: any) => document.inventory.find(({ sku }: any) => sku === 'keyboard').stock,
    );
    expect(stock).toEqual([100, 97]);
    const customers = (await read('inspect logs --limit 1000')).map(
      (lines) => lines.filter(({ action }: any) => action === 'order_placed').length,
    );
    expect(customers).toEqual([1, 2]);
    const created = (await read('inspect metrics')).map(
      ([document]: any) => document.series.find(({ metric }: any) => metric === 'orders created').value,
    );
    expect(created).toEqual([undefined, 2]);
  });

  test.each([
    ['Team', 'is not made of lower-case letters, digits and hyphens'],
    ['-b', ''],
    ['a--b', 'is not made of'],
    ['1team', 'is not made of'],
    ['a-stack-with-a-name-beyond-all-limits', 'is longer than'],
    ['../etc', 'is not made of'],
    ['sthree', 'begins as S3 reserves for itself'],
  ])('--stack %s', async (name, why) => {
    const outcome = await session.run(`order list --stack ${name}`);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toContain(why);
  });
});

describe('destroy and reset', () => {
  let session: Session;
  beforeEach(async () => {
    session = await new Session().provisioned();
  });
  afterEach(() => session.close());

  test('reset empties everything and seeds again', async () => {
    await session.run('order create --customer newcomer --item laptop-pro:3');
    await session.run('drain');
    await session.run('order create --customer ada --item laptop-pro:1');
    const { code, stdout } = await session.run('reset --yes');
    expect(code).toBe(0);
    expect(stdout).toContain('Stack default');
    const json = async (line: string) => (await session.run(`${line} --json`)).json();
    expect((await json('order list')).orders).toEqual([]);
    expect((await json('inspect receipts')).receipts).toEqual([]);
    for (const row of (await json('inspect queues')).queues) expect(row).toMatchObject({ ready: 0, in_flight: 0 });
    for (const row of (await json('inspect inventory')).inventory)
      expect(row).toMatchObject({ stock: 100, reserved: 0 });
    expect((await json('inspect customers')).customers.map((row: any) => row.customer_id)).not.toContain('newcomer');
    expect((await session.run('inspect logs')).stdout).toBe('');
    await session.run('order create --customer ada --item keyboard:1');
    expect((await session.run('drain --json')).lines().at(-1)).toMatchObject({ ended: 'empty', handled: 11 });
  });

  test.each(['reset', 'destroy'])('%s asks, and no means no', async (command) => {
    await session.run('order create --customer ada --item keyboard:1');
    const outcome = await session.run(command, { answers: [false] });
    expect(outcome).toMatchObject({ code: 5, stdout: '' });
    expect(outcome.stderr).toBe('error: nothing was changed\ntry: answer yes, or give --yes\n');
    expect((await session.run('order list --json')).json().orders).toHaveLength(1);
    expect((await session.run(command, { answers: [true] })).code).toBe(0);
    expect((await session.run('order list')).code).toBe(command === 'destroy' ? 4 : 0);
  });

  test('destroying one stack leaves the other', async () => {
    await session.run('provision --stack team-b');
    await session.run('order create --customer ada --item keyboard:1');
    expect((await session.run('destroy --yes --stack team-b')).code).toBe(0);
    expect((await session.run('order list --stack team-b')).code).toBe(4);
    expect((await session.run('order list --json')).json().orders).toHaveLength(1);
    expect(actions(await resources(session, 'provision --plan'))).toEqual(['unchanged']);
  });

  test('destroy removes what there is, and then there is nothing', async () => {
    const removed = await resources(session, 'destroy --yes');
    expect(actions(removed)).toEqual(['deleted']);
    expect(removed.map(({ resource }) => resource)).toEqual(
      expect.arrayContaining(['order-events', 'orders', 'ecommerce-receipts', '/cliffracer/ecommerce']),
    );
    expect(await session.run('destroy --yes')).toMatchObject({ code: 0, stdout: 'Stack default: there is nothing.\n' });
    expect((await session.run('provision')).code).toBe(0);
    expect((await session.run('order list --json')).json().orders).toEqual([]);
  });
});

describe('another program that has the names of the default stack', () => {
  let session: Session;
  const call = (service: any, operation: string, input: object): Promise<any> =>
    session.emulator!.engine.call({ account: '000000000000', region: 'us-east-1', service, operation, input });
  const table = (TableName: string, AttributeName: string, AttributeType = 'S') =>
    call('dynamodb', 'CreateTable', {
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName, AttributeType }],
    });
  beforeEach(async () => {
    session = await new Session().engine();
    await table('inventory', 'product_id');
    await table('orders', 'order_id', 'N');
    await call('sqs', 'CreateQueue', { QueueName: 'order-queue' });
  });
  afterEach(() => session.close());

  test.each(['provision', 'reset --yes'])(
    '%s refuses before it changes anything, and names the way out',
    async (line) => {
      const { code, json } = await session.run(`${line} --json`);
      expect(code).toBe(5);
      expect(json().error).toMatchObject({
        code: 'refused',
        message: expect.stringMatching(
          /table orders has the key order_id \(N\), not order_id; table inventory has the key product_id, not sku$/,
        ),
        hint: expect.stringContaining('--stack'),
      });
      expect((await call('sns', 'ListTopics', {})).Topics ?? []).toEqual([]);
      const QueueUrl = `${session.endpoint}/000000000000/order-queue`;
      const { Attributes } = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] });
      expect(Attributes ?? {}).toEqual({});
    },
  );

  test('commands that read say the same, and a stack of its own stays clear of it', async () => {
    for (const name of ['products', 'payments', 'reservations', 'customers']) await table(name, 'id');
    const { code, json } = await session.run('order show ord_1 --json');
    expect(code).toBe(5);
    expect(json().error).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/^one of the tables orders, .* at .* another key/),
    });
    expect((await session.run('provision --stack shop')).code).toBe(0);
    expect((await session.run('order create --customer ada --item keyboard:1 --stack shop')).code).toBe(0);
    const kept = (await session.run('destroy --yes --json')).json().resources;
    expect(kept.filter(({ action }: { action: string }) => action !== 'kept')).toEqual([]);
  });
});
