import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';

interface Seen {
  hostname: string;
  port?: number;
  path: string;
  headers: Record<string, string>;
}

/** Records requests and answers with an empty document. */
function recorder() {
  const seen: Seen[] = [];
  return {
    seen,
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: Seen) {
      seen.push(request);
      const xml = request.headers['x-amz-target'] === undefined;
      const body = Buffer.from(xml ? '<Result/>' : '{}');
      return { response: { statusCode: 200, headers: {}, body } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

afterEach(() => vi.unstubAllEnvs());

describe('where calls go', () => {
  test('to the endpoint given, with test credentials, whatever the environment says', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', 'http://127.0.0.1:2');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'real');
    vi.stubEnv('AWS_PROFILE', 'no-such-profile');
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    vi.stubEnv('AWS_USE_DUALSTACK_ENDPOINT', 'true');
    const requestHandler = recorder();
    const clients = createClients(
      { kind: 'local', endpoint: 'http://127.0.0.1:4566', region: 'eu-west-1' },
      { requestHandler },
    );
    await (await clients.sqs()).send(new ListQueuesCommand({}));
    await (await clients.s3()).send(new ListObjectsV2Command({ Bucket: 'receipts' }));
    expect(requestHandler.seen.map(({ hostname, port, path }) => `${hostname}:${port}${path}`)).toEqual([
      '127.0.0.1:4566/',
      '127.0.0.1:4566/receipts/',
    ]);
    for (const { headers } of requestHandler.seen) {
      expect(headers.authorization).toContain('Credential=test/');
      expect(headers.authorization).toContain('/eu-west-1/');
    }
  });

  test('to AWS only when the target says so, also when an endpoint is configured', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const requestHandler = recorder();
    const clients = createClients({ kind: 'aws', region: 'eu-west-1' }, { requestHandler });
    await (await clients.sqs()).send(new ListQueuesCommand({}));
    await (await clients.s3()).send(new ListObjectsV2Command({ Bucket: 'receipts' }));
    expect(requestHandler.seen.map(({ hostname }) => hostname)).toEqual([
      'sqs.eu-west-1.amazonaws.com',
      // Whose account it is, so that no other account's bucket is used.
      'sts.eu-west-1.amazonaws.com',
      'receipts.s3.eu-west-1.amazonaws.com',
    ]);
  });

  test('a service can be had from another engine', async () => {
    const requestHandler = recorder();
    const endpoints = { s3: 'http://127.0.0.1:5000' };
    const clients = createClients(
      { kind: 'local', endpoint: 'http://127.0.0.1:4566', endpoints, region: 'us-east-1' },
      { requestHandler },
    );
    await (await clients.sqs()).send(new ListQueuesCommand({}));
    await (await clients.s3()).send(new ListObjectsV2Command({ Bucket: 'receipts' }));
    expect(requestHandler.seen.map(({ port }) => port)).toEqual([4566, 5000]);
  });

  test('a local target without an endpoint is refused', () => {
    expect(() => createClients({ kind: 'local', region: 'us-east-1' })).toThrow('endpoint');
  });

  test('large metric requests are not compressed', async () => {
    const requestHandler = recorder();
    const clients = createClients(
      { kind: 'local', endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' },
      { requestHandler },
    );
    const MetricData = Array.from({ length: 500 }, () => ({ MetricName: 'm', Value: 1 }));
    await (await clients.cloudwatch()).send(new PutMetricDataCommand({ Namespace: 'n', MetricData }));
    expect(requestHandler.seen[0]!.headers).not.toHaveProperty('content-encoding');
  });

  test('the account of a local engine is asked for once, or taken as given', async () => {
    const requestHandler = recorder();
    const target = { kind: 'local', endpoint: 'http://127.0.0.1:4566', region: 'us-gov-west-1' } as const;
    const given = createClients({ ...target, account: '123456789012' }, { requestHandler });
    expect(await given.identity()).toEqual({
      account: '123456789012',
      region: 'us-gov-west-1',
      partition: 'aws-us-gov',
    });
    expect(requestHandler.seen).toEqual([]);
    const asking = createClients(target, { requestHandler });
    expect(await asking.identity()).toBe(await asking.identity());
    expect(requestHandler.seen).toHaveLength(1);
  });
});
