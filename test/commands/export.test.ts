import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reservePort } from '../../scripts/ports.mjs';
import { jobsAndOrders, programsOf } from '../support/programs.ts';
import { Session, START } from '../support/session.ts';

let session: Session;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

beforeAll(async () => {
  session = await new Session().engine();
  session.emulator!.engine.clock.freeze(START);
  const { program } = programsOf(session.emulator!);
  const url = await jobsAndOrders({ program });
  const traceparent = { DataType: 'String', StringValue: `00-${TRACE}-${PARENT}-01` };
  const AWSTraceHeader = {
    DataType: 'String',
    StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  };
  const producer = program('producer');
  await producer.sqs('SendMessage', { QueueUrl: url, MessageBody: 'a', MessageAttributes: { traceparent } });
  await producer.sqs('SendMessage', { QueueUrl: url, MessageBody: 'b', MessageSystemAttributes: { AWSTraceHeader } });
  const worker = program('worker');
  const { Messages } = await worker.sqs('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10 });
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[1].ReceiptHandle });
  await worker.dynamodb('PutItem', { TableName: 'orders', Item: { id: { S: 'o-1' } } });
  await worker.dynamodb('PutItem', { TableName: 'nowhere', Item: { id: { S: 'o-1' } } });
  await worker.sqs('DeleteMessage', { QueueUrl: url, ReceiptHandle: Messages[0].ReceiptHandle });
});
afterAll(() => session.close());

const spansOf = (request: any): any[] =>
  request.resourceSpans.flatMap(({ scopeSpans }: any) => scopeSpans.flatMap(({ spans }: any) => spans));
const attributesOf = ({ attributes }: any) =>
  Object.fromEntries(attributes.map(({ key, value }: any) => [key, value.stringValue ?? Number(value.intValue)]));

test('a file of OTLP/JSON: ids in hex, times in nanoseconds as texts', async () => {
  const file = join(session.home, 'spans.json');
  const { code, stdout } = await session.run(`export otlp ${file}`);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+ spans of \d+ traces from \d+ calls to /),
  });
  const request = JSON.parse(readFileSync(file, 'utf8'));
  expect(request.resourceSpans.map(({ resource }: any) => attributesOf(resource)['service.name'])).toEqual([
    'setup',
    'producer',
    'worker',
  ]);
  const spans = spansOf(request);
  for (const span of spans) {
    expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(span.parentSpanId ?? '0'.repeat(16)).toMatch(/^[0-9a-f]{16}$/);
    expect(span.startTimeUnixNano).toMatch(/^\d{19}$/);
    expect(span.endTimeUnixNano).toMatch(/^\d{19}$/);
    expect([3, 4, 5]).toContain(span.kind);
  }
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
});

test('the context of the sender is honoured, and goes on to whoever receives', async () => {
  const { stdout } = await session.run('trace orders/o-1 --format otlp');
  const spans = spansOf(JSON.parse(stdout));
  const send = spans.find(({ name, traceId }) => name === 'send jobs' && traceId === TRACE);
  expect(send).toMatchObject({ kind: 4, parentSpanId: PARENT });
  expect(attributesOf(send)).toMatchObject({ 'messaging.system': 'aws_sqs', 'messaging.destination.name': 'jobs' });
  const process = spans.find(({ name, traceId }) => name === 'process jobs' && traceId === TRACE);
  expect(process).toMatchObject({ kind: 5, parentSpanId: send.spanId, links: [{}] });
  const put = spans.find(({ name }) => name === 'DynamoDB.PutItem');
  expect(put).toMatchObject({ kind: 3, traceId: TRACE, parentSpanId: process.spanId });
});

test('a batch links to each of its messages, and refused calls are errors', async () => {
  const file = join(session.home, 'all.json');
  await session.run(`export otlp ${file}`);
  const spans = spansOf(JSON.parse(readFileSync(file, 'utf8')));
  const receive = spans.find(({ name }) => name === 'receive jobs');
  expect(receive.links.map(({ traceId }: any) => traceId)).toEqual([TRACE, '5759e988bd862e3fe1be46a994272793']);
  const refused = spans.find((span) => attributesOf(span)['error.type'] === 'ResourceNotFoundException');
  expect(refused.status.code).toBe(2);
});

test.each([
  ['/nope/x.json', 'cannot be written: there is no such directory'],
  ['/', 'cannot be written: it is a directory'],
  ['http://127.0.0.1:9', 'took no spans: nothing listens there'],
])('to %s: says in words why not', async (to, why) => {
  expect((await session.run(`export otlp ${to}`)).stderr).toContain(why);
});

test('to a collector by POST /v1/traces, and what it refuses', async () => {
  const taken: { url: string | undefined; spans: number }[] = [];
  const { port, release } = await reservePort();
  await release();
  let status = 200;
  const collector = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      taken.push({ url: request.url, spans: spansOf(JSON.parse(body)).length });
      response.writeHead(status, { 'content-length': '2' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(port, '127.0.0.1', resolve));
  const { code } = await session.run(`export otlp http://127.0.0.1:${port}`);
  expect(code).toBe(0);
  expect(taken).toEqual([{ url: '/v1/traces', spans: expect.any(Number) }]);
  status = 400;
  expect((await session.run(`export otlp http://127.0.0.1:${port} --json`)).json().error.code).toBe('invalid_input');
  collector.close();
});
