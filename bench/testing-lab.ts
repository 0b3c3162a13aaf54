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
const MESSAGES = 2;

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
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

  const scenario = async () => {
    for (let index = 0; index < MESSAGES; index++) await lab.send('jobs', `m-${index}`);
  };
  /** Runs, undisturbed ones included, and the milliseconds that they took. */
  async function checked(options: { only?: string[]; maxRuns?: number }) {
    writes = true;
    let runs = 2;
    const ms = await timed(async () => {
      const verdict = await lab.check(scenario, options).catch(() => undefined);
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
      const { runs, ms } = await checked({ only: ['duplicate', 'error'] });
      return (1000 * runs) / ms;
    },
    /** How long a run with two messages swapped takes, of the time of an undisturbed one. */
    async ratio() {
      lab.restore(empty);
      const undisturbed = await checked({ maxRuns: 0 });
      const swapped = await checked({ only: ['order'] });
      return (swapped.ms - undisturbed.ms) / (swapped.runs - 2) / (undisturbed.ms / 2);
    },
    close: () => lab.close(),
  };
}
