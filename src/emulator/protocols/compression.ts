import { promisify } from 'node:util';
import { crc32, deflate, gunzipSync, gzip, inflateSync } from 'node:zlib';
import { AwsError } from '../core/errors.ts';
import type { ServiceId } from '../core/types.ts';
import { MAX_DOCUMENT_BYTES, MAX_ITEMS_BYTES, tooLarge } from './bodies.ts';
import type { EmulatorRequest, EmulatorResponse } from './wire.ts';

const DECODERS = new Map([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
]);
const ENCODERS = new Map([
  ['gzip', promisify(gzip)],
  ['deflate', promisify(deflate)],
]);

/** A request with its body as it was before `Content-Encoding`, never beyond what a plain body may have. */
export function plainRequest(request: EmulatorRequest, service: ServiceId): EmulatorRequest {
  const limit = service === 'dynamodb' ? MAX_ITEMS_BYTES : MAX_DOCUMENT_BYTES;
  if (request.oversized || request.body.length > limit) throw tooLarge(limit);
  const encoding = request.headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return request;
  const decode = DECODERS.get(encoding);
  try {
    if (decode === undefined) throw new Error(`no such encoding: ${encoding}`);
    return { ...request, body: decode(request.body, { maxOutputLength: limit }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw undecodable(service, encoding);
  }
}

/** The text of a body whose service is still to be found by it; empty for one that cannot be read. */
export function bodyText(request: EmulatorRequest): string {
  try {
    return plainRequest(request, 'sns').body.toString('latin1');
  } catch {
    return '';
  }
}

/** DynamoDB calls it its own fault (ScyllaDB's test_compressed_request.py, validated on AWS). */
function undecodable(service: ServiceId, encoding: string): AwsError {
  if (service === 'dynamodb') return new AwsError('InternalServerError', '', { status: 500 });
  return new AwsError('SerializationException', `The request body cannot be read as ${encoding.slice(0, 100)}.`);
}

/** Answers of DynamoDB below this size are never compressed. */
const SMALLEST = 4096;

/** DynamoDB's answer as its client asked for it in `Accept-Encoding`; the checksum is of what is sent. */
export function encodedAnswer(
  response: EmulatorResponse,
  accepted: string | undefined,
): EmulatorResponse | Promise<EmulatorResponse> {
  if (accepted === undefined || Buffer.byteLength(response.body) < SMALLEST) return response;
  const encoding = preferredEncoding(accepted);
  return encoding === undefined || !ENCODERS.has(encoding) ? response : encoded(response, encoding);
}

async function encoded(response: EmulatorResponse, encoding: string): Promise<EmulatorResponse> {
  const body = await ENCODERS.get(encoding)!(response.body);
  const headers = { ...response.headers, 'content-encoding': encoding, 'x-amz-crc32': String(crc32(body)) };
  return { ...response, headers, body };
}

/**
 * The encoding with the highest weight, of equal ones the first; `*` stands for those that are not named, gzip before
 * deflate, and comes after the named ones (ScyllaDB's test_compressed_response.py, validated on AWS).
 */
export function preferredEncoding(accepted: string): string | undefined {
  const weights = new Map<string, number>();
  let others = 0;
  for (const part of accepted.split(',')) {
    const [name = '', ...parameters] = part
      .toLowerCase()
      .split(';')
      .map((piece) => piece.trim());
    const weight = parameters.map((parameter) => /^q\s*=\s*([\d.]+)$/.exec(parameter)?.[1]).find((found) => found);
    const value = weight === undefined ? 1 : Number(weight);
    if (name === '*') others = value;
    else if (ENCODERS.has(name) && !weights.has(name)) weights.set(name, value);
  }
  for (const name of ENCODERS.keys()) if (!weights.has(name)) weights.set(name, others);
  const [best] = [...weights].sort(([, a], [, b]) => b - a);
  return best !== undefined && best[1] > 0 ? best[0] : undefined;
}
