import { existsSync } from 'node:fs';
import { CliffracerError } from '../errors.ts';
import { chooseEngine } from './choose.ts';
import { dataGone } from './embedded/data-faults.ts';
import { type StartOptions, startEmbedded } from './embedded/start.ts';
import type { Setting } from './endpoint.ts';
import { refuseOutdated } from './faults.ts';
import { type EngineRecord, readRecord, writeRecord } from './home.ts';
import { ENGINE_NAMES, type EngineChoice, type EngineKind } from './kinds.ts';
import type { LaunchOptions } from './launch.ts';
import { isRunning } from './liveness.ts';
import { waitForScripts } from './localstack/init.ts';
import { isLoopback, portOf, portTaken, requireFreePort, takenByEngine } from './ports.ts';
import { probe, type RequiredService } from './probe.ts';
import { type EngineProbe, waitUntilReady } from './ready.ts';
import type { EngineSpec } from './spec.ts';
import { specOf } from './specs.ts';

export interface UpResult {
  action: 'started' | 'adopted';
  engine: EngineKind;
  /** Why this engine, when it was ours to choose. */
  reason: string | undefined;
  /** How to get the engine that was not chosen. */
  advice: string | undefined;
  endpoint: string;
  version: string | undefined;
  /** Of the process that we started; absent for an engine that somebody else runs. */
  pid: number | undefined;
  logFile: string | undefined;
  container: string | undefined;
  image: string | undefined;
  /** A former engine of ours that had ended without being stopped. */
  replaced: { pid?: number; endpoint: string } | undefined;
  /** Where the engine keeps its state; undefined when in memory only. */
  dataDirectory?: string | undefined;
  /** What was not as it should be in that directory, and what became of it. */
  notices: string[];
  /** Of ids, delivery order and faults; undefined where a kept state goes on. */
  seed?: number | undefined;
  lenient?: boolean | undefined;
  /** Calls that the embedded engine's log keeps; 0 keeps none. */
  calls?: number | undefined;
  delivery?: string | undefined;
  /** Where the embedded engine serves HTTPS, and the file of whom to trust for it. */
  tls?: { endpoint: string; authorityFile: string } | undefined;
  readyMs: number;
}

export interface UpOptions extends Omit<StartOptions, 'port' | 'timeoutMs'> {
  engine: EngineChoice;
  image?: string;
  endpoint: Setting<string>;
  /** Deadline for readiness in milliseconds; each engine has its own when nothing is said. */
  waitMs: number | undefined;
  /** What the engine has to have; the rest is to be had elsewhere. */
  services: readonly RequiredService[];
  clock: LaunchOptions['clock'];
  signal: AbortSignal;
  kill: LaunchOptions['kill'];
  tell: LaunchOptions['tell'];
  /** Called before anything is started that an interruption would have to take away again. */
  onStart?(): void;
}

type Reason = Pick<UpResult, 'reason' | 'advice'>;

/** What a former run left at this port, as far as its record tells. */
type Former = EngineRecord | undefined;

const EMBEDDED_PATIENCE_MS = 30_000;

/** Adopts the healthy engine at the endpoint, or starts one there: the one that is wanted, or the best that there is. */
export async function engineUp(options: UpOptions): Promise<UpResult> {
  const { endpoint, clock, engine: wanted, image } = options;
  const started = clock.now();
  const port = portOf(endpoint.value);
  const found = await probe(endpoint.value, clock.now);
  if (found.answer === 'engine') return adopt(found, options, started);
  if (found.answer === 'stranger') throw portTaken(port);
  if (!isLoopback(endpoint.value)) {
    throw new CliffracerError('engine_unreachable', `no engine answers at ${endpoint.value}: ${found.detail}`, {
      hint: 'start it there, or drop the endpoint: engines are started on this machine only',
      retryable: true,
    });
  }
  const former = await readRecord(options.home, port);
  const dataDirectory = options.dataDirectory ?? keptBy(former, wanted);
  const { engine, ...reason } = await choice(wanted, { ...options, dataDirectory });
  options.onStart?.();
  if (engine === 'embedded') return own({ ...options, dataDirectory }, { port, started, former, reason });
  return foreign(specOf(engine), image, options, { port, started, former, reason });
}

/** Where an engine that ended by itself kept its state: the next one at its port goes on with it. */
function keptBy(former: Former, wanted: EngineChoice): string | undefined {
  const directory = wanted === 'auto' || wanted === 'embedded' ? former?.dataDirectory : undefined;
  if (directory !== undefined && !existsSync(directory)) throw dataGone(directory, former!.port);
  return directory;
}

function formerNotices(former: Former, { dataDirectory }: UpOptions): string[] {
  const kept = former?.dataDirectory;
  if (kept === undefined) return [];
  const ended = `the engine of process ${former!.pid} had ended by itself`;
  return kept === dataDirectory
    ? [`${ended}; its state in ${kept} is used again (without it: cliffracer down, then cliffracer up)`]
    : [`${ended}; its state is still in ${kept} (cliffracer up --data-dir)`];
}

async function choice(wanted: EngineChoice, options: UpOptions): Promise<Reason & { engine: EngineKind }> {
  if (wanted !== 'auto') return { engine: wanted, reason: undefined, advice: undefined };
  const { image, seed, frozen, dataDirectory, lenient, delivery, calls, tls, env } = options;
  if (image !== undefined) return { engine: kindOfImage(image), reason: `the image is ${image}`, advice: undefined };
  if (
    seed !== undefined ||
    frozen ||
    dataDirectory !== undefined ||
    lenient ||
    delivery !== undefined ||
    calls !== undefined ||
    tls
  ) {
    return {
      engine: 'embedded',
      reason: 'only it has a seed, a virtual clock, a data directory, a call log, --lenient, --delivery and --tls',
      advice: undefined,
    };
  }
  const { engine, why, advice } = await chooseEngine(env);
  return { engine, reason: why, advice };
}

/** An image says by its name whose it is; what cannot be told is tried as LocalStack, whose interface all share. */
function kindOfImage(image: string): EngineSpec['kind'] {
  return (['ministack', 'floci', 'moto'] as const).find((kind) => image.includes(kind)) ?? 'localstack';
}

interface Start {
  port: number;
  started: number;
  former: Former;
  reason: Reason;
}

async function own(options: UpOptions, { port, started, former, reason }: Start): Promise<UpResult> {
  const { endpoint, clock, waitMs = EMBEDDED_PATIENCE_MS } = options;
  try {
    const { record, notices } = await startEmbedded({ ...options, port, timeoutMs: waitMs });
    const replaced = former && { endpoint: former.endpoint, ...(former.pid !== undefined && { pid: former.pid }) };
    return {
      ...described(record, reason),
      ...{ action: 'started', engine: 'embedded', version: record.version, replaced },
      ...{ notices: [...formerNotices(former, options), ...notices], seed: record.seed },
      ...{ lenient: options.lenient, delivery: options.delivery, calls: options.calls },
      readyMs: clock.now() - started,
    };
  } catch (error) {
    if (!(error instanceof CliffracerError) || error.code !== 'port_taken') throw error;
    // Another `up` may have won the port a moment ago: then its engine is ours too.
    const winner = await probe(endpoint.value, clock.now);
    if (winner.answer === 'engine') return adopt(winner, options, started);
    throw former !== undefined && (await isRunning(former, options.env)) ? hung(former) : error;
  }
}

const described = (record: EngineRecord, reason: Reason) => ({
  ...{ ...reason, endpoint: record.endpoint, pid: record.pid, logFile: record.logFile, replaced: undefined },
  ...{ container: record.container?.name, image: record.container?.image },
  ...{ dataDirectory: record.dataDirectory, notices: [] as string[], tls: secureEndpoint(record) },
});

const secureEndpoint = ({ endpoint, authorityFile }: EngineRecord): UpResult['tls'] =>
  authorityFile === undefined ? undefined : { endpoint: endpoint.replace(/^http:/, 'https:'), authorityFile };

const hung = ({ pid, endpoint, port }: EngineRecord) =>
  new CliffracerError('engine_unhealthy', `the engine at ${endpoint} (process ${pid}) does not answer`, {
    hint: `cliffracer down --port ${port}`,
  });

/** A container that finds no licence, or no memory, answers once and ends. */
const SETTLE_MS = 250;

async function foreign(
  spec: EngineSpec,
  image: string | undefined,
  options: UpOptions,
  { port, started, former, reason }: Start,
): Promise<UpResult> {
  const { clock, home, instance, env, signal, kill, tell, services } = options;
  const endpoint = `http://127.0.0.1:${port}`;
  const waiting = { clock, signal, services, waitMs: options.waitMs ?? spec.patience * 1000 };
  if (former !== undefined && (await isRunning(former, env))) {
    // Another `up` began it and is not done, or it hangs: the deadline tells.
    const ready = await waitUntilReady(endpoint, await probe(endpoint, clock.now), waiting);
    return adopt(ready, options, started);
  }
  await requireFreePort(port);
  const { startForeign } = await import('./start.ts');
  const launch = await startForeign({ spec, image, port, home, instance, env, clock, signal, kill, tell });
  try {
    tell(`Waiting for ${ENGINE_NAMES[spec.kind]} at ${endpoint}`);
    const first = await probe(endpoint, clock.now);
    const ready = await waitUntilReady(endpoint, first, { ...waiting, ended: launch.ended });
    if (ready.kind === 'localstack') await waitForScripts(endpoint, { ...waiting, ended: launch.ended });
    refuseOutdated(ready.kind, ready.version);
    await Promise.race([launch.ended, clock.sleep(SETTLE_MS, signal)]);
    if ((await isRunning(launch.record, env)) === false) await launch.ended;
    const record = { ...launch.record, engine: ready.kind, version: ready.version ?? '' };
    await writeRecord(home, record);
    launch.release();
    const version = ready.version;
    return {
      ...described(record, reason),
      ...{ action: 'started', engine: ready.kind, version, readyMs: clock.now() - started },
    };
  } catch (error) {
    launch.release();
    tell(`Stopping ${ENGINE_NAMES[spec.kind]} again`);
    await launch.abandon();
    throw error;
  }
}

async function adopt(found: EngineProbe, options: UpOptions, started: number): Promise<UpResult> {
  const { endpoint, engine: wanted, clock, env, home } = options;
  const port = portOf(endpoint.value);
  if (wanted !== 'auto' && wanted !== found.kind) throw takenByEngine(port, ENGINE_NAMES[found.kind], wanted);
  const ready = await waitUntilReady(endpoint.value, found, { ...options, waitMs: options.waitMs ?? 30_000 });
  refuseOutdated(ready.kind, ready.version);
  const record = await readRecord(home, port);
  const ours = record !== undefined && (await isRecord(ready, record, env));
  const reason = { reason: wanted === 'auto' ? 'it answers already' : undefined, advice: undefined };
  const nobodys = { reason: reason.reason, advice: undefined, pid: undefined, logFile: undefined, replaced: undefined };
  return {
    ...(ours ? described(record, reason) : { ...nobodys, container: undefined, image: undefined, notices: [] }),
    ...{ action: 'adopted', engine: ready.kind, endpoint: endpoint.value, version: ready.version },
    readyMs: clock.now() - started,
  };
}

/** Whether what answers is the engine of the record: the embedded one says so itself, of others the record's own is asked. */
async function isRecord(found: EngineProbe, record: EngineRecord, env: UpOptions['env']): Promise<boolean> {
  if (found.instance !== undefined || record.engine === 'embedded') return found.instance === record.instance;
  return (await isRunning(record, env)) === true;
}
