import { Command } from 'commander';
import type { App } from '../app.ts';
import { type Probe, probe, REQUIRED_SERVICES, type RequiredService } from '../engines/probe.ts';
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
  const checked = options.deep ? await deepen(app, services) : services;
  const healthy = checked.every(({ state }) => state === 'ready');
  return { healthy, engine: kind, edition, version, endpoint, latencyMs, clockSkewMs, services: checked };
}

const pick = ({ services }: HealthOptions) => (services === undefined ? {} : { services });

/** What health endpoints hide: a service that says it is ready but does not keep what it is given. */
async function deepen(app: App, services: HealthView['services']): Promise<HealthView['services']> {
  const [{ checkService }, { clients }] = await Promise.all([import('../aws/deep.ts'), app.connect()]);
  return Promise.all(
    services.map(async (each) => {
      if (each.state !== 'ready') return each;
      const now = app.clock.now();
      const error = await checkService(clients, each.service as RequiredService, { id: app.system.uuid(), now });
      const latencyMs = app.clock.now() - now;
      return error === undefined ? { ...each, latencyMs } : { ...each, latencyMs, state: 'failed', error };
    }),
  );
}
