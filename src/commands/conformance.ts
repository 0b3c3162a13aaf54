import { Command } from 'commander';
import type { App } from '../app.ts';
import type { Target } from '../aws/target.ts';
import { listOf, oneOf } from '../cli/arguments.ts';
import { AREAS, type Area, type Behaviour, type Trial } from '../conformance/behaviour.ts';
import type { Finding } from '../conformance/suite.ts';
import { type Connection, connectTo, EMBEDDED_ACCOUNT } from '../connection.ts';
import { DEFAULT_ENDPOINT, resolveRegion } from '../engines/endpoint.ts';
import { ENGINE_KINDS, type EngineKind } from '../engines/kinds.ts';
import { probe } from '../engines/probe.ts';
import { CliffracerError } from '../errors.ts';
import { type ConformanceView, conformanceView } from '../views/conformance.ts';
import { provisionStack } from './provision.ts';

export interface ConformanceOptions {
  engine?: EngineKind;
  areas?: Area[];
}

export function conformanceCommand(app: App): Command {
  return new Command('conformance')
    .option(
      '--engine <kind>',
      `insist on one of ${ENGINE_KINDS.join(', ')}; embedded needs none running`,
      oneOf(ENGINE_KINDS),
    )
    .option('--areas <a,b>', `only these of ${AREAS.join(', ')}`, listOf(AREAS))
    .addHelpText(
      'after',
      '\nExamples:\n  $ cliffracer conformance --engine embedded\n  $ cliffracer conformance --endpoint-url http://127.0.0.1:4566' +
        '\n\nExit code 0: as AWS in everything; 1: not so.',
    )
    .action(async (options: ConformanceOptions) => {
      const data = await conformance(app, options);
      await app.print.result(data, conformanceView);
      if (data.differs + data.missing > 0) app.fail('check_failed');
      if (app.signal.aborted) app.fail('interrupted');
    });
}

/** Compares an engine with what AWS documents, behaviour by behaviour. Leaves nothing behind. */
export async function conformance(app: App, options: ConformanceOptions): Promise<ConformanceView> {
  const place = options.engine === 'embedded' ? await ownEngine(app) : await runningEngine(app, options.engine);
  const { BEHAVIOURS, tryAll } = await import('../conformance/suite.ts');
  const chosen = BEHAVIOURS.filter(({ area }) => options.areas?.includes(area) ?? true);
  const connection = await connectTo(place.target, undefined, { ...place.options, clock: app.clock });
  app.endsOnSignal();
  const progress = await app.progress('Comparing with AWS');
  const behaviours: Finding[] = [];
  try {
    const trialOf = ({ id }: Behaviour) => makeTrial(app, place, connection, id);
    for await (const finding of tryAll(chosen, trialOf, app.signal)) {
      behaviours.push(finding);
      progress.update(`${behaviours.length} of ${chosen.length}: ${finding.id}`);
    }
  } finally {
    progress.stop();
    connection.clients.close();
    place.stop?.();
  }
  const count = (verdict: Finding['verdict']) => behaviours.filter((each) => each.verdict === verdict).length;
  const { engine, version, target } = place;
  const counts = { asAws: count('as_aws'), differs: count('differs'), missing: count('missing') };
  return { engine, version, endpoint: target.endpoint!, region: target.region, ...counts, behaviours };
}

interface Place {
  engine: EngineKind;
  version: string | undefined;
  target: Target;
  options: { requestHandler?: unknown };
  stop?(): void;
}

/** The embedded engine within this process, on a port of nobody. */
async function ownEngine(app: App): Promise<Place> {
  const [{ createEmulator }, { requestHandler }, { systemTime }] = await Promise.all([
    import('../emulator/index.ts'),
    import('../emulator/request-handler.ts'),
    import('../emulator/core/host.ts'),
  ]);
  const emulator = createEmulator({ host: { ...systemTime, now: () => app.clock.now() } });
  const region = resolveRegion(app.globals.region, app.env).value;
  const known = { engine: 'embedded', account: EMBEDDED_ACCOUNT };
  const target: Target = { kind: 'local', endpoint: DEFAULT_ENDPOINT, region, ...known };
  const options = { requestHandler: requestHandler(emulator) };
  return { engine: 'embedded', version: app.version, target, options, stop: () => emulator.close() };
}

async function runningEngine(app: App, wanted: EngineKind | undefined): Promise<Place> {
  const { serviceEndpoints } = await import('../engines/service-endpoints.ts');
  const endpoint = (await app.endpoint()).value;
  const found = await probe(endpoint, app.clock.now);
  if (found.answer !== 'engine') {
    const { unreachable } = await import('../engines/ready.ts');
    throw unreachable(endpoint, found);
  }
  if (wanted !== undefined && found.kind !== wanted) {
    throw new CliffracerError('conflict', `${found.kind} answers at ${endpoint}, not ${wanted}`, {
      hint: `cliffracer up --engine ${wanted} --port 4567, then --endpoint-url http://127.0.0.1:4567`,
    });
  }
  if (found.turned?.frozen) {
    throw new CliffracerError(
      'conflict',
      `the clock of the engine at ${endpoint} is frozen: what takes time never happens`,
      {
        hint: 'cliffracer clock resume',
      },
    );
  }
  const endpoints = serviceEndpoints(app.globals.endpointUrl, app.env);
  const region = resolveRegion(app.globals.region, app.env).value;
  return {
    engine: found.kind,
    version: found.version,
    target: { kind: 'local', endpoint, endpoints, region },
    options: {},
  };
}

function makeTrial(app: App, place: Place, { clients, clock }: Connection, id: string): Trial {
  const unique = app.system.uuid().replaceAll('-', '').slice(-12);
  return {
    clients,
    name: `conf-${id}-${unique}`,
    clock,
    uuid: () => app.system.uuid(),
    requestHandler: place.options.requestHandler,
    async shop(use) {
      const stack = await connectTo(place.target, `c${unique}`, { ...place.options, clock: app.clock });
      const { admin, desired } = await stack.administration();
      const { destroy } = await import('../topology/destroy.ts');
      try {
        for await (const _ of provisionStack(stack));
        return await use({ names: stack.names, ports: stack.ports, admin, desired });
      } finally {
        for await (const _ of destroy(admin, desired));
        stack.clients.close();
      }
    },
  };
}
