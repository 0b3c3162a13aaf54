import type { RequiredService } from './probe.ts';
import { jsonCall, queryCall, type RawCall, rawCall } from './raw-call.ts';

export interface Ping {
  service: RequiredService;
  latencyMs: number;
  /** Why the service counts as failed; undefined when it answered. */
  error: string | undefined;
}

/** The cheapest reading call of each service, in the protocol that every engine has for it. */
const CALLS: Readonly<Record<RequiredService, RawCall>> = {
  sns: queryCall('sns', { Action: 'ListTopics', Version: '2010-03-31' }),
  sqs: jsonCall('sqs', '1.0', 'AmazonSQS.ListQueues'),
  dynamodb: jsonCall('dynamodb', '1.0', 'DynamoDB_20120810.ListTables'),
  s3: { scope: 's3', path: '/', method: 'GET', headers: {} },
  cloudwatch: jsonCall('monitoring', '1.0', 'GraniteServiceVersion20100801.ListMetrics'),
  logs: jsonCall('logs', '1.1', 'Logs_20140328.DescribeLogGroups'),
};

/** One small call to a service. Never rejects; a service that hangs is given up at the deadline. */
export async function ping(
  endpoint: string,
  region: string,
  service: RequiredService,
  timeoutMs: number,
): Promise<Ping> {
  try {
    const answer = await rawCall(endpoint, region, CALLS[service], timeoutMs);
    const error = answer.status < 400 ? undefined : `HTTP ${answer.status}: ${answer.body.slice(0, 200)}`;
    return { service, latencyMs: answer.latencyMs, error };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const why = code === 'ETIMEDOUT' ? `hangs: no answer within ${timeoutMs} ms` : message || code || 'no answer';
    return { service, latencyMs: timeoutMs, error: why };
  }
}

/** The account that an engine says the test key belongs to; undefined when it does not say. */
export async function callerAccount(endpoint: string, region: string, timeoutMs: number): Promise<string | undefined> {
  const call = queryCall('sts', { Action: 'GetCallerIdentity', Version: '2011-06-15' });
  const answer = await rawCall(endpoint, region, call, timeoutMs).catch(() => undefined);
  return /<Account>(\d{12})<\/Account>/.exec(answer?.body ?? '')?.[1];
}
