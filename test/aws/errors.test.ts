import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { type SdkError, translate } from '../../src/aws/errors.ts';
import { createPorts } from '../../src/aws/ports.ts';
import type { Target } from '../../src/aws/target.ts';
import type { Ports } from '../../src/ports.ts';
import { stackNames } from '../../src/shop/stack/names.ts';
import { collect, inProcess, openStack } from '../support/engines.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function portsAt(endpoint: string, timeoutMs = 10_000): Ports {
  const target: Target = { kind: 'local', endpoint, region: 'us-east-1', account: '000000000000' };
  return createPorts(createClients(target, { timeoutMs }), stackNames());
}

const CALLS: [string, (ports: Ports) => Promise<unknown>][] = [
  ['SQS GetQueueUrl', (ports) => ports.queues.depth('order-queue')],
  ['SNS PublishBatch', (ports) => ports.topic.publish([{ body: '{}', attributes: { event_type: 'x' } }])],
  ['DynamoDB GetItem', (ports) => ports.tables.get('orders', { order_id: 'o1' })],
  ['S3 ListObjectsV2', (ports) => collect(ports.bucket.list(''))],
  ['CloudWatch ListMetrics', (ports) => ports.metrics.list()],
  ['CloudWatch Logs FilterLogEvents', (ports) => collect(ports.logs.filter({}))],
];

describe.each(CALLS)('%s', (call, run) => {
  test('where nothing listens', async () => {
    await expect(run(portsAt('http://127.0.0.1:9'))).rejects.toMatchObject({
      code: 'engine_unreachable',
      exitCode: 3,
      message: 'no engine answers at http://127.0.0.1:9: nothing listens there',
      hint: 'cliffracer up',
      retryable: true,
    });
  });

  test('of an engine that stays silent is named, and not tried again', async () => {
    let requests = 0;
    const endpoint = await listen(() => requests++);
    await expect(run(portsAt(endpoint, 250))).rejects.toMatchObject({
      code: 'engine_unreachable',
      message: `${endpoint}: ${call} got no answer in time`,
    });
    // None where the machine was too busy to send it in time; a second one would be a retry.
    expect(requests).toBeLessThanOrEqual(1);
  });

  test.each([200, 404])('answered with an HTML page and %i', async (status) => {
    const endpoint = await listen((_, response) => {
      response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html><p>Welcome</p>');
    });
    await expect(run(portsAt(endpoint))).rejects.toMatchObject({
      code: 'not_an_engine',
      exitCode: 3,
      message: `${endpoint} did not answer ${call} as AWS does`,
    });
  });
});

describe('what is not provisioned', () => {
  test.each<[string, (ports: Ports) => Promise<unknown>]>([
    ['queue shop-order-queue', (ports) => ports.queues.receive('order-queue', { max: 1, waitSeconds: 0 })],
    ['queue shop-order-queue', (ports) => ports.queues.delete('order-queue', ['handle'])],
    ['queue shop-order-queue', (ports) => ports.queues.send('order-queue', [{ body: 'x' }])],
    ['queue shop-order-queue', (ports) => ports.queues.purge('order-queue')],
    ['topic shop-order-events', (ports) => ports.topic.publish([{ body: '{}', attributes: {} }])],
    ['table shop-orders', (ports) => ports.tables.get('orders', { order_id: 'o' })],
    ['table shop-orders', (ports) => ports.tables.getMany([{ table: 'orders', key: { order_id: 'o' } }])],
    ['table shop-orders', (ports) => collect(ports.tables.scan('orders'))],
    ['table shop-orders', (ports) => ports.tables.putMany('orders', [{ order_id: 'o' }])],
    [
      'table shop-orders or shop-payments',
      (ports) =>
        ports.tables.write([
          { kind: 'put', table: 'orders', label: '', item: { order_id: 'o' } },
          { kind: 'delete', table: 'payments', label: '', key: { order_id: 'o' } },
        ]),
    ],
    ['bucket shop-ecommerce-receipts', (ports) => ports.bucket.get('receipts/o.json')],
    ['bucket shop-ecommerce-receipts', (ports) => ports.bucket.put('k', 'v', { contentType: 'text/plain' })],
    ['bucket shop-ecommerce-receipts', (ports) => collect(ports.bucket.list(''))],
    ['log group /cliffracer/shop-ecommerce', (ports) => collect(ports.logs.filter({}))],
    ['log group /cliffracer/shop-ecommerce', (ports) => ports.logs.put('order-service', [{ at: 0, message: 'x' }])],
  ])('%s', async (missing, run) => {
    const engine = await inProcess.start();
    const stack = await openStack(engine, 'shop');
    await expect(run(stack.ports)).rejects.toMatchObject({
      code: 'not_provisioned',
      exitCode: 4,
      message: `${missing} does not exist at http://127.0.0.1:4566, region us-east-1, stack shop`,
      hint: 'cliffracer provision --stack shop',
    });
    await engine.stop();
  });
});

describe('translation', () => {
  const aws: Target = { kind: 'aws', region: 'eu-west-1', profile: 'team' };
  const local: Target = { kind: 'local', endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' };
  const sdkError = (name: string, message = name, more: Partial<SdkError> = {}) =>
    Object.assign(new Error(message), { name, ...more });
  const translated = (error: unknown, target = aws) =>
    translate(error, { service: 'DynamoDB', operation: 'PutItem', input: { TableName: 'orders' }, target });

  test.each([
    [
      sdkError('ThrottlingException', 'Rate exceeded'),
      true,
      'DynamoDB PutItem failed: ThrottlingException: Rate exceeded',
    ],
    [
      sdkError('InternalServerError', 'oops', { $metadata: { httpStatusCode: 500 } }),
      true,
      'DynamoDB PutItem failed: InternalServerError: oops',
    ],
    [sdkError('ValidationException', 'two\n  lines'), false, 'DynamoDB PutItem failed: ValidationException: two lines'],
    [
      sdkError('SyntaxError', 'Unexpected token', {
        $response: { statusCode: 502, headers: { 'Content-Type': 'text/html' } },
      }),
      true,
      'DynamoDB PutItem failed: HTTP 502',
    ],
  ])('%s', (error, retryable, message) => {
    expect(translated(error)).toMatchObject({ code: 'aws_error', exitCode: 1, message, retryable, cause: error });
  });

  test('an unreachable AWS is not mended by `up`', () => {
    expect(translated(sdkError('Error', 'getaddrinfo', { code: 'ENOTFOUND' }))).toMatchObject({
      code: 'engine_unreachable',
      message: 'AWS eu-west-1: DynamoDB PutItem could not find the host',
      hint: 'check the network and the region',
    });
    expect(translated(sdkError('Error', 'reset', { code: 'ECONNRESET' }), local)).toMatchObject({
      message: 'http://127.0.0.1:4566: DynamoDB PutItem lost the connection',
      hint: 'cliffracer up',
    });
  });

  test('what is wrong with the credentials is said without quoting them', () => {
    const key = 'AKIAIOSFODNN7EXAMPLE';
    const quoting = sdkError('SignatureDoesNotMatch', `The canonical string was GET ${key}/20260101`);
    expect(translated(quoting)).toMatchObject({
      code: 'credentials',
      message: 'DynamoDB PutItem failed: SignatureDoesNotMatch',
      hint: 'check the credentials: aws sts get-caller-identity --profile team',
    });
    expect(translated(sdkError('AccessDeniedException', `User ${key} is not authorized`)).message).not.toContain(key);
    expect(translated(sdkError('CredentialsProviderError', 'Could not load credentials')).message).toBe(
      'DynamoDB PutItem failed: CredentialsProviderError: Could not load credentials',
    );
  });

  test('a very long message is cut', () => {
    expect(translated(sdkError('ValidationException', 'x'.repeat(10_000))).message.length).toBeLessThan(500);
  });

  test('what is translated already, and what is not even an error', () => {
    const known = translated(sdkError('ValidationException'));
    expect(translated(known)).toBe(known);
    expect(translated('text').message).toContain('text');
  });
});
