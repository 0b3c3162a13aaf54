import { Command } from 'commander';
import type { App } from '../app.ts';
import { filePath, listOf, seconds } from '../cli/arguments.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import { callerAccount, ping } from '../engines/ping.ts';
import { type Probe, probe, REQUIRED_SERVICES, type RequiredService, type ServiceHealth } from '../engines/probe.ts';
import { type EngineProbe, unreachable, waitUntilReady } from '../engines/ready.ts';
import { serviceEndpoints } from '../engines/service-endpoints.ts';
import { CliffracerError } from '../errors.ts';
import { type HealthView, healthView } from '../views/engine.ts';
import type { HealthOutcome } from '../views/junit.ts';

export interface HealthOptions {
  wait?: number;
  services?: RequiredService[];
  deep?: boolean;
  timeout?: number;
  junit?: string;
}

const DEEP_TIMEOUT_S = 10;

export function healthCommand(app: App): Command {
  return new Command('health')
    .option('--wait <seconds>', 'return the moment all services are ready; fail at this deadline', seconds)
    .option('--services <a,b>', `only these of ${REQUIRED_SERVICES.join(', ')}`, listOf(REQUIRED_SERVICES))
    .option('--deep', 'also write and read once in each service, and clean up')
    .option('--timeout <seconds>', `how long each service may take with --deep (default ${DEEP_TIMEOUT_S})`, seconds)
    .option('--junit <file>', 'also write the result as JUnit XML', filePath)
    .addHelpText(
      'after',
      '\nExample, in CI:\n  $ cliffracer health --wait 30 --junit health.xml\n\n' +
        'Exit code 0: healthy; 3: unreachable or unhealthy. In GitHub Actions it also annotates and writes a summary.',
    )
    .action(async (options: HealthOptions) => {
      const data = await health(app, options).catch(async (error: unknown) => {
        if (error instanceof CliffracerError) await report(app, options, { failure: error.message });
        throw error;
      });
      // Before the result: a file that cannot be written must not follow a document that says all is well.
      await report(app, options, data);
      await app.print.result(data, healthView);
      if (!data.healthy) app.fail('engine_unhealthy');
    });
}

/** Asks the engine at the endpoint; rejects with `engine_unreachable` where none is, or `engine_unhealthy` at the deadline. */
export async function health(app: App, options: HealthOptions): Promise<HealthView> {
  const endpoint = (await app.endpoint()).value;
  const region = resolveRegion(app.globals.region, app.env).value;
  const elsewhere = serviceEndpoints(app.globals.endpointUrl, app.env);
  const found = await engineAt(app, endpoint, options, (service) => elsewhere[service] === undefined);
  const { kind, edition, version, latencyMs, clockSkewMs, turned, dataDirectory } = found;
  const services = found.services
    .filter(({ service }) => options.services?.includes(service) ?? true)
    .map((each) => (elsewhere[each.service] === undefined ? each : movedTo(elsewhere[each.service]!, each)));
  const check = options.deep
    ? await deepCheck(app, (options.timeout ?? DEEP_TIMEOUT_S) * 1_000)
    : pingCheck(region, (service) => elsewhere[service] ?? endpoint);
  const [account, ...checked] = await Promise.all([
    callerAccount(elsewhere.sts ?? endpoint, region, PING_TIMEOUT_MS),
    ...services.map(check),
  ]);
  const about = { engine: kind, edition, version, endpoint, region, account };
  const healthy = checked.every(({ state }) => state === 'ready') && !dataDirectory?.fault;
  return {
    healthy,
    ...about,
    deep: options.deep ?? false,
    latencyMs,
    clockSkewMs,
    ...(turned && { clock: { ...turned, at: new Date(turned.at).toISOString() } }),
    ...(dataDirectory && { dataDirectory }),
    services: checked,
  };
}

async function engineAt(
  app: App,
  endpoint: string,
  options: HealthOptions,
  isHere: (service: RequiredService) => boolean,
): Promise<EngineProbe> {
  const { clock, signal } = app;
  let found: Probe = await probe(endpoint, clock.now);
  if (options.wait !== undefined) {
    const services = (options.services ?? REQUIRED_SERVICES).filter(isHere);
    found = await waitUntilReady(endpoint, found, { clock, signal, services, waitMs: options.wait * 1000 });
  }
  if (found.answer === 'engine') return found;
  if (found.answer === 'stranger') throw unreachable(endpoint, found);
  const { diagnoseUnreachable: explainSilence } = await import('../engines/unreachable-diagnosis.ts');
  throw (await explainSilence(endpoint, app.home, app.env, clock.now)) ?? unreachable(endpoint, found);
}

/** A service that another engine has is asked for there; what this one says of it does not count. */
const movedTo = (endpoint: string, each: ServiceHealth): ServiceHealth => ({
  ...each,
  state: 'ready',
  reported: `at ${endpoint}`,
});

type ServiceRow = HealthView['services'][number];
type Check = (service: ServiceHealth) => Promise<ServiceRow>;

const PING_TIMEOUT_MS = 5_000;

function pingCheck(region: string, endpointOf: (service: RequiredService) => string): Check {
  return async (each) => {
    if (each.state !== 'ready') return each;
    const { latencyMs, error } = await ping(endpointOf(each.service), region, each.service, PING_TIMEOUT_MS);
    return error === undefined ? { ...each, latencyMs } : { ...each, latencyMs, state: 'failed', error };
  };
}

/** What health endpoints hide: a service that says it is ready but does not keep what it is given. */
async function deepCheck(app: App, timeoutMs: number): Promise<Check> {
  const [{ probeService: checkService }, connection] = await Promise.all([
    import('../aws/round-trip-probes.ts'),
    app.connect(),
  ]);
  const { clients } = connection;
  const now = await connection.now();
  return async (each) => {
    if (each.state !== 'ready') return each;
    const started = app.clock.now();
    const error = await checkService(clients, each.service, { id: app.system.uuid(), now, timeoutMs });
    const latencyMs = app.clock.now() - started;
    return error === undefined ? { ...each, latencyMs } : { ...each, latencyMs, state: 'failed', error };
  };
}

/** For CI systems: the file that was asked for, and what GitHub Actions shows of a step. */
async function report(app: App, { junit }: HealthOptions, outcome: HealthOutcome): Promise<void> {
  const inActions = app.env.GITHUB_ACTIONS === 'true';
  if (junit === undefined && !inActions) return;
  const [{ appendFile, writeFile }, { junitXml }, { annotations, summary }] = await Promise.all([
    import('node:fs/promises'),
    import('../views/junit.ts'),
    import('../views/github.ts'),
  ]);
  if (junit !== undefined) {
    await writeFile(junit, junitXml(outcome)).catch((error: Error) => {
      throw new CliffracerError('invalid_input', `--junit ${junit} cannot be written: ${error.message}`, {
        hint: 'give a file in a directory that exists',
      });
    });
  }
  if (!inActions) return;
  // Commands are read from both streams; stdout is for the result alone.
  app.io.stderr.write(annotations(outcome));
  const page = app.env.GITHUB_STEP_SUMMARY;
  if (page) await appendFile(page, summary(outcome)).catch(() => undefined);
}
