import { remembering } from '../core/remembering.ts';
import type { Scope } from '../core/types.ts';
import type { EmulatorRequest } from './wire.ts';

const DEFAULT_ACCOUNT = '000000000000';
const DEFAULT_REGION = 'us-east-1';

/** Who calls, where, and which service the signature was made for (undefined when the request is not signed). */
export interface CallerScope extends Readonly<Scope> {
  readonly signedFor: string | undefined;
  /** Access key id. */
  readonly key: string | undefined;
}

/**
 * Reads the credential scope of a signature (Signature Version 4: `KEY/DATE/REGION/SERVICE/aws4_request`), from the
 * Authorization header or a presigned URL; of version 2 there is only the key. Signatures are not verified. An access key of 12 digits is the account id;
 * every other key means the default account, so that any test credentials see one world.
 */
export function callerScope(request: EmulatorRequest): CallerScope {
  const credential = credentialOf(request);
  if (credential === undefined) return version2Scope(request);
  return scopeOf(credential);
}

/** The scope that a credential of version 4 names. */
export const scopeOf = remembering((credential): CallerScope => {
  const [key = '', , region, service] = credential.split('/');
  return {
    account: accountOf(key),
    region: region !== undefined && isRegion(region) ? region : DEFAULT_REGION,
    signedFor: service,
    key,
  };
});

function credentialOf(request: EmulatorRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const start = authorization.indexOf('Credential=');
    if (start < 0) return undefined;
    const end = authorization.indexOf(',', start);
    return authorization.slice(start + 11, end < 0 ? undefined : end).trim();
  }
  const start = request.url.indexOf('X-Amz-Credential=');
  if (start < 0) return undefined;
  const end = request.url.indexOf('&', start);
  return request.url.slice(start + 17, end < 0 ? undefined : end).replaceAll(/%2f/gi, '/');
}

/**
 * Signature version 2, which S3 still takes: `Authorization: AWS KEY:SIGNATURE`, or the key in a presigned URL. It names
 * no region. Other services had it too, with the key at the same place.
 */
function version2Scope({ headers, url }: EmulatorRequest): CallerScope {
  const inHeader = /^AWS ([^:]+):/.exec(headers.authorization ?? '')?.[1];
  const key = inHeader ?? (headers.authorization === undefined ? /[?&]AWSAccessKeyId=([^&]*)/.exec(url)?.[1] : '');
  return {
    account: accountOf(key ?? ''),
    region: DEFAULT_REGION,
    signedFor: inHeader === undefined ? undefined : 's3',
    key: key || undefined,
  };
}

/** The account that an access key stands for. */
export const accountOf = (key: string) => (isAccountId(key) ? key : DEFAULT_ACCOUNT);

function isAccountId(key: string): boolean {
  return key.length === 12 && /^\d{12}$/.test(key);
}

// Regions become parts of ARNs and of keys of the state: nothing but a region's characters may get there.
function isRegion(region: string): boolean {
  return region.length <= 32 && /^[a-z0-9-]+$/.test(region);
}
