import { Command } from 'commander';
import type { App } from '../app.ts';
import { checkDocker } from '../engines/doctor/docker.ts';
import { checkEngine, obeysGzip } from '../engines/doctor/engine.ts';
import { checkAwsVariables, checkCredentials, checkProfile } from '../engines/doctor/environment.ts';
import {
  type Check,
  type DoctorContext,
  type Finding,
  failed,
  failedBy,
  passed,
  skipped,
} from '../engines/doctor/finding.ts';
import { checkHome, checkIpv6, checkNode, checkPort, checkProxy, checkRecords } from '../engines/doctor/machine.ts';
import { checkSubscriptions } from '../engines/doctor/subscriptions.ts';
import { resolveRegion } from '../engines/endpoint.ts';
import type { EngineChoice } from '../engines/kinds.ts';
import { LOCALSTACK_IMAGE } from '../engines/localstack/spec.ts';
import { probe, REQUIRED_SERVICES } from '../engines/probe.ts';
import { serviceEndpoints } from '../engines/service-endpoints.ts';
import { resolveSetting } from '../engines/settings.ts';
import { type DoctorView, doctorView } from '../views/doctor.ts';

export interface DoctorOptions {
  fix?: boolean;
}

export function doctorCommand(app: App): Command {
  return new Command('doctor')
    .option('--fix', 'also fix what can be fixed safely: forget dead engines, remove containers left behind')
    .addHelpText('after', '\nExample:\n  $ cliffracer doctor --fix\n\nExit code 0: nothing failed; 1: something did.')
    .action(async (options: DoctorOptions) => {
      const data = await doctor(app, options);
      await app.print.result(data, doctorView);
      if (!data.healthy) app.fail('check_failed');
    });
}

const CHECKS: readonly Check[] = [
  ...[checkNode, checkHome, checkRecords, checkDocker, checkPort],
  ...[checkAwsVariables, checkProfile, checkCredentials, checkProxy, checkIpv6, checkEngine],
  checkSubscriptions,
];

/** Looks at everything that the program stands on. What cannot be looked at is skipped, with the reason. */
export async function doctor(app: App, { fix = false }: DoctorOptions): Promise<DoctorView> {
  const progress = await app.progress('Looking at this machine');
  try {
    const configured = await settingsFinding(app);
    if ('finding' in configured) return verdict([configured.finding]);
    const { context } = configured;
    const findings = [passed('settings', configured.detail)];
    for (const check of CHECKS) findings.push(...(await check(context)));
    progress.update('Writing to and reading from each service');
    findings.push(...(await deepFindings(app, context)));
    return verdict(fix ? await Promise.all(findings.map(fixed)) : findings);
  } finally {
    progress.stop();
  }
}

/** Wrong settings are found where they are read; nothing else makes sense then. */
async function settingsFinding(app: App): Promise<{ finding: Finding } | { context: DoctorContext; detail: string }> {
  const { env, home, clock } = app;
  try {
    const { value: endpoint, origin } = await app.endpoint();
    serviceEndpoints(app.globals.endpointUrl, env);
    resolveRegion(app.globals.region, env);
    const project = await app.project();
    const setting = (name: 'engine' | 'image') => resolveSetting(name, undefined, env, project)?.value;
    const found = await probe(endpoint, clock.now);
    const context: DoctorContext = {
      ...{ env, home, endpoint, origin, now: clock.now, probe: found, nodeVersion: app.system.nodeVersion },
      engine: (setting('engine') ?? 'auto') as EngineChoice,
      image: setting('image') ?? LOCALSTACK_IMAGE,
    };
    return { context, detail: project?.path ?? 'no project file' };
  } catch (error) {
    return { finding: failedBy('settings', error) };
  }
}

const TRIAL_TIMEOUT_MS = 10_000;

/** What only a call of each service shows. */
async function deepFindings(app: App, { probe: found, endpoint }: DoctorContext): Promise<Finding[]> {
  const behaviours = ['filter policy', 'conditional writes', 'gzip'];
  if (found.answer !== 'engine') {
    return [...REQUIRED_SERVICES, ...behaviours].map((name) => skipped(name, 'no engine answers'));
  }
  const [
    { probeService: checkService },
    { probeConditions: obeysConditions, probeFilterPolicy: obeysFilterPolicy },
    connection,
  ] = await Promise.all([import('../aws/round-trip-probes.ts'), import('../aws/enforcement-probes.ts'), app.connect()]);
  const { clients } = connection;
  const id = app.system.uuid();
  const now = await connection.now();
  const region = resolveRegion(app.globals.region, app.env).value;
  const metrics = serviceEndpoints(app.globals.endpointUrl, app.env).cloudwatch ?? endpoint;
  const trial = (check: string, run: () => Promise<string | undefined>, good: string, remedy: string) =>
    run().then(
      (fault) => (fault === undefined ? passed(check, good) : failed(check, fault, remedy)),
      (error: unknown) => failedBy(check, error),
    );
  const deep = 'cliffracer health --deep; cliffracer logs';
  const other = 'use an engine that does: cliffracer up --engine embedded --port 0';
  return Promise.all([
    ...REQUIRED_SERVICES.map((service) =>
      trial(
        service,
        () => checkService(clients, service, { id, now, timeoutMs: TRIAL_TIMEOUT_MS }),
        'written and read',
        deep,
      ),
    ),
    trial(behaviours[0]!, () => obeysFilterPolicy(clients, id), 'obeyed', other),
    trial(behaviours[1]!, () => obeysConditions(clients, id), 'obeyed', other),
    trial(
      behaviours[2]!,
      () => obeysGzip(metrics, region, id, now),
      'understood',
      `cliffracer sends none; for other tools, ${other}`,
    ),
  ]);
}

async function fixed(finding: Finding): Promise<Finding & { fixed?: string }> {
  if (finding.fix === undefined) return finding;
  const fixed = await finding.fix();
  return { ...passed(finding.check, finding.detail), fixed };
}

function verdict(findings: readonly (Finding & { fixed?: string })[]): DoctorView {
  const checks = findings.map(({ check, status, detail, remedy, fixed }) => ({ check, status, detail, remedy, fixed }));
  return { healthy: checks.every(({ status }) => status !== 'failed'), checks };
}
