import { join } from 'node:path';
import { CallNotices } from './calls/call-notices.ts';
import { CallLog, type CallLogLimits } from './calls/log.ts';
import { controlRoutes } from './control/index.ts';
import type { EngineClock } from './core/clock.ts';
import { Engine } from './core/engine.ts';
import { type HostTime, systemTime } from './core/host.ts';
import { DEFAULT_SETTINGS, type Delivery } from './core/settings.ts';
import type { ServiceDefinition } from './core/types.ts';
import { installFaults } from './faults/source.ts';
import { localStackRoutes } from './http/localstack.ts';
import { pageRoutes } from './pages/index.ts';
import type { Compactor } from './persistence/compaction.ts';
import { DataDirectory } from './persistence/data-directory.ts';
import type { OnProgress } from './persistence/progress.ts';
import { Snapshots } from './persistence/snapshots.ts';
import { dispatcher, type OnError } from './protocols/dispatch.ts';
import type { EmulatorRequest, EmulatorResponse, RouteHandler } from './protocols/wire.ts';
import { allServices } from './services.ts';

export type { Delivery } from './core/settings.ts';
export type { EmulatorRequest, EmulatorResponse } from './protocols/wire.ts';

export interface EmulatorOptions {
  host?: HostTime;
  /** As LocalStack does where it is less strict than AWS; false unless told. */
  lenient?: boolean | undefined;
  /** How standard queues deliver; in order unless told. */
  delivery?: Delivery | undefined;
  /** Seed of ids, delivery order and faults. */
  seed?: number | undefined;
  /** Starts with the clock frozen at this time (milliseconds since the epoch). */
  frozenAt?: number | undefined;
  services?: readonly ServiceDefinition[];
  /** What the health document says. */
  version?: string | undefined;
  /** Tells this engine from others that answer at the same address. */
  instance?: string | undefined;
  /**
   * Keeps the state there, across restarts and the end of the process however it comes. What the directory holds counts:
   * `seed` and `frozenAt` are for a new one. Throws DirectoryInUse when another engine has it.
   */
  dataDirectory?: string | undefined;
  /** How much the log of all calls keeps; false keeps none. */
  calls?: CallLogLimits | false;
  /** Goes on without what the directory has lost, instead of throwing DataLoss. */
  acceptLoss?: boolean;
  /** Who writes the next snapshot of the data directory while the engine goes on; this thread unless told. */
  compactor?: Compactor;
  /** Told how many bytes of a large state have been read, of how many where that is known. */
  onProgress?: OnProgress;
  /**
   * Told, in a sentence, of what was not as it should be in the data directory, and of what happens without any answer
   * telling it, such as a notification that its queue refuses. The same sentence comes once.
   */
  onNotice?: (notice: string) => void;
  /** Told of every error that is the engine's own fault; the client only gets InternalFailure. */
  onError?: OnError;
}

export interface Emulator {
  readonly engine: Engine;
  /** Path prefix (`/_cliffracer/clock`) -> handler; the longest prefix of whole path segments wins. */
  readonly routes: Map<string, RouteHandler>;
  /** Answers any request; never rejects. */
  handle(request: EmulatorRequest): Promise<EmulatorResponse>;
  /**
   * Ends every wait and gives up the data directory, after its state has been written there as a whole; nothing may be
   * asked of the engine afterwards. `onProgress` is told how many bytes have been written.
   */
  close(onProgress?: OnProgress): void;
}

/** The embedded engine with its wire: in memory, nothing outside is touched but a data directory that is asked for. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const engine = new Engine({
    services: options.services ?? allServices,
    host: options.host ?? systemTime,
    seed: options.seed,
    frozenAt: options.frozenAt,
  });
  if (options.calls !== false) {
    engine.calls = new CallLog(options.calls);
    const notices = new CallNotices(engine.notices);
    engine.calls.onEntry = (entry) => notices.note(entry);
  }
  installFaults(engine);
  const { dataDirectory: directory, onNotice = () => {} } = options;
  const data = directory === undefined ? undefined : new DataDirectory(engine, directory, options);
  // Not before: what a journal repeats has been told.
  engine.notices.write = onNotice;
  const { lenient = DEFAULT_SETTINGS.lenient, delivery = DEFAULT_SETTINGS.delivery } = options;
  engine.configure({ lenient, delivery });
  const snapshots = new Snapshots(engine, directory && join(directory, 'snapshots'));
  const onError = options.onError ?? (() => {});
  const dispatch = dispatcher(engine, { seed: engine.state.random, onError });
  const routes = new Map([
    ...localStackRoutes(engine, { ...options, data }),
    ...controlRoutes(engine, snapshots),
    ...pageRoutes(engine),
  ]);

  async function handle(request: EmulatorRequest): Promise<EmulatorResponse> {
    let counted = 0;
    try {
      const route = request.url.startsWith('/_') ? findRoute(routes, request) : undefined;
      if (route === undefined) counted = 1;
      engine.waiters.requests += counted;
      const response = await (route === undefined ? dispatch(request) : route());
      return engine.clock.turned ? dated(response, engine.clock) : response;
    } catch (error) {
      onError(error, { service: request.url.slice(0, 100), operation: undefined, requestId: '' });
      return {
        status: 500,
        headers: { 'content-type': 'text/plain' },
        body: 'The engine failed; its log says where.\n',
      };
    } finally {
      engine.waiters.requests -= counted;
    }
  }

  function close(onProgress?: OnProgress): void {
    engine.stop();
    data?.close(onProgress);
  }

  return { engine, routes, handle, close };
}

/** Says in a header of our own which time it is here; the Date header is for clients that measure their own clock by it. */
function dated(response: EmulatorResponse, clock: EngineClock): EmulatorResponse {
  const time = `${clock.now()}${clock.frozen ? ' frozen' : ''}`;
  return { ...response, headers: { ...response.headers, 'x-cliffracer-clock': time } };
}

// Bucket names cannot begin with an underscore, so these paths are free.
const RESERVED = /^\/_(localstack|cliffracer|aws)(\/|$)/;

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
