import { Engine } from './core/engine.ts';
import { type HostTime, systemTime } from './core/host.ts';
import type { ServiceDefinition } from './core/types.ts';
import { localStackRoutes } from './http/localstack.ts';
import { dispatcher, type OnError } from './protocols/dispatch.ts';
import type { EmulatorRequest, EmulatorResponse } from './protocols/wire.ts';
import { allServices } from './services.ts';

export type { EmulatorRequest, EmulatorResponse } from './protocols/wire.ts';

export interface EmulatorOptions {
  host?: HostTime;
  /** Seed of ids, delivery order and faults. */
  seed?: number;
  /** Starts with the clock frozen at this time (milliseconds since the epoch). */
  frozenAt?: number;
  services?: readonly ServiceDefinition[];
  /** What the health document says. */
  version?: string;
  /** Tells this engine from others that answer at the same address. */
  instance?: string;
  /** Told of every error that is the engine's own fault; the client only gets InternalFailure. */
  onError?: OnError;
}

/** Answers requests under a path that is no AWS API; `path` is the part after the prefix, without the query. */
export type RouteHandler = (
  request: EmulatorRequest,
  path: string,
  query: URLSearchParams,
) => EmulatorResponse | Promise<EmulatorResponse>;

export interface Emulator {
  readonly engine: Engine;
  /** Path prefix (`/_cliffracer/clock`) -> handler; the longest prefix of whole path segments wins. */
  readonly routes: Map<string, RouteHandler>;
  /** Answers any request; never rejects. */
  handle(request: EmulatorRequest): Promise<EmulatorResponse>;
}

/** The embedded engine with its wire: in memory, nothing outside is touched. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const engine = new Engine({
    services: options.services ?? allServices,
    host: options.host ?? systemTime,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.frozenAt === undefined ? {} : { frozenAt: options.frozenAt }),
  });
  const onError = options.onError ?? (() => {});
  const dispatch = dispatcher(engine, { seed: engine.state.random, onError });
  const routes = localStackRoutes(engine, options);

  async function handle(request: EmulatorRequest): Promise<EmulatorResponse> {
    try {
      const route = request.url.startsWith('/_') ? findRoute(routes, request) : undefined;
      return await (route === undefined ? dispatch(request) : route());
    } catch (error) {
      onError(error, { service: request.url.slice(0, 100), operation: undefined, requestId: '' });
      return {
        status: 500,
        headers: { 'content-type': 'text/plain' },
        body: 'The engine failed; its log says where.\n',
      };
    }
  }

  return { engine, routes, handle };
}

// Bucket names cannot begin with an underscore, so these paths are free.
const RESERVED = /^\/_(localstack|cliffracer)(\/|$)/;

function findRoute(routes: ReadonlyMap<string, RouteHandler>, request: EmulatorRequest) {
  const [path = '', search = ''] = request.url.split('?', 2);
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const handler = routes.get(path.slice(0, end));
    if (handler !== undefined) return () => handler(request, path.slice(end), new URLSearchParams(search));
  }
  if (!RESERVED.test(path)) return undefined;
  const body = `${JSON.stringify({ error: { code: 'not_found', message: `no such path: ${path.slice(0, 200)}` } })}\n`;
  return () => ({ status: 404, headers: { 'content-type': 'application/json' }, body });
}
