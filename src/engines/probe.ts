import { type EngineTime, parseClockHeader } from './clock-header.ts';
import { type HttpAnswer, httpCall } from './http.ts';
import type { EngineKind } from './kinds.ts';

/** The AWS services that the program needs, in the order in which tables show them. */
export const REQUIRED_SERVICES = ['sns', 'sqs', 'dynamodb', 's3', 'cloudwatch', 'logs'] as const;
export type RequiredService = (typeof REQUIRED_SERVICES)[number];

/** `ready` covers services that load at their first use; the engine's own word stands in `reported`. */
export interface ServiceHealth {
  service: RequiredService;
  state: 'ready' | 'starting' | 'disabled' | 'failed' | 'missing';
  reported: string;
}

export interface DataDirectoryHealth {
  path: string;
  fault: 'disk_full' | 'write_failed' | null;
  detail?: string;
}

export type Probe =
  | {
      answer: 'engine';
      kind: EngineKind;
      edition: string | undefined;
      version: string | undefined;
      /** Set by the embedded engine: which run of it answers. */
      instance: string | undefined;
      services: ServiceHealth[];
      latencyMs: number;
      turned: EngineTime | undefined;
      /** Where the embedded engine keeps its state, and why it cannot. */
      dataDirectory?: DataDirectoryHealth;
      /** Difference between the engine's clock and ours, from its Date header; positive when it is ahead. */
      clockSkewMs: number | undefined;
    }
  | { answer: 'stranger'; detail: string }
  | { answer: 'nothing'; detail: string };

const PROBE_TIMEOUT_MS = 2_000;

/** Asks an endpoint what it is, by its health path. Never rejects, and never takes longer than its timeouts. */
export async function probe(endpoint: string, now: () => number, timeoutMs = PROBE_TIMEOUT_MS): Promise<Probe> {
  const base = endpoint.replace(/\/+$/, '');
  try {
    const answer = await httpCall(`${base}/_localstack/health`, { timeoutMs });
    const document = parse(answer);
    if (answer.status === 200 && document?.services) return fromHealth(document, answer, now());
    return (await probeMoto(base, timeoutMs, now)) ?? { answer: 'stranger', detail: describe(answer) };
  } catch (error) {
    return { answer: 'nothing', detail: failureText(error) };
  }
}

interface HealthDocument {
  services?: Record<string, unknown>;
  edition?: unknown;
  version?: unknown;
  engine?: unknown;
  instance?: unknown;
  original_edition?: unknown;
  ready_scripts?: unknown;
  data_directory?: { path?: unknown; fault?: { code?: unknown; message?: unknown } | null };
}

function parse(answer: HttpAnswer): HealthDocument | undefined {
  try {
    const document: unknown = JSON.parse(answer.body);
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(document: HealthDocument): EngineKind {
  if (document.engine === 'cliffracer') return 'embedded';
  if (document.original_edition !== undefined) return 'floci';
  if (document.ready_scripts !== undefined) return 'ministack';
  return 'localstack';
}

function fromHealth(document: HealthDocument, answer: HttpAnswer, now: number): Probe {
  const kind = kindOf(document);
  const reported = new Map(Object.entries(document.services ?? {}));
  const services = REQUIRED_SERVICES.map((service): ServiceHealth => {
    const word = reported.get(service) ?? (service === 'cloudwatch' ? reported.get('monitoring') : undefined);
    return { service, state: normalise(kind, word), reported: typeof word === 'string' ? word : 'missing' };
  });
  const date = Date.parse(String(answer.headers.date ?? ''));
  return {
    answer: 'engine',
    kind,
    edition: text(document.edition),
    version: text(document.version),
    instance: text(document.instance),
    services,
    latencyMs: answer.latencyMs,
    turned: parseClockHeader(answer.headers),
    ...dataDirectory(document),
    // The header counts whole seconds: less than one apart is no skew.
    clockSkewMs: Number.isNaN(date) ? undefined : Math.abs(date - now) < 2_000 ? 0 : date - now,
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function dataDirectory({ data_directory: kept }: HealthDocument): { dataDirectory?: DataDirectoryHealth } {
  const path = text(kept?.path);
  if (path === undefined) return {};
  const fault = kept?.fault;
  if (fault == null) return { dataDirectory: { path, fault: null } };
  const code = fault.code === 'disk_full' ? 'disk_full' : 'write_failed';
  return { dataDirectory: { path, fault: code, detail: text(fault.message) ?? code } };
}

/** LocalStack's `available` means "loads at first use"; Floci's means "not enabled". */
function normalise(kind: EngineKind, word: unknown): ServiceHealth['state'] {
  switch (word) {
    case 'running':
      return 'ready';
    case 'available':
      return kind === 'floci' ? 'disabled' : 'ready';
    case 'starting':
    case 'unknown':
      return 'starting';
    case 'disabled':
    case 'stopped':
    case 'stopping':
      return 'disabled';
    case undefined:
      return 'missing';
    default:
      return 'failed';
  }
}

/**
 * moto has no health path. Its configuration proves that it is there, and answers at once; the dashboard's data, all that
 * an older one has, take seconds once there is something in them. Services load at first use.
 */
async function probeMoto(base: string, timeoutMs: number, now: () => number): Promise<Probe | undefined> {
  const config = await httpCall(`${base}/moto-api/config`, { timeoutMs });
  const isConfig = config.status < 300 && parse(config) !== undefined;
  const answer = isConfig ? config : await httpCall(`${base}/moto-api/data.json`, { timeoutMs });
  if (answer.status >= 300 || parse(answer) === undefined) return undefined;
  const probed = fromHealth({ services: {} }, answer, now());
  if (probed.answer !== 'engine') return undefined;
  const services = probed.services.map((each): ServiceHealth => ({ ...each, state: 'ready', reported: 'on demand' }));
  return { ...probed, kind: 'moto', services };
}

function describe(answer: HttpAnswer): string {
  const type = String(answer.headers['content-type'] ?? 'no content type').split(';')[0];
  return `something that is not an AWS emulator answered (HTTP ${answer.status}, ${type})`;
}

function failureText(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known';
  if (code === 'ECONNRESET') return 'the connection was closed without an answer';
  return message || code || 'no answer';
}
