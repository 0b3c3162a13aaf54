import { gzipSync } from 'node:zlib';
import type { Dice } from './dice.ts';
import { type FuzzRequest, wellFormed } from './encode.ts';
import { AWKWARD_NAMES, weirdText } from './weird.ts';

const ODD_BYTES = [
  '\0',
  '"',
  '{',
  '}',
  '[',
  '<',
  '>',
  '&',
  '%',
  '=',
  '.',
  '\\',
  '\xff',
  '\xc3',
  '\xed\xa0\x80',
  '\r\n',
  '\ufeff',
];
const ODD_JSON = [
  '1e999',
  '-0',
  '9'.repeat(500),
  'NaN',
  '"\\ud800"',
  '{"__proto__":{"a":1}}',
  '['.repeat(99),
  'null',
  '"\\u0000"',
];

/** A request whose bytes have suffered on the way: the body, a header, or the URL. */
export function damage(dice: Dice, request: FuzzRequest): FuzzRequest {
  return dice.weighted<() => FuzzRequest>([
    [6, () => ({ ...request, body: damageBytes(dice, request.body) })],
    [2, () => ({ ...request, headers: damageHeaders(dice, request.headers) })],
    [2, () => ({ ...request, url: damageUrl(dice, request.url) })],
    [1, () => oddValue(dice, request)],
    [1, () => compressed(dice, request)],
    [
      1,
      () => ({
        ...request,
        method: dice.pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'PROPFIND']),
      }),
    ],
  ])();
}

function damageBytes(dice: Dice, body: Buffer): Buffer {
  let bytes: Buffer = Buffer.from(body);
  for (let count = 1 + dice.int(4); count > 0; count--) {
    const at = dice.int(bytes.length + 1);
    bytes = dice.weighted<() => Buffer>([
      [3, () => flipped(dice, bytes, at)],
      [3, () => Buffer.concat([bytes.subarray(0, at), Buffer.from(dice.pick(ODD_BYTES)), bytes.subarray(at)])],
      [1, () => bytes.subarray(0, at)],
      [1, () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + dice.int(20)))])],
      [1, () => Buffer.concat([bytes.subarray(0, at), bytes])],
      [1, () => Buffer.concat([bytes.subarray(0, at), dice.bytes(8), bytes.subarray(at)])],
    ])();
  }
  return bytes;
}

function flipped(dice: Dice, bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = dice.int(256);
  return copy;
}

/** A value of the body replaced by one that a JSON writer of ours would not write. */
function oddValue(dice: Dice, request: FuzzRequest): FuzzRequest {
  const odd = dice.pick(ODD_JSON);
  const body = request.body.toString('latin1').replace(/:("[^"]*"|-?\d+)/, () => `:${odd}`);
  return { ...request, body: Buffer.from(body, 'latin1') };
}

let made: Buffer | undefined;
/** Thirty megabytes of nothing in a few kilobytes. */
function bomb(): Buffer {
  made ??= gzipSync(Buffer.alloc(30_000_000));
  return made;
}

function compressed(dice: Dice, request: FuzzRequest): FuzzRequest {
  const whole = dice.chance(0.1) ? bomb() : gzipSync(request.body);
  const body = dice.pick([whole, whole.subarray(0, dice.int(whole.length)), damageBytes(dice, whole)]);
  return { ...request, body, headers: { ...request.headers, 'content-encoding': 'gzip' } };
}

const HEADERS = [
  ...['x-amz-target', 'content-type', 'content-encoding', 'authorization', 'range', 'if-match', 'if-modified-since'],
  ...['x-amz-content-sha256', 'x-amz-decoded-content-length', 'x-amz-copy-source', 'x-amz-date', 'smithy-protocol'],
  ...['x-amz-checksum-crc32', 'x-amz-trailer', 'x-amz-meta-a', 'x-amz-meta-__proto__', 'content-md5', 'x-amz-tagging'],
];
const VALUES = [
  ...['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'aws-chunked', 'gzip', 'rpc-v2-cbor'],
  ...['DynamoDB_20120810.', '.', 'DynamoDB_20120810.__proto__', 'AmazonSQS.constructor', 'bytes=0-', '"x"', '*', '-1'],
  ...[
    'AWS4-HMAC-SHA256 Credential=',
    'AWS4-HMAC-SHA256 Credential=////',
    'Credential=1/2/../s3/aws4_request',
    'Basic eA==',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'application/json',
    'text/xml',
    'application/x-amz-json-1.9',
    'x'.repeat(3000),
  ],
];

function damageHeaders(dice: Dice, headers: Record<string, string>): Record<string, string> {
  const damaged = { ...headers };
  const name = dice.pick([...HEADERS, ...Object.keys(headers)]);
  if (dice.chance(0.2)) delete damaged[name];
  else damaged[name] = dice.chance(0.7) ? dice.pick(VALUES) : asHeader(weirdText(dice));
  return damaged;
}

const asHeader = (text: string) =>
  Buffer.from(text.replaceAll(/[\r\n\0]/g, ' '))
    .toString('latin1')
    .slice(0, 4000);

function damageUrl(dice: Dice, url: string): string {
  const odd = dice.pick([
    '%',
    '%zz',
    '%00',
    '%ff',
    '%ed%a0%80',
    '//',
    '?',
    '&',
    '?acl',
    '?uploads',
    '?delete',
    '?X-Amz-Credential=/',
    '..',
    '+',
  ]);
  const at = 1 + dice.int(url.length);
  const parameter = `${dice.pick(['', ...AWKWARD_NAMES].map((name) => encodeURIComponent(wellFormed(name))))}=${odd}`;
  return dice.pick([
    url.slice(0, at) + odd + url.slice(at),
    `${url}${url.includes('?') ? '&' : '?'}${parameter}`,
    `${url}/${'a/'.repeat(dice.pick([1, 400]))}`,
    url.slice(0, at),
    `/?Action=${dice.pick(['', 'ListQueues', '__proto__'])}&Version=${dice.pick(['', '2012-11-05'])}`,
  ]);
}
