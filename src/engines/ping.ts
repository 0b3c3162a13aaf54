import { httpCall } from './http.ts';
import type { RequiredService } from './probe.ts';

export interface Ping {
  service: RequiredService;
  latencyMs: number;
  /** Why the service counts as failed; undefined when it answered. */
  error: string | undefined;
}

interface Call {
  path: string;
  method: 'GET' | 'POST';
  /** In the credential scope, by which engines tell services apart. */
  scope: string;
  headers: Record<string, string>;
  body?: string;
}

const json = (scope: string, version: string, target: string): Call => ({
  ...{ scope, path: '/', method: 'POST', body: '{}' },
  headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
});

/** The cheapest reading call of each service, in the protocol that every engine has for it. */
const CALLS: Readonly<Record<RequiredService, Call>> = {
  sns: {
    ...{ scope: 'sns', path: '/', method: 'POST', body: 'Action=ListTopics&Version=2010-03-31' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  sqs: json('sqs', '1.0', 'AmazonSQS.ListQueues'),
  dynamodb: json('dynamodb', '1.0', 'DynamoDB_20120810.ListTables'),
  s3: { scope: 's3', path: '/', method: 'GET', headers: {} },
  cloudwatch: json('monitoring', '1.0', 'GraniteServiceVersion20100801.ListMetrics'),
  logs: json('logs', '1.1', 'Logs_20140328.DescribeLogGroups'),
};

/**
 * One small call to a service, without the SDK: emulators take any signature, so a made-up one with the well-known
 * test key is enough, and no real key is ever used. Never rejects; a service that hangs is given up at the deadline.
 */
export async function ping(
  endpoint: string,
  region: string,
  service: RequiredService,
  timeoutMs: number,
): Promise<Ping> {
  const { path, method, scope, headers, body } = CALLS[service];
  const authorization =
    `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${scope}/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  try {
    const answer = await httpCall(endpoint.replace(/\/+$/, '') + path, {
      ...{ method, timeoutMs },
      ...(body !== undefined && { body }),
      headers: { ...headers, authorization, 'x-amz-date': '20260101T000000Z' },
    });
    const error = answer.status < 400 ? undefined : `HTTP ${answer.status}: ${answer.body.slice(0, 200)}`;
    return { service, latencyMs: answer.latencyMs, error };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const why = code === 'ETIMEDOUT' ? `hangs: no answer within ${timeoutMs} ms` : message || code || 'no answer';
    return { service, latencyMs: timeoutMs, error: why };
  }
}
