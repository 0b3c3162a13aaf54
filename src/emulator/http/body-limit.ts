import { MAX_DOCUMENT_BYTES, MAX_ITEMS_BYTES, MAX_OBJECT_BYTES } from '../protocols/bodies.ts';
import type { RequestHead } from './request-head.ts';

/** Bytes of all request bodies being read or handled at this moment; shared by a server's connections. */
export interface BodyBudget {
  used: number;
  limit: number;
}

/** Only objects may be large; they come by PUT, or in the form of a browser, without another protocol's marks. */
export function bodyLimit({ method, headers, url }: RequestHead): number {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.startsWith('DynamoDB_') ? MAX_ITEMS_BYTES : MAX_DOCUMENT_BYTES;
  if (url.startsWith('/_') || headers['smithy-protocol'] !== undefined) return MAX_DOCUMENT_BYTES;
  const isUpload = method === 'PUT' || headers['content-type']?.startsWith('multipart/form-data') === true;
  return isUpload ? MAX_OBJECT_BYTES : MAX_DOCUMENT_BYTES;
}
