import type { Engine } from '../core/engine.ts';
import type { DataDirectory } from '../persistence/data-directory.ts';
import type { EmulatorResponse, RouteHandler } from '../protocols/wire.ts';

interface Identification {
  version?: string | undefined;
  instance?: string | undefined;
  data: DataDirectory | undefined;
}

/** LocalStack's own paths, as its tools and Testcontainers ask for them: health, info and init. */
export function localStackRoutes(
  engine: Engine,
  { version = '0.0.0', instance, data }: Identification,
): Map<string, RouteHandler> {
  const identity = {
    edition: 'embedded',
    version,
    engine: 'cliffracer',
    instance,
  };
  const health: RouteHandler = () =>
    json({
      services: Object.fromEntries([...engine.services.keys()].map((id) => [id, 'running'])),
      ...identity,
      ...(data && { data_directory: { path: data.directory, fault: data.fault ?? null } }),
    });
  const info: RouteHandler = () =>
    json({
      ...identity,
      is_license_activated: false,
      uptime: Math.max(0, Math.floor((engine.clock.now() - engine.startedAt) / 1000)),
    });
  const init: RouteHandler = () =>
    json({ completed: { BOOT: true, START: true, READY: true, SHUTDOWN: false }, scripts: [] });
  return new Map([
    ['/_localstack/health', health],
    ['/_localstack/info', info],
    ['/_localstack/init', init],
  ]);
}

function json(value: unknown): EmulatorResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
