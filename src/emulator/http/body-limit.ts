import { MAX_BODY_BYTES, MAX_OBJECT_BYTES } from '../protocols/bodies.ts';
import type { RequestHead } from './request-head.ts';

/** Bytes of all request bodies being read or handled at this moment; shared by a server's connections. */
export interface BodyBudget {
  used: number;
  limit: number;
}

/** Only objects may be large; S3's requests are those that carry no other protocol's marks. */
export function bodyLimit({ headers, url }: RequestHead): number {
  const isOther =
    headers['x-amz-target'] !== undefined ||
    headers['smithy-protocol'] !== undefined ||
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') ||
    url.startsWith('/_');
  return isOther ? MAX_BODY_BYTES : MAX_OBJECT_BYTES;
}
