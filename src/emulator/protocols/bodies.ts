import { gunzipSync } from 'node:zlib';
import { AwsError } from '../core/errors.ts';
import type { EmulatorRequest } from './wire.ts';

/** Above the 16 MB that DynamoDB's batches may have. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;
export const MAX_OBJECT_BYTES = 256 * 1024 * 1024;

export function tooLarge(): AwsError {
  return new AwsError('RequestEntityTooLargeException', `Request size exceeded ${MAX_BODY_BYTES} bytes`);
}

/** Undoes `Content-Encoding: gzip` (PutMetricData of SDKs that compress), never beyond what a plain body may have. */
export function plainBody(request: EmulatorRequest): EmulatorRequest {
  if (request.oversized || request.body.length > MAX_BODY_BYTES) throw tooLarge();
  if (request.headers['content-encoding'] !== 'gzip') return request;
  try {
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: MAX_BODY_BYTES }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new AwsError('SerializationException', 'The request body is not valid gzip data.');
  }
}
