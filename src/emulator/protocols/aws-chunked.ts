import { AwsError } from '../core/errors.ts';
import type { EmulatorRequest } from './wire.ts';

const CRLF = Buffer.from('\r\n');
const MAX_LINE = 8 * 1024;

/**
 * Whether a body is in S3's chunked form (S3 API Reference, "Signature Calculations: chunked upload"). Content-Encoding
 * alone does not say so: clients put it there for bodies that are not.
 */
export function isAwsChunked({ headers }: EmulatorRequest): boolean {
  return (
    headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true ||
    (headers['x-amz-decoded-content-length'] !== undefined &&
      headers['content-encoding']?.split(',').some((encoding) => encoding.trim() === 'aws-chunked') === true)
  );
}

/**
 * Undoes `aws-chunked`, signed or not: the body is the chunks' data, trailers become headers, and Content-Encoding is
 * what is left. Signatures are not verified.
 */
export function decodeAwsChunked(request: EmulatorRequest): EmulatorRequest {
  const { body } = request;
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = readLine(body, at);
    const size = /^([0-9a-fA-F]{1,8})(;|$)/.exec(line)?.[1];
    if (size === undefined) throw incomplete();
    at += line.length + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    if (at + length + 2 > body.length) throw incomplete();
    chunks.push(body.subarray(at, at + length));
    at += length + 2;
  }
  const data = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const declared = request.headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== data.length) throw incomplete();
  return { ...request, body: data, headers: { ...withoutChunked(request.headers), ...readTrailers(body, at) } };
}

function readTrailers(body: Buffer, start: number): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (let at = start; at < body.length; ) {
    const line = readLine(body, at);
    at += line.length + 2;
    if (line === '') break;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    // Only what a trailer may be: nothing here may overrule the request's own headers.
    if (colon > 0 && name.startsWith('x-amz-checksum-')) trailers[name] = line.slice(colon + 1).trim();
  }
  return trailers;
}

function withoutChunked(headers: EmulatorRequest['headers']): EmulatorRequest['headers'] {
  const left = headers['content-encoding']
    ?.split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== 'aws-chunked' && encoding !== '');
  return { ...headers, 'content-encoding': left === undefined || left.length === 0 ? undefined : left.join(',') };
}

function readLine(body: Buffer, at: number): string {
  const end = body.indexOf(CRLF, at);
  if (end < 0 || end - at > MAX_LINE) throw incomplete();
  return body.toString('latin1', at, end);
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly', { status: 400 });
}
