import type { Environment } from '../environment.ts';
import { CliffracerError } from '../errors.ts';
import { type EngineRecord, readRecords } from './home.ts';

export const DEFAULT_PORT = 4566;
/** Not `localhost`: that may resolve to ::1 first, where engines do not listen. */
export const DEFAULT_ENDPOINT = `http://127.0.0.1:${DEFAULT_PORT}`;
export const DEFAULT_REGION = 'us-east-1';

/** Where a setting came from, for `config show` and for messages. */
export type Origin =
  | '--endpoint-url'
  | 'AWS_ENDPOINT_URL'
  | 'engine'
  | 'default'
  | '--region'
  | 'AWS_REGION'
  | 'AWS_DEFAULT_REGION';

export interface Setting<T> {
  value: T;
  origin: Origin;
}

/** The endpoint in use: the flag, then the variable, then the engine that `up` started last, then the usual port. */
export async function resolveEndpoint(
  flag: string | undefined,
  env: Environment,
  home: string,
): Promise<Setting<string> & { record?: EngineRecord }> {
  if (flag !== undefined) return { value: parseEndpoint(flag, '--endpoint-url'), origin: '--endpoint-url' };
  // An empty variable sends the SDK to real AWS; for us it is no endpoint at all.
  if (env.AWS_ENDPOINT_URL) {
    return { value: parseEndpoint(env.AWS_ENDPOINT_URL, 'AWS_ENDPOINT_URL'), origin: 'AWS_ENDPOINT_URL' };
  }
  const [record] = await readRecords(home);
  if (record !== undefined) return { value: record.endpoint, origin: 'engine', record };
  return { value: DEFAULT_ENDPOINT, origin: 'default' };
}

/** Hosts of AWS in every partition, dual-stack ones included; a dot at the end names the same host. */
const AWS_HOST = /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn)\.?$/i;

/** `http://host:port` from what the user gave; refuses what the SDK would misread or what would leave this program's care. */
export function parseEndpoint(text: string, origin: string): string {
  const refuse = (why: string) =>
    new CliffracerError('usage', `${origin} ${JSON.stringify(text)} ${why}`, {
      hint: `give a URL such as ${DEFAULT_ENDPOINT}`,
    });
  if (!/^https?:\/\//i.test(text)) throw refuse('does not start with http:// or https://');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('is not a URL');
  }
  if (url.username || url.password) {
    const bare = `${url.protocol}//${url.host}`;
    throw new CliffracerError('usage', `${origin} must not hold credentials`, { hint: `give it as ${bare}` });
  }
  if (url.pathname !== '/' || url.search || url.hash) throw refuse('must end after the port');
  if (AWS_HOST.test(url.hostname)) {
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
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(value!)) {
    throw new CliffracerError('usage', `${origin} ${JSON.stringify(value)} is not an AWS region`, {
      hint: 'give one such as --region eu-west-1',
    });
  }
  return { value: value!, origin: origin as Origin };
}
