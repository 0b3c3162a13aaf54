import { AwsError } from '../core/errors.ts';
import type { ResourceKind } from './rest-route.ts';
import type { EmulatorRequest } from './wire.ts';

/** What a request of S3 is about. */
export interface Address {
  kind: ResourceKind;
  bucket: string;
  key: string;
  /** Query parameters, decoded; of a repeated one, the first. */
  query: Map<string, string>;
}

/**
 * Reads bucket and key from the path (`/bucket/key`), or the bucket from the host where it names one
 * (`bucket.s3.localhost.localstack.cloud`, `bucket.localhost`, `bucket.s3.eu-west-1.amazonaws.com`). Paths are not
 * normalised: `a/../b` and `//` are part of a key.
 */
export function addressOf(request: EmulatorRequest): Address {
  const search = request.url.indexOf('?');
  const path = search < 0 ? request.url : request.url.slice(0, search);
  const query = search < 0 ? new Map<string, string>() : parseQuery(request.url.slice(search + 1));
  const hosted = bucketOfHost(request.headers.host);
  if (hosted !== undefined) return address(hosted, decode(path.slice(1)), query);
  const slash = path.indexOf('/', 1);
  if (slash < 0) return address(decode(path.slice(1)), '', query);
  return address(decode(path.slice(1, slash)), decode(path.slice(slash + 1)), query);
}

function address(bucket: string, key: string, query: Map<string, string>): Address {
  return { kind: key !== '' ? 'object' : bucket === '' ? 'service' : 'bucket', bucket, key, query };
}

const WITH_SERVICE = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.(?:localhost\.localstack\.cloud|localhost|amazonaws\.com)$/;
const WITHOUT_SERVICE = /^(.+)\.localhost$/;

function bucketOfHost(host: string | undefined): string | undefined {
  if (host === undefined || host.startsWith('127.0.0.1') || host.startsWith('localhost')) return undefined;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const found = (WITH_SERVICE.exec(name) ?? WITHOUT_SERVICE.exec(name))?.[1];
  return found === 's3' || found?.startsWith('s3.') ? undefined : found;
}

function parseQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode((equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' '));
    if (!query.has(name)) query.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1).replaceAll('+', ' ')));
  }
  return query;
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", { status: 400 });
  }
}
