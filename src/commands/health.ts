import { Command } from 'commander';
import type { App } from '../app.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { ping } from '../engines/ping.ts';
import { type Probe, probe, REQUIRED_SERVICES, type RequiredService, type ServiceHealth } from '../engines/probe.ts';
import { unreachable, waitUntilReady } from '../engines/up.ts';
import { type HealthView, healthView } from '../views/engine.ts';
import { listOf, seconds } from './arguments.ts';

export interface HealthOptions {
  wait?: number;
  services?: RequiredService[];
  deep?: boolean;
}

export function healthCommand(app: App): Command {
  return new Command('health')
    .option('--wait <seconds>', 'return the moment all services are ready; fail at this deadline', seconds)
    .option('--services <a,b>', `only these of ${REQUIRED_SERVICES.join(', ')}`, listOf(REQUIRED_SERVICES))
    .option('--deep', 'also write and read once in each service, and clean up')
    .addHelpText(
      'after',
      '\nExample, in CI:\n  $ cliffracer health --wait 30\n\nExit code 0: healthy; 3: unreachable or unhealthy.',
    )
    .action(async (options: HealthOptions) => {
      const data = await health(app, options);
      await app.print.result(data, healthView);
      if (!data.healthy) app.fail('engine_unhealthy');
    });
}

/** Asks the engine at the endpoint; rejects with `engine_unreachable` where none is, or `engine_unhealthy` at the deadline. */
export async function health(app: App, options: HealthOptions): Promise<HealthView> {
  const endpoint = (await app.endpoint()).value;
  let found: Probe = await probe(endpoint, app.clock.now);
  if (options.wait !== undefined) {
    const { clock, signal } = app;
    found = await waitUntilReady(endpoint, found, { clock, signal, waitMs: options.wait * 1000, ...pick(options) });
  }
  if (found.answer !== 'engine') throw unreachable(endpoint, found);
  const { kind, edition, version, latencyMs, clockSkewMs } = found;
  const services = found.services.filter(({ service }) => options.services?.includes(service) ?? true);
  const checked = await Promise.all(services.map(options.deep ? await deepCheck(app) : await pingCheck(app, endpoint)));
  const healthy = checked.every(({ state }) => state === 'ready');
  return {
    healthy,
    engine: kind,
    edition,
    version,
    endpoint,
    deep: options.deep ?? false,
    latencyMs,
    clockSkewMs,
    services: checked,
  };
}

const pick = ({ services }: HealthOptions) => (services === undefined ? {} : { services });

type ServiceRow = HealthView['services'][number];
type Check = (service: ServiceHealth) => Promise<ServiceRow>;

const PING_TIMEOUT_MS = 5_000;

async function pingCheck(app: App, endpoint: string): Promise<Check> {
  const region = resolveRegion(app.globals.region, app.env).value;
  return async (each) => {
    if (each.state !== 'ready') return each;
    const { latencyMs, error } = await ping(endpoint, region, each.service, PING_TIMEOUT_MS);
    return error === undefined ? { ...each, latencyMs } : { ...each, latencyMs, state: 'failed', error };
  };
}

/** What health endpoints hide: a service that says it is ready but does not keep what it is given. */
async function deepCheck(app: App): Promise<Check> {
  const [{ checkService }, { clients }] = await Promise.all([import('../aws/deep.ts'), app.connect()]);
  // What was written for the check is removed again.
  app.endsOnSignal();
  return async (each) => {
    if (each.state !== 'ready') return each;
    const now = app.clock.now();
    const error = await checkService(clients, each.service, { id: app.system.uuid(), now });
    const latencyMs = app.clock.now() - now;
    return error === undefined ? { ...each, latencyMs } : { ...each, latencyMs, state: 'failed', error };
  };
}
