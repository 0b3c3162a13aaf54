import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startLab } from '../src/testing/index.ts';

const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const KEY = { AttributeName: 'id' };
const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    ...{ TableName: 'orders', BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ ...KEY, KeyType: 'HASH' }] },
    AttributeDefinitions: [{ ...KEY, AttributeType: 'S' }],
  },
};
const template = { Resources: { Jobs: queue('jobs'), Mails: queue('mails'), Orders: TABLE } };
const FEW = 2;
/** So many that what a check does once weighs little. */
const MANY = 20;

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Milliseconds of work and of waiting, without those in which others had the processor: ratios hold on a busy machine. */
async function spent(work: () => unknown): Promise<number> {
  const [cpu, loop] = [process.cpuUsage(), performance.eventLoopUtilization()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000 + performance.eventLoopUtilization(loop).idle;
}

/** A small world: two queues, a table, 20 items and 20 messages, and a consumer that writes an item for each message. */
export async function openTestingBench() {
  const lab = await startLab({ config: { topology: { template } } });
  const dynamodb = new DynamoDBClient(lab.client);
  const put = (id: string) => dynamodb.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } }));
  const empty = lab.snapshot();
  for (let index = 0; index < 20; index++) {
    await put(`o-${index}`);
    await lab.send('mails', { order: index });
  }
  const small = lab.snapshot();
  let writes = false;
  lab.consume('jobs', async ({ Records }: { Records: { body: string }[] }) => {
    if (writes) for (const { body } of Records) await put(body);
  });

  const scenario = (messages: number) => async () => {
    for (let index = 0; index < messages; index++) await lab.send('jobs', `m-${index}`);
  };
  /** Runs, undisturbed ones included, and the milliseconds that they took. */
  async function checked(
    messages: number,
    options: { only?: string[]; maxRuns?: number; case?: string },
    measure = spent,
  ) {
    writes = true;
    let runs = 2;
    const ms = await measure(async () => {
      const verdict = await lab.check(scenario(messages), options).catch(() => undefined);
      runs += (verdict?.tallies ?? []).reduce((sum, tally) => sum + tally.runs, 0);
    });
    writes = false;
    return { runs, ms };
  }

  return {
    fresh: () => timed(async () => (await startLab()).close()),
    snapshot: () => timed(() => lab.snapshot()),
    restore: () => timed(() => lab.restore(small)),
    async settled() {
      lab.restore(empty);
      await lab.send('jobs', 'x');
      return timed(() => lab.settled());
    },
    async experiments() {
      lab.restore(empty);
      const { runs, ms } = await checked(FEW, { only: ['duplicate', 'error'] }, timed);
      return (1000 * runs) / ms;
    },
    /** How long runs with two messages swapped, and in two hands, take, of the time of an undisturbed one. */
    async ratio() {
      lab.restore(empty);
      const undisturbed = await checked(MANY, { maxRuns: 0 });
      const swapped = await checked(MANY, { case: 'order:0' });
      const held = await checked(MANY, { case: 'order-held:0.1' });
      return (swapped.ms + held.ms - 2 * undisturbed.ms) / 2 / (undisturbed.ms / 2);
    },
    /** How long an undisturbed run takes, of the time in which the same messages are handled without any check. */
    async plain() {
      lab.restore(empty);
      const undisturbed = await checked(MANY, { maxRuns: 0 });
      lab.restore(empty);
      writes = true;
      const ms = await spent(async () => {
        await scenario(MANY)();
        await lab.settled();
      });
      writes = false;
      return undisturbed.ms / 2 / ms;
    },
    close: () => lab.close(),
  };
}
