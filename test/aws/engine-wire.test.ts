import { describe, expect, test } from 'vitest';
import { tracedCalls } from '../../src/aws/call.ts';
import { createClients } from '../../src/aws/clients.ts';
import type { WireAnswer } from '../../src/aws/settings.ts';

type Step = Partial<WireAnswer> | Error;

const refusal = (type: string, status = 400): Step => ({
  status,
  body: JSON.stringify({ __type: type, message: 'no' }),
});
const lost = (code: string) => Object.assign(new Error(code), { code });

/** Calls whose requests are answered by these steps, one after the other; the last one answers all that follow. */
function answeredBy(...steps: Step[]) {
  const sent: { headers: Record<string, string>; body: string }[] = [];
  const pauses: number[] = [];
  const calls = createClients(
    { kind: 'local', engine: 'embedded', endpoint: 'http://127.0.0.1:4566', region: 'eu-west-1' },
    {
      pauses: {
        async sleep(ms) {
          pauses.push(ms);
        },
      },
      wire: {
        id: 'client',
        async send(headers, body) {
          sent.push({ headers, body });
          const step = steps[Math.min(sent.length, steps.length) - 1]!;
          if (step instanceof Error) throw step;
          return { status: 200, headers: {}, body: '{}', ...step };
        },
      },
    },
  );
  return { calls, sent, pauses };
}

const GET = ['dynamodb', 'GetItem', { TableName: 'orders', Key: { id: { S: '1' } } }] as const;

describe('a call in the form of the embedded engine', () => {
  test.each([
    ['sqs', 'ReceiveMessage', 'AmazonSQS', 'sqs'],
    ['sns', 'PublishBatch', 'CliffracerSNS', 'sns'],
    ['dynamodb', 'Scan', 'DynamoDB_20120810', 'dynamodb'],
    ['s3', 'GetObject', 'CliffracerS3', 's3'],
    ['cloudwatch', 'ListMetrics', 'GraniteServiceVersion20100801', 'monitoring'],
    ['logs', 'FilterLogEvents', 'Logs_20140328', 'logs'],
  ] as const)('of %s %s names service, region and caller', async (service, operation, target, signingName) => {
    const { calls, sent } = answeredBy({});
    await calls.call(service, operation as never, {} as never);
    expect(sent[0]!.headers).toMatchObject({
      'x-amz-target': `${target}.${operation}`,
      'user-agent': 'app/cliffracer',
      authorization: expect.stringContaining(`Credential=test/20260101/eu-west-1/${signingName}/aws4_request`),
    });
    expect(sent[0]!.headers).not.toHaveProperty('x-amzn-trace-id');
  });

  test('bears the trace and the name that it is made in', async () => {
    const { calls, sent } = answeredBy({});
    await tracedCalls(calls, { traceHeader: 'Root=1-2-3', caller: 'payment' }).call(...GET);
    expect(sent[0]!.headers).toMatchObject({ 'x-amzn-trace-id': 'Root=1-2-3', 'user-agent': 'app/payment' });
  });

  test.each([
    ['throttling', refusal('com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException')],
    ['a failure of the engine', refusal('InternalServerError', 500)],
    ['a page of a failing server', { status: 502, body: '<html>' }],
    ['a lost connection', lost('ECONNRESET')],
  ])('is repeated after %s, as the same call', async (_what, step) => {
    const { calls, sent, pauses } = answeredBy(step, step, { body: '{"Item":{}}' });
    expect(await calls.call(...GET)).toEqual({ Item: {} });
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(1);
    expect(pauses.every((ms) => ms >= 0 && ms <= 400)).toBe(true);
    await calls.call(...GET);
    expect(new Set(sent.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(2);
  });

  test('fails after four attempts', async () => {
    const { calls, sent } = answeredBy(refusal('ThrottlingException'));
    await expect(calls.call(...GET)).rejects.toMatchObject({ code: 'aws_error', retryable: true });
    expect(sent).toHaveLength(4);
  });

  test.each([
    ['what the caller did wrong', refusal('ValidationException'), 'aws_error'],
    ['a table that is not there', refusal('ResourceNotFoundException'), 'not_provisioned'],
    ['nobody who listens', lost('ECONNREFUSED'), 'engine_unreachable'],
    ['a silent engine', lost('ETIMEDOUT'), 'engine_unreachable'],
    ['a page', { body: '<html>', headers: { 'content-type': 'text/html' } }, 'not_an_engine'],
    ['text', { body: 'hello' }, 'not_an_engine'],
    ['an end by the caller', Object.assign(new Error('stop'), { name: 'AbortError' }), 'interrupted'],
  ])('is not repeated after %s', async (_what, step, code) => {
    const { calls, sent } = answeredBy(step);
    await expect(calls.call(...GET)).rejects.toMatchObject({ code });
    expect(sent).toHaveLength(1);
  });

  test.each([new TypeError('a fault'), Object.assign(new TypeError('a fault'), { code: 'ERR_INVALID_ARG_TYPE' })])(
    'leaves a fault of this program as it is: %s',
    async (fault) => {
      const { calls, sent } = answeredBy(fault);
      await expect(calls.call(...GET)).rejects.toBe(fault);
      expect(sent).toHaveLength(1);
    },
  );

  test('gives what a refused transaction says of each write', async () => {
    const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: '1' } } }];
    const body = JSON.stringify({
      __type: 'a#TransactionCanceledException',
      Message: 'cancelled',
      CancellationReasons,
    });
    const { calls } = answeredBy({ status: 400, body });
    const failure = await calls.call('dynamodb', 'TransactWriteItems', { TransactItems: [] }).catch((error) => error);
    expect(failure.cause).toMatchObject({ name: 'TransactionCanceledException', CancellationReasons });
  });

  test('sends and takes bytes as Base64, and nothing else for bytes', async () => {
    const { calls, sent } = answeredBy(
      {},
      { body: '{"Messages":[{"Body":"BinaryValue","MessageAttributes":{"a":{"BinaryValue":"YWI="}}}]}' },
    );
    await calls.call('s3', 'PutObject', { Bucket: 'b', Key: 'k', Body: Buffer.from('ab') });
    expect(JSON.parse(sent[0]!.body)).toEqual({ Bucket: 'b', Key: 'k', Body: 'YWI=', ContentLength: 2 });
    const { Messages } = await calls.call('sqs', 'ReceiveMessage', { QueueUrl: 'q' });
    expect(Messages).toEqual([{ Body: 'BinaryValue', MessageAttributes: { a: { BinaryValue: Buffer.from('ab') } } }]);
  });
});
