import type { Clients } from './aws/clients.ts';
import type { WireSend } from './aws/settings.ts';
import type { Target } from './aws/target.ts';
import type { Clock } from './clock.ts';
import type { ServerClock } from './engines/server-clock.ts';
import type { Ports, QueuePort } from './ports.ts';
import type { StackAdmin } from './shop/stack/admin.ts';
import type { StackNames } from './shop/stack/names.ts';
import type { Desired } from './topology/resources.ts';

/** One stack on one target, ready for use. */
export interface Connection {
  target: Target;
  names: StackNames;
  clients: Clients;
  ports: Ports;
  /** The same, with calls that are part of one trace, the root of its id as X-Ray has it, and in another's name. */
  traced(root: string, caller: string): Ports;
  /** Queues by their own names, whatever stack they are of. */
  queues: QueuePort;
  /** Time as it is there, which what the shop writes bears. */
  clock: Clock;
  /** `clock.now()`, asked for where no answer has told it yet. */
  now(): Promise<number>;
  /** What looks at and changes the stack's resources, and what they should be. */
  administration(): Promise<{ admin: StackAdmin; desired: Desired[] }>;
}

/** The embedded engine's account for every key that is not an account id itself. */
export const EMBEDDED_ACCOUNT = '000000000000';

export interface ConnectOptions {
  clock: Clock;
  /** Stands in for HTTP, as for an engine in this process. */
  requestHandler?: unknown;
  /** Tells this program's calls from those of others in its name. */
  uuid?: () => string;
}

/**
 * Builds the clients; only for AWS is anything called yet, to know the account.
 */
export async function connectTo(
  target: Target,
  stack: string | undefined,
  options: ConnectOptions,
): Promise<Connection> {
  const [{ tracedCalls }, { createClients }, { ServerClock }, { createAnyQueues, createPorts }, { stackNames }] =
    await Promise.all([
      import('./aws/call.ts'),
      import('./aws/clients.ts'),
      import('./engines/server-clock.ts'),
      import('./aws/ports.ts'),
      import('./shop/stack/names.ts'),
    ]);
  const { requestHandler } = options;
  const clock = new ServerClock(options.clock);
  const wire = await wireOf(target, options);
  const clients = createClients(
    { ...target, stack: stackNames(stack).stack },
    { requestHandler, wire, pauses: options.clock, onAnswer: (headers) => clock.observe(headers) },
  );
  // On AWS everybody's buckets share their names.
  const names = stackNames(stack, target.kind === 'aws' ? await clients.identity() : undefined);
  const administration = async () => {
    const [{ createStackAdmin }, { desiredStack }] = await Promise.all([
      import('./aws/admin/index.ts'),
      import('./shop/stack/desired.ts'),
    ]);
    const desired = desiredStack(names, await clients.identity(), { tlsOnly: isSecure(target) });
    return { admin: createStackAdmin(clients, names), desired };
  };
  const now = async () => {
    if (!clock.observed && target.kind === 'local' && requestHandler === undefined) await askTime(target, clock);
    return clock.now();
  };
  const [ports, queues] = [createPorts(clients, names), createAnyQueues(clients)];
  const traced = (root: string, caller: string) =>
    createPorts(tracedCalls(clients, { traceHeader: `Root=${root}`, caller }), names);
  return { target, names, clients, ports, traced, queues, clock, now, administration };
}

/** How requests reach an engine that is known to be the embedded one; undefined for every other. */
async function wireOf({ engine, endpoint, endpoints = {} }: Target, options: ConnectOptions) {
  if (engine !== 'embedded' || endpoint === undefined || Object.keys(endpoints).length > 0) return undefined;
  const { requestHandler, uuid = () => 'call' } = options;
  if (requestHandler !== undefined) return { send: handlerSend(requestHandler as Handler), id: uuid() };
  const { HttpConnections } = await import('./engines/http.ts');
  const connections = new HttpConnections(endpoint);
  const send: WireSend = (headers, body, limits) => connections.call({ method: 'POST', headers, body, ...limits });
  return { send, id: uuid(), close: () => connections.close() };
}

/** The SDK's interface to whatever carries its requests. */
interface Handler {
  handle(
    request: object,
    options: { abortSignal?: AbortSignal | undefined },
  ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }>;
}

const handlerSend =
  (handler: Handler): WireSend =>
  async (headers, body, { signal }) => {
    const { response } = await handler.handle({ method: 'POST', path: '/', headers, body }, { abortSignal: signal });
    return { status: response.statusCode, headers: response.headers, body: Buffer.from(response.body).toString() };
  };

const PATIENCE_MS = 2_000;

/** Where nobody answers the call that follows says so. */
async function askTime({ endpoint }: Target, clock: ServerClock): Promise<void> {
  const { httpCall } = await import('./engines/http.ts');
  const answer = await httpCall(`${endpoint}/_localstack/health`, { timeoutMs: PATIENCE_MS }).catch(() => undefined);
  if (answer !== undefined) clock.observe(answer.headers);
}

/** A policy that asks for TLS would lock out the clients of an engine that speaks plain HTTP and obeys policies. */
const isSecure = ({ endpoint }: Target): boolean => endpoint?.startsWith('https:') ?? true;
