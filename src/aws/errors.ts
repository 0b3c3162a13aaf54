import { CliffracerError } from '../errors.ts';
import { FOREIGN_REMEDY } from '../topology/ownership-guard.ts';
import { type AwsService, missingResource, tablesOf } from './missing.ts';
import { type ClientName, flagsOf, placeOf, stackPlaceOf, type Target } from './target.ts';

/** The part of the SDK's middleware contract that is used here. */
export type Middleware = (
  next: (args: { input?: unknown }) => Promise<unknown>,
  context: { commandName?: string },
) => (args: { input?: unknown }) => Promise<unknown>;

/** An error as the SDK throws it. */
export interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

/** The services as messages name them. */
export const SERVICE_TITLES: Readonly<Record<ClientName, AwsService>> = {
  sqs: 'SQS',
  sns: 'SNS',
  dynamodb: 'DynamoDB',
  s3: 'S3',
  cloudwatch: 'CloudWatch',
  logs: 'CloudWatch Logs',
  sts: 'STS',
};

interface Where {
  service: AwsService;
  operation: string;
  input: unknown;
  target: Target;
}

/**
 * Two middlewares that turn every failure of a client into a CliffracerError: `outer` around the whole call, `inner` within
 * the SDK's retries for what trying again at once cannot fix.
 */
export function translateErrors(service: AwsService, target: Target): { outer: Middleware; inner: Middleware } {
  const where = (context: { commandName?: string }, input: unknown): Where => {
    return { service, operation: (context.commandName ?? 'call').replace(/Command$/, ''), input, target };
  };
  return {
    outer: (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw translate(error, where(context, args.input));
      }
    },
    inner: (next, context) => async (args) => {
      try {
        const answer = (await next(args)) as { response?: SdkError['$response'] };
        // The XML protocols find nothing that they look for in a page, and take it for an empty success.
        if (isPage(answer.response) && context.commandName !== 'GetObjectCommand') {
          throw notAnEngine(where(context, args.input));
        }
        return answer;
      } catch (error) {
        // A refused connection on this machine means that nobody listens, and a silent engine stays silent: no retry. The
        // SDK looks into causes for reasons to retry, so this error has none.
        const { code, name } = error as SdkError;
        if (
          target.kind === 'local' &&
          (code === 'ECONNREFUSED' || (name === 'TimeoutError' && code !== 'ECONNRESET'))
        ) {
          throw unreachable(error as SdkError, where(context, args.input), { cause: false });
        }
        throw error;
      }
    },
  };
}

/** What AWS called the error, where a CliffracerError (or an error of the SDK) carries one. */
export function awsCodeOf(error: unknown): string | undefined {
  return awsErrorOf(error)?.name;
}

/** The SDK's own error behind a translated one. */
export function awsErrorOf(error: unknown): SdkError | undefined {
  return error instanceof CliffracerError && error.cause instanceof Error ? (error.cause as SdkError) : undefined;
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
export const THROTTLING =
  /Thrott|TooManyRequests|RequestLimitExceeded|SlowDown|ProvisionedThroughputExceeded|RequestThrottled/;
const CREDENTIALS =
  /^(CredentialsProviderError|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|TokenProviderError)$/;

export function translate(thrown: unknown, where: Where): CliffracerError {
  if (thrown instanceof CliffracerError) return thrown;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
  const { service, operation, target } = where;
  if (error.name === 'AbortError') {
    return new CliffracerError('interrupted', `${service} ${operation} was interrupted`, { cause: error });
  }
  if (NETWORK_CODES.has(error.code ?? '') || error.name === 'TimeoutError') return unreachable(error, where);
  if (isForeign(error)) return notAnEngine(where, error);
  const missing = missingResource(service, error.name, error.message, where.input);
  if (missing !== undefined) return notProvisioned(missing, error, target);
  if (isForeignKey(service, error)) return foreignTable(error, where);
  if (CREDENTIALS.test(error.name)) return badCredentials(error, where);
  return awsError(error, where);
}

function unreachable(error: SdkError, where: Where, options = { cause: true }): CliffracerError {
  const { service, operation, target } = where;
  const local = target.kind === 'local';
  // As whoever asks the engine itself says it: that nobody is there has nothing to do with the call.
  const message =
    local && error.code === 'ECONNREFUSED'
      ? `no engine answers at ${placeOf(target)}: nothing listens there`
      : `${placeOf(target)}: ${service} ${operation} ${whatFailed(error)}`;
  return new CliffracerError('engine_unreachable', message, {
    hint: local ? 'cliffracer up' : 'check the network and the region',
    retryable: true,
    ...(options.cause && { cause: error }),
  });
}

function whatFailed(error: SdkError): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'found nothing that listens there';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'lost the connection';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'could not find the host';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'found no way to the host';
    default:
      return 'got no answer in time';
  }
}

/** DynamoDB's words for a key of other names or types (AWS, DynamoDB API reference, common errors; moto's tests). */
const isForeignKey = (service: AwsService, { name, message }: SdkError) =>
  service === 'DynamoDB' &&
  name === 'ValidationException' &&
  /key element does not match the schema|Missing the key .+ in the item|One of the required keys was not given/.test(
    message,
  );

function foreignTable(error: SdkError, { input, target }: Where): CliffracerError {
  const names = tablesOf((input ?? {}) as Record<string, unknown>);
  const tables = names.length === 1 ? `table ${names[0]}` : `one of the tables ${names.join(', ')}`;
  const message = `${tables} at ${stackPlaceOf(target)} has another key than this program's: it is another program's`;
  return new CliffracerError('refused', message, { hint: FOREIGN_REMEDY, cause: error });
}

function notProvisioned(missing: string, error: SdkError, target: Target): CliffracerError {
  return new CliffracerError('not_provisioned', `${missing} does not exist at ${stackPlaceOf(target)}`, {
    hint: `cliffracer provision${flagsOf(target)}`,
    cause: error,
  });
}

function notAnEngine({ service, operation, target }: Where, error?: SdkError): CliffracerError {
  return new CliffracerError('not_an_engine', `${placeOf(target)} did not answer ${service} ${operation} as AWS does`, {
    hint: 'check the endpoint: cliffracer health',
    ...(error && { cause: error }),
  });
}

/** An HTML page, or text that is neither JSON nor XML: a web server, a proxy, a login page. */
function isForeign(error: SdkError): boolean {
  // moto answers an exception of its own with an HTML page and 500: that is an engine, and its failure.
  if ((error.$response?.statusCode ?? 0) >= 500) return false;
  return isPage(error.$response) || error instanceof SyntaxError || /Deserialization error/.test(error.message);
}

/** Some engines call an empty answer, or even a good one, text/html as well; those carry AWS's headers. */
function isPage(response: SdkError['$response']): boolean {
  const headers = new Map(Object.entries(response?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  if (!/text\/html/i.test(headers.get('content-type') ?? '') || headers.get('content-length') === '0') return false;
  return ![...headers.keys()].some((name) => name.startsWith('x-amz'));
}

function badCredentials(error: SdkError, { service, operation, target }: Where): CliffracerError {
  // The text of a signature error quotes the signed request; it is left out.
  const why = error.name === 'CredentialsProviderError' ? `: ${oneLine(error.message)}` : '';
  const profile = target.profile === undefined ? '' : ` --profile ${target.profile}`;
  return new CliffracerError('credentials', `${service} ${operation} failed: ${error.name}${why}`, {
    hint: target.kind === 'aws' ? `check the credentials: aws sts get-caller-identity${profile}` : undefined,
    cause: error,
  } as { hint?: string; cause: unknown });
}

function awsError(error: SdkError, { service, operation, target }: Where): CliffracerError {
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode ?? 0;
  const throttled = THROTTLING.test(error.name);
  // The failure of an engine that crashed in the middle of its answer: what it sent is no message for anybody.
  const crashed = isPage(error.$response) || error instanceof SyntaxError;
  const said = error.message && error.message !== error.name && !crashed ? `: ${oneLine(error.message)}` : '';
  const unnamed = crashed || /^(Error|Unknown|UnknownError)$/.test(error.name);
  const code = unnamed && status > 0 ? `HTTP ${status}` : error.name;
  return new CliffracerError('aws_error', `${service} ${operation} failed: ${code}${said}`, {
    ...(status >= 500 && target.kind === 'local' && { hint: 'look at the engine: cliffracer health' }),
    retryable: throttled || status >= 500,
    cause: error,
  });
}

const LONGEST_TEXT = 400;

/** One bounded line without access keys. */
function oneLine(text: string): string {
  const line = text
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '$1...')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}...` : line;
}
