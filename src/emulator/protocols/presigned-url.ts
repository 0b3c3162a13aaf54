import { AwsError } from '../core/errors.ts';
import type { EmulatorRequest } from './wire.ts';

type Query = ReadonlyMap<string, string>;
type Headers = EmulatorRequest['headers'];

/** When a presigned URL holds: seconds since the epoch, and seconds. */
export interface Presigned {
  /** 0 in signature version 2, whose `expires` is counted from the epoch. */
  signedAt: number;
  expires: number;
}

const VERSION_4 = [
  ...['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'],
  ...['X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Expires'],
];
const VERSION_2 = ['Signature', 'Expires', 'AWSAccessKeyId'];

/**
 * What a request's query says about its signature, if it has one (S3 API Reference, Authenticating requests: using
 * query parameters). The signature itself is not verified, but which headers it covers is heeded.
 */
export function presignedBy(query: Query, headers: Headers): Presigned | undefined {
  if (query.size === 0) return undefined;
  if (VERSION_4.some((name) => query.has(name))) return version4(query, headers);
  if (!VERSION_2.some((name) => query.has(name))) return undefined;
  if (!VERSION_2.every((name) => query.has(name))) {
    const message = 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters';
    throw new AwsError('AccessDenied', message, { status: 403 });
  }
  return { signedAt: 0, expires: Number(query.get('Expires')) || 0 };
}

function version4(query: Query, headers: Headers): Presigned {
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  if (!VERSION_4.every((name) => query.has(name))) {
    throw badParameters(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  if (date === null) throw badParameters("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  checkHeaders(signedHeaders(query), query, headers);
  const [year, month, day, hour, minute, second] = date.slice(1).map(Number);
  const signedAt = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) / 1000;
  return { signedAt, expires: Number(query.get('X-Amz-Expires')) };
}

const badParameters = (message: string) => new AwsError('AuthorizationQueryParametersError', message, { status: 400 });

const signedHeaders = (query: Query) => (query.get('X-Amz-SignedHeaders') ?? '').toLowerCase().split(';');

/** A signed header has to come, and a header of AWS's has to be signed. The SDK for JavaScript may move either to the query. */
function checkHeaders(signed: readonly string[], query: Query, headers: Headers): void {
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signed.includes(name),
  );
  if (unsigned.length > 0) {
    throw new AwsError('AccessDenied', 'There were headers present in the request which were not signed', {
      status: 403,
      fields: { HeadersNotSigned: unsigned.join(', ') },
    });
  }
  if (signed.every((name) => headers[name] !== undefined || query.has(name))) return;
  throw new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { status: 403, fields: { SignatureProvided: query.get('X-Amz-Signature') } },
  );
}

/**
 * The header that a query parameter stands for, in lower case. Clients move headers of AWS's there when they presign;
 * S3 heeds conditional ones too. A checksum there was made by an SDK that did not know the body: S3 ignores it unless
 * the signature covers it as a header.
 */
export function headerOfParameter(name: string, query: Query): string | undefined {
  const lower = name.toLowerCase();
  if (lower === 'if-match' || lower === 'if-none-match') return lower;
  if (!lower.startsWith('x-amz-')) return undefined;
  const isChecksum = lower.startsWith('x-amz-checksum-') || lower === 'x-amz-sdk-checksum-algorithm';
  return isChecksum && lower !== 'x-amz-checksum-mode' && !signedHeaders(query).includes(lower) ? undefined : lower;
}
