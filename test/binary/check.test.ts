import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BIN, Sandbox } from './program.ts';

const TIMEOUT = 180_000;

let sandbox: Sandbox;
let folder: string;
beforeEach(async () => {
  sandbox = await new Sandbox().open();
  folder = join(sandbox.home, 'project');
  mkdirSync(folder);
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
  write('template.json', JSON.stringify(TEMPLATE));
  await sandbox.ready('up --engine embedded --no-provision');
  await sandbox.ready(`provision --template ${join(folder, 'template.json')}`);
}, TIMEOUT);
afterEach(() => sandbox.close(), TIMEOUT);

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

const TEMPLATE = {
  Resources: {
    Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    Orders: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      },
    },
  },
};

/** Writes each order once, as long as its process lives; its calls bear a name of their own. */
const SEEING = `
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
const own = { userAgentAppId: 'billing' };
const [sqs, db] = [new SQSClient(own), new DynamoDBClient(own)];
const QueueUrl = process.env.AWS_ENDPOINT_URL + '/000000000000/jobs';
const seen = new Set();
for (;;) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  for (const { Body, ReceiptHandle } of Messages) {
    try {
      const { id } = JSON.parse(Body);
      if (!seen.has(id)) {
        seen.add(id);
        await db.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } }));
      }
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    } catch {}
  }
}
`;

const ADDING = `
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
const db = new DynamoDBClient();
export const handler = async ({ Records }) => {
  for (const { body } of Records) {
    const add = { UpdateExpression: 'ADD amount :a', ExpressionAttributeValues: { ':a': { N: JSON.parse(body).total } } };
    await db.send(new UpdateItemCommand({ TableName: 'orders', Key: { id: { S: 'total' } }, ...add }));
  }
};
`;

async function check(...args: string[]) {
  const program = ['-e', `process.chdir(${JSON.stringify(folder)}); await import(process.argv[1])`, BIN];
  const running = sandbox.command(process.execPath, ['--input-type=module', ...program, 'check', '--json', ...args]);
  const ended = await running.ended;
  if (ended.stdout === '') throw new Error(ended.stderr);
  const { failures, tallies } = ended.json();
  return { code: ended.code, ids: failures.map(({ id }: { id: string }) => id), failures, tallies };
}

test('a process that dies forgets what it had in memory; one whose calls fail does not', {
  timeout: TIMEOUT,
}, async () => {
  write('seeing.mjs', SEEING);
  write('orders.json', JSON.stringify({ queue: 'jobs', body: { id: 'o-1' } }));
  const behind = ['--only', 'crash', '--message', 'orders.json', '--', process.execPath, 'seeing.mjs'];
  expect(await check('--kill', ...behind)).toMatchObject({
    code: 0,
    tallies: [{ experiment: 'crash', runs: 4, held: 4, not_tried: 0 }],
  });
  expect(await check(...behind)).toMatchObject({ code: 1, ids: ['crash-before:0.0'] });
});

// What comes into a second hand by the visibility timeout is not in a function's hands any more: only its deletion is late.
test('a handler of the configuration, in two hands and killed', { timeout: TIMEOUT }, async () => {
  write('adding.mjs', ADDING);
  write(
    'cliffracer.config.json',
    JSON.stringify({
      consumers: { adding: { handler: 'adding.handler', queue: 'jobs' } },
      scenario: { messages: [{ queue: 'jobs', body: { id: 'o-1', total: '10' } }] },
    }),
  );
  const { code, ids, failures } = await check('--kill', '--only', 'duplicate,crash,slow');
  expect({ code, ids }).toEqual({ code: 1, ids: ['duplicate:0', 'crash-after:0.0', 'slow:0.1'] });
  expect(failures[0].differences).toEqual([
    { place: 'table orders', key: 'total', path: 'amount', before: '10', after: '20' },
  ]);
});

test('another program at the same queue is in the way, and is told', { timeout: TIMEOUT }, async () => {
  write('seeing.mjs', SEEING);
  write('orders.json', JSON.stringify({ queue: 'jobs', body: { id: 'o-1' } }));
  const other = sandbox.start(['exec', '--', process.execPath, join(folder, 'seeing.mjs')]);
  const consumers = async () => (await sandbox.ready('queue list --json')).json().queues[0].consumers;
  await expect.poll(consumers, { timeout: TIMEOUT }).toHaveLength(1);
  const line = `check --json --only duplicate --message ${join(folder, 'orders.json')} -- ${process.execPath} ${join(folder, 'seeing.mjs')}`;
  const { code, stdout } = await sandbox.start(line.split(' ')).ended;
  expect(code).toBe(6);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'not_settled',
    message: 'another program receives from jobs beside the consumer of this check',
  });
  other.kill('SIGTERM');
  await other.ended;
});

test('a handler that fails without any disturbance: what it printed is in the error', {
  timeout: TIMEOUT,
}, async () => {
  write('failing.mjs', "export const handler = () => { throw new TypeError('no total'); };");
  const scenario = { messages: [{ queue: 'jobs', body: { id: 'o-1' } }] };
  const consumers = { billing: { handler: 'failing.handler', queue: 'jobs' } };
  write('cliffracer.config.json', JSON.stringify({ consumers, scenario }));
  const program = `process.chdir(${JSON.stringify(folder)}); await import(process.argv[1])`;
  const line = ['--input-type=module', '-e', program, BIN, 'check', '--json'];
  const { code, stdout } = await sandbox.command(process.execPath, line).ended;
  expect(code).toBe(6);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'not_settled',
    details: expect.arrayContaining(['TypeError: no total']),
    hint: 'run it with cliffracer dev or exec, and give it one message: cliffracer step jobs',
  });
});
