import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStackAdmin } from '../../src/aws/admin/index.ts';
import { createClients } from '../../src/aws/clients.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { requestHandler, type SdkRequest } from '../../src/emulator/request-handler.ts';
import { desiredStack } from '../../src/shop/stack/desired.ts';
import { stackNames } from '../../src/shop/stack/names.ts';
import { apply } from '../../src/topology/apply.ts';
import { destroy } from '../../src/topology/destroy.ts';
import { actionsOf, collect } from '../support/engines.ts';

const ACCOUNT = '123456789012';

/** What AWS says while something else is under way, or before everybody knows what was just made. */
interface Hitch {
  /** Found in the request: target, query or body. */
  request: RegExp;
  code: string;
  status?: number;
  times: number;
}

const textOf = ({ method, path, query, headers, body }: SdkRequest) =>
  `${method} ${path} ${JSON.stringify(query ?? {})} ${headers['x-amz-target'] ?? ''} ${
    body instanceof Uint8Array
      ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
      : String(body ?? '')
  }`;

const xml = (code: string, path: string) =>
  path === '/'
    ? `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>not now</Message></Error></ErrorResponse>`
    : `<Error><Code>${code}</Code><Message>not now</Message></Error>`;

describe('on AWS', () => {
  let emulator: Emulator;
  let pauses: number[];
  let seen: SdkRequest[];

  beforeEach(() => {
    emulator = createEmulator({ seed: 1, frozenAt: Date.UTC(2026, 0, 1) });
    pauses = [];
    seen = [];
    vi.stubEnv('AWS_ACCESS_KEY_ID', ACCOUNT);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    emulator.close();
  });

  /** The embedded engine as AWS, which answers some requests with a hitch first. */
  async function stack(...hitches: Hitch[]) {
    const inner = requestHandler(emulator);
    const left = hitches.map((hitch) => ({ ...hitch }));
    const handler = {
      ...inner,
      async handle(request: SdkRequest, options?: { abortSignal?: unknown }) {
        seen.push(request);
        const hitch = left.find(({ request: pattern, times }) => times > 0 && pattern.test(textOf(request)));
        if (hitch === undefined) return inner.handle(request, options);
        hitch.times--;
        const isJson = request.headers['x-amz-target'] !== undefined;
        const body = isJson
          ? JSON.stringify({ __type: hitch.code, message: 'not now' })
          : xml(hitch.code, request.path);
        const headers = { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' };
        return { response: { statusCode: hitch.status ?? 400, headers, body: Buffer.from(body) } };
      },
    };
    const clients = createClients(
      { kind: 'aws', region: 'eu-west-1', stack: 'team' },
      { requestHandler: handler, pauses: { sleep: async (ms) => void pauses.push(ms) } },
    );
    const identity = await clients.identity();
    const names = stackNames('team', identity);
    const desired = desiredStack(names, identity, { tlsOnly: true });
    return { clients, names, admin: createStackAdmin(clients, names), desired };
  }

  const hitches: [string, Hitch][] = [
    [
      'a log group that is being changed',
      { request: /PutRetentionPolicy/, code: 'OperationAbortedException', times: 3 },
    ],
    ['a log group that is not known yet', { request: /CreateLogStream/, code: 'ResourceNotFoundException', times: 2 }],
    [
      'tags of a topic that are being changed',
      { request: /Action=SetTopicAttributes/, code: 'ConcurrentAccess', times: 2 },
    ],
    [
      'a topic that is not known yet',
      { request: /Action=SetTopicAttributes/, code: 'NotFound', status: 404, times: 2 },
    ],
    [
      'a bucket name that is being given back',
      { request: /^PUT \/ \{\}/, code: 'OperationAborted', status: 409, times: 2 },
    ],
    ['a bucket that is not known yet', { request: /^PUT .*"encryption"/, code: 'NoSuchBucket', status: 404, times: 2 }],
    [
      'a bucket that is being changed',
      { request: /^PUT .*"tagging"/, code: 'OperationAborted', status: 409, times: 2 },
    ],
    ['too many tables at once', { request: /CreateTable/, code: 'LimitExceededException', times: 2 }],
    ['a queue name that is not free yet', { request: /CreateQueue/, code: 'QueueDeletedRecently', times: 2 }],
    ['a queue that is not known yet', { request: /GetQueueUrl/, code: 'QueueDoesNotExist', times: 12 }],
  ];

  test.each(hitches)('%s is waited for', async (_, hitch) => {
    const { admin, desired } = await stack(hitch);
    expect(actionsOf(await collect(apply(admin, desired, { adopt: false })))).toEqual(['created']);
    expect(actionsOf(await collect(apply(admin, desired, { adopt: false })))).toEqual(['unchanged']);
  });

  test('with pauses that grow, and none where nothing is in the way', async () => {
    const smooth = await stack();
    await collect(apply(smooth.admin, smooth.desired, { adopt: false }));
    await collect(destroy(smooth.admin, smooth.desired));
    expect(pauses).toEqual([]);
    const { admin, desired } = await stack({
      request: /PutRetentionPolicy/,
      code: 'OperationAbortedException',
      times: 4,
    });
    await collect(apply(admin, desired, { adopt: false }));
    expect(pauses).toEqual([25, 50, 100, 200]);
  });

  test('what does not pass ends with what AWS said', async () => {
    const { admin, desired } = await stack({
      request: /PutRetentionPolicy/,
      code: 'OperationAbortedException',
      times: 999,
    });
    await expect(collect(apply(admin, desired, { adopt: false }))).rejects.toThrow(
      'CloudWatch Logs PutRetentionPolicy failed: OperationAbortedException: not now',
    );
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(55_000);
  });

  test('throttling is retried by the SDK', { timeout: 20_000 }, async () => {
    const { admin, desired } = await stack(
      { request: /DescribeLogGroups/, code: 'ThrottlingException', times: 2 },
      { request: /Action=GetTopicAttributes/, code: 'Throttling', times: 2 },
      { request: /^HEAD/, code: 'SlowDown', status: 503, times: 1 },
    );
    expect(actionsOf(await collect(apply(admin, desired, { adopt: false })))).toEqual(['created']);
  });

  test("every call to S3 names the bucket's owner, so that nobody else's bucket is used", async () => {
    const { admin, desired, clients, names } = await stack();
    await collect(apply(admin, desired, { adopt: false }));
    await (await clients.s3()).send(new ListObjectsV2Command({ Bucket: names.bucket }));
    const toBucket = seen.filter(({ hostname }) => hostname?.startsWith(names.bucket));
    expect(toBucket.length).toBeGreaterThan(5);
    for (const request of toBucket) {
      const isMaking = request.method === 'PUT' && Object.keys(request.query ?? {}).length === 0;
      expect(request.headers['x-amz-expected-bucket-owner']).toBe(isMaking ? undefined : ACCOUNT);
    }
  });
});

describe('writes to DynamoDB', () => {
  /** Counts how many are under way at once. */
  async function mostAtOnce(server: string) {
    let [now, most] = [0, 0];
    const handler = {
      metadata: { handlerProtocol: 'http/1.1' },
      async handle(request: SdkRequest) {
        if (/PutItem/.test(String(request.headers['x-amz-target']))) most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        if (/PutItem/.test(String(request.headers['x-amz-target']))) now--;
        return { response: { statusCode: 200, headers: { server }, body: Buffer.from('{}') } };
      },
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
      destroy() {},
    };
    const target = { kind: 'local', endpoint: 'http://127.0.0.1:5000', region: 'us-east-1' } as const;
    const db = await createClients(target, { requestHandler: handler }).dynamodb();
    await db.send(new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } }));
    const put = () => db.send(new PutItemCommand({ TableName: 't', Item: { id: { S: '1' } } }));
    await Promise.all([put(), put(), put(), put()]);
    return most;
  }

  test('take turns on moto, which undoes what others wrote along with a cancelled transaction', async () => {
    expect(await mostAtOnce('Werkzeug/3.1.9 Python/3.11.7')).toBe(1);
  });

  test('run side by side everywhere else', async () => {
    expect(await mostAtOnce('Server')).toBe(4);
  });
});
