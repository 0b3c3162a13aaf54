import { reported } from '../own-calls.ts';
import type { ServiceName } from './call.ts';
import type { EngineOperation } from './engine-call.ts';
import { SERVICE_TITLES, THROTTLING } from './errors.ts';
import { ANSWER_TIMEOUT_MS, type Pauses, spreadPauseMs } from './retry.ts';
import { scopeOnly } from './scope-signer.ts';
import type { WireAnswer, WireSend } from './settings.ts';
import { OWN_NAME } from './target.ts';

export interface WireOptions {
  send: WireSend;
  region: string;
  /** Distinguishes this client's calls from those of every other. */
  id: string;
  pauses: Pauses;
  onAnswer?: ((headers: WireAnswer['headers']) => void) | undefined;
}

/** The embedded engine takes AWS JSON for every service; for SNS and S3, which have none on AWS, under names of its own. */
const TARGETS: Readonly<Record<ServiceName, string>> = {
  sqs: 'AmazonSQS',
  sns: 'CliffracerSNS',
  dynamodb: 'DynamoDB_20120810',
  s3: 'CliffracerS3',
  cloudwatch: 'GraniteServiceVersion20100801',
  logs: 'Logs_20140328',
};

/** As many as the SDK's clients make of a local engine's calls. */
const ATTEMPTS = 4;

/** Operations of an embedded engine by HTTP messages, without the SDK: it takes more time to load than most commands have. */
export function wireOperation(options: WireOptions): EngineOperation {
  const { send, region, id, pauses, onAnswer } = options;
  let calls = 0;
  const call: EngineOperation = async (service, operation, input, callOptions = {}) => {
    const { origin = {}, abortSignal, requestTimeout } = callOptions;
    const invocation = `${id}-${++calls}`;
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${TARGETS[service]}.${operation}`,
      authorization: scopeOnly(service, region),
      'user-agent': `app/${origin.caller ?? OWN_NAME}`,
      'amz-sdk-invocation-id': invocation,
      ...(origin.traceHeader !== undefined && { 'x-amzn-trace-id': origin.traceHeader }),
    };
    const body = encoded(operation, input);
    const limits = { timeoutMs: requestTimeout ?? ANSWER_TIMEOUT_MS, ...(abortSignal && { signal: abortSignal }) };
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await send(headers, body, limits);
        onAnswer?.(answer.headers);
        return outputOf(operation, answer);
      } catch (error) {
        if (attempt === ATTEMPTS || abortSignal?.aborted || !isTransient(error)) throw error;
        await pauses.sleep(spreadPauseMs(attempt, invocation));
      }
    }
  };
  return (service, operation, ...rest) =>
    reported(
      `${SERVICE_TITLES[service]} ${operation}`,
      () => 'ok',
      () => call(service, operation, ...rest),
    );
}

const MAY_HAVE_BYTES = new Set(['Publish', 'PublishBatch', 'SendMessage', 'SendMessageBatch']);

function encoded(operation: string, input: object): string {
  if (operation === 'PutObject') {
    const { Body, ...others } = input as { Body: Uint8Array };
    // Before JSON.stringify sees it, which would first list a Buffer's bytes as numbers.
    return JSON.stringify({ ...others, Body: Buffer.from(Body).toString('base64') });
  }
  return MAY_HAVE_BYTES.has(operation) ? JSON.stringify(input, base64) : JSON.stringify(input);
}

function base64(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const given = this[name];
  return given instanceof Uint8Array ? Buffer.from(given).toString('base64') : value;
}

function outputOf(operation: string, { status, headers, body }: WireAnswer): unknown {
  const read = body === '' ? {} : parsed(body, status, headers);
  if (status >= 400) throw asError(read, status);
  if (operation === 'GetObject') read.Body = Buffer.from(String(read.Body ?? ''), 'base64');
  if (operation === 'ReceiveMessage' && body.includes('"BinaryValue"')) {
    return JSON.parse(body, (name, value) =>
      name === 'BinaryValue' && typeof value === 'string' ? Buffer.from(value, 'base64') : value,
    );
  }
  return read;
}

function parsed(body: string, statusCode: number, headers: WireAnswer['headers']): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch (error) {
    // Another server, or an engine that failed in the middle of its answer.
    throw Object.assign(error as SyntaxError, { status: statusCode, $response: { statusCode, headers } });
  }
}

/** The error as an operation of the engine throws it. */
function asError({ __type: type = '', message, Message, ...fields }: Record<string, unknown>, status: number): Error {
  const code = String(type).replace(/^.*#/, '');
  return Object.assign(new Error(String(message ?? Message ?? code)), { code, status, fields });
}

/**
 * What the SDK's standard retries take for passing (AWS SDKs and Tools Reference Guide, Retry behavior), but for an engine
 * that does not listen or stays silent: it would do so again.
 */
function isTransient(error: unknown): boolean {
  const { code = '', status = 0 } = error as { code?: string; status?: number };
  return status >= 500 || code === 'ECONNRESET' || code === 'EPIPE' || THROTTLING.test(code);
}
