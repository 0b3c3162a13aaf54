import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { reported } from '../own-calls.ts';
import { type Identity, partitionOf } from '../topology/arns.ts';
import type { AwsCalls, Call } from './call.ts';
import { type Middleware, SERVICE_TITLES, translateErrors } from './errors.ts';
import { makePropertiesFast } from './fast-properties.ts';
import type { AwsService } from './missing.ts';
import { realPauses } from './retry.ts';
import { ScopeSigner } from './scope-signer.ts';
import type { ClientOptions, Settings } from './settings.ts';
import type { ClientName, Target } from './target.ts';
import { traceHeaders } from './trace-headers.ts';

/** The SDK's clients for one target, each loaded and made at its first use. */
export interface Clients extends AwsCalls {
  sqs(): Promise<SQSClient>;
  sns(): Promise<SNSClient>;
  dynamodb(): Promise<DynamoDBClient>;
  s3(): Promise<S3Client>;
  cloudwatch(): Promise<CloudWatchClient>;
  logs(): Promise<CloudWatchLogsClient>;
  /** Closes the connections that are kept open. */
  close(): void;
}

/** The only place where SDK clients are made. */
export function createClients(target: Target, options: ClientOptions = {}): Clients {
  if (target.kind === 'local' && target.endpoint === undefined) throw new TypeError('a local target needs an endpoint');
  const { region } = target;
  const inProcess = target.kind === 'local' && options.requestHandler !== undefined;
  const made: { destroy(): void }[] = [];
  const settings = once(async () => {
    const all = (await import('./settings.ts')).clientSettings(target, options);
    if (all.agent !== undefined) made.push(all.agent);
    return all;
  });
  const client = <C extends Client>(name: ClientName, make: () => Promise<(settings: Settings) => C>) =>
    once(async () => {
      const elsewhere = target.endpoints?.[name];
      const own = elsewhere === undefined ? {} : { endpoint: elsewhere };
      const [{ agent: _agent, ...common }, create] = await Promise.all([settings(), make()]);
      const created = create({
        ...common,
        ...own,
        ...(inProcess && { signer: new ScopeSigner(name, region) }),
      });
      // In this process nobody reads who calls.
      if (inProcess) stackOf(created).remove('getUserAgentMiddleware');
      addTelling(created, SERVICE_TITLES[name]);
      addErrorTranslation(created, SERVICE_TITLES[name], { ...target, ...own });
      addListener(created, options.onAnswer);
      stackOf(created).add(traceHeaders, { step: 'build', priority: 'low', name: 'traceHeaders' });
      if (options.looks && target.kind === 'local') addLookHeader(created);
      makePropertiesFast(created.config);
      made.push(created);
      return created;
    });
  const identity = once(async (): Promise<Identity> => {
    const { account: known } = target;
    const partition = partitionOf(region);
    // On AWS the account is never taken on trust: it is what safety guards compare.
    if (known !== undefined && target.kind === 'local') return { account: known, region, partition };
    return { ...(await (await import('./clients/sts.ts')).callerIdentity(await sts())), region, partition };
  });
  const sts = client('sts', async () => (await import('./clients/sts.ts')).stsClient);
  const s3 = client('s3', async () => (await import('./clients/s3.ts')).s3Client);
  const services = {
    sqs: client('sqs', async () => (await import('./clients/sqs.ts')).sqsClient),
    sns: client('sns', async () => (await import('./clients/sns.ts')).snsClient),
    dynamodb: client('dynamodb', async () => (await import('./clients/dynamodb.ts')).dynamodbClient),
    s3: once(async () => {
      const created = await s3();
      if (target.kind === 'aws') (await import('./clients/s3.ts')).onlyOwn(created, (await identity()).account);
      return created;
    }),
    cloudwatch: client('cloudwatch', async () => (await import('./clients/cloudwatch.ts')).cloudwatchClient),
    logs: client('logs', async () => (await import('./clients/logs.ts')).logsClient),
  };
  const { pauses = realPauses, wire } = options;
  const load = async () => {
    if (wire === undefined) return (await import('./sdk-call.ts')).sdkCall(services);
    const [{ engineCall }, { wireOperation }] = await Promise.all([
      import('./engine-call.ts'),
      import('./engine-wire.ts'),
    ]);
    return engineCall(wireOperation({ ...wire, region, pauses, onAnswer: options.onAnswer }), target);
  };
  const loaded = once<Call>(load);
  return {
    ...services,
    target,
    pauses,
    call: async (...args) => (await loaded())(...args),
    identity,
    close() {
      for (const each of made) each.destroy();
      wire?.close?.();
    },
  };
}

interface Client {
  config: object;
  middlewareStack: unknown;
  destroy(): void;
}

interface MiddlewareStack {
  add(middleware: Middleware, options: object): void;
  remove(name: string): boolean;
}

const stackOf = (client: Client) => client.middlewareStack as MiddlewareStack;

/** Around the whole call, the SDK's own retries within. */
function addTelling(client: Client, service: AwsService): void {
  const tell: Middleware = (next, { commandName = 'call' }) => {
    const name = `${service} ${commandName.replace(/Command$/, '')}`;
    return (args) =>
      reported(
        name,
        () => 'ok',
        () => next(args),
      );
  };
  stackOf(client).add(tell, { step: 'initialize', priority: 'high', name: 'tellCall' });
}

function addErrorTranslation(client: Client, service: AwsService, target: Target): void {
  const { outer, inner } = translateErrors(service, target);
  const stack = stackOf(client);
  stack.add(outer, { step: 'initialize', priority: 'high', name: 'translateErrors' });
  stack.add(inner, { step: 'finalizeRequest', priority: 'low', name: 'failFast' });
}

function addListener(client: Client, onAnswer: ClientOptions['onAnswer']): void {
  if (onAnswer === undefined) return;
  const listen: Middleware = (next) => async (args) => {
    const answer = (await next(args)) as { response?: { headers?: Record<string, string> } };
    onAnswer(answer.response?.headers);
    return answer;
  };
  // Next to the wire: what comes after it makes exceptions of errors.
  stackOf(client).add(listen, { step: 'deserialize', priority: 'low', name: 'onAnswer' });
}

function addLookHeader(client: Client): void {
  const mark: Middleware = (next) => (args) => {
    const { request } = args as { request?: { headers: Record<string, string> } };
    if (request !== undefined) request.headers['x-cliffracer-look'] = '1';
    return next(args);
  };
  // Next to the wire: what is signed, as a presigned address, knows nothing of it.
  stackOf(client).add(mark, { step: 'deserialize', priority: 'low', name: 'look' });
}

/** Remembers the first success; after a failure the next call tries again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= make().catch((error) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
