import type { Environment } from '../environment.ts';
import { CliffracerError, type ErrorCode } from '../errors.ts';
import { isAwsHost } from '../lab/intercept/hosts.ts';
import { type EngineRecord, readRecord, readRecords } from './home.ts';
import type { ProjectFile } from './project-file.ts';
import { resolveSetting } from './settings.ts';

export const DEFAULT_PORT = 4566;
/** Not `localhost`: that may resolve to ::1 first, where engines do not listen. */
export const DEFAULT_ENDPOINT = `http://127.0.0.1:${DEFAULT_PORT}`;
export const DEFAULT_REGION = 'us-east-1';

/** Where a setting came from, for `config show` and for messages: a flag, a variable, `FILE:LINE`, `engine` or `default`. */
export type Origin = string;

export interface Setting<T> {
  value: T;
  origin: Origin;
}

/**
 * The endpoint in use: the flag, then the variable, then the project's, then the engine that `up` started last, then the
 * usual port.
 */
export async function resolveEndpoint(
  flag: string | undefined,
  env: Environment,
  home: string,
  project?: ProjectFile,
): Promise<Setting<string>> {
  if (flag !== undefined) return { value: parseEndpoint(flag, '--endpoint-url'), origin: '--endpoint-url' };
  // An empty variable sends the SDK to real AWS; for us it is no endpoint at all.
  if (env.AWS_ENDPOINT_URL) {
    return { value: parseEndpoint(env.AWS_ENDPOINT_URL, 'AWS_ENDPOINT_URL'), origin: 'AWS_ENDPOINT_URL' };
  }
  const port = resolveSetting('port', undefined, env, project);
  if (port !== undefined) return { value: `http://127.0.0.1:${port.value}`, origin: port.origin };
  const named = project?.values.has('endpoint_url')
    ? resolveSetting('endpoint_url', undefined, {}, project)
    : undefined;
  if (named !== undefined) return { value: parseEndpoint(named.value, named.origin), origin: named.origin };
  const [record] = await readRecords(home);
  if (record !== undefined) return { value: record.endpoint, origin: 'engine' };
  return { value: DEFAULT_ENDPOINT, origin: 'default' };
}

/** What is known of the engine at an address, when `up` started it. */
export async function recordOf(home: string, endpoint: string): Promise<EngineRecord | undefined> {
  const { port } = new URL(endpoint);
  const record = port === '' ? undefined : await readRecord(home, Number(port));
  return record?.endpoint === endpoint ? record : undefined;
}

/** `http://host:port` from what the user gave; refuses what the SDK would misread or what would leave this program's care. */
export function parseEndpoint(text: string, origin: string): string {
  const refuse = (code: ErrorCode, why: string, hint = `give a URL such as ${DEFAULT_ENDPOINT}`) =>
    new CliffracerError(code, `${origin} ${why}`, { hint });
  const shown = JSON.stringify(text);
  if (!/^https?:\/\//i.test(text)) {
    const corrected = /^[\w.-]+(:\d+)?$/.test(text) ? `say http://${text}` : undefined;
    throw refuse('endpoint_scheme', `${shown} does not start with http:// or https://`, corrected);
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('endpoint_malformed', `${shown} is not a URL`);
  }
  const bare = `say ${url.protocol}//${url.host}`;
  if (url.username || url.password) throw refuse('endpoint_credentials', 'must not hold credentials', bare);
  if (url.pathname !== '/' || url.search || url.hash) {
    throw refuse('endpoint_path', `${shown} must end after the port`, bare);
  }
  if (isAwsHost(url.hostname)) {
    throw new CliffracerError('refused', `${origin} ${text} is AWS itself; an endpoint is for emulators`, {
      hint: 'to use AWS, drop the endpoint and say --target aws',
    });
  }
  return url.origin;
}

export function resolveRegion(flag: string | undefined, env: Environment): Setting<string> {
  const settings: [Origin, string | undefined][] = [
    ['--region', flag],
    ['AWS_REGION', env.AWS_REGION],
    ['AWS_DEFAULT_REGION', env.AWS_DEFAULT_REGION],
  ];
  const [origin, value] = settings.find(([, value]) => value) ?? ['default', DEFAULT_REGION];
  return { value: checkRegion(value!, origin), origin: origin as Origin };
}

export function checkRegion(region: string, origin: string): string {
  if (/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region)) return region;
  throw new CliffracerError('usage', `${origin} ${JSON.stringify(region)} is not an AWS region`, {
    hint: 'give one such as --region eu-west-1',
  });
}
