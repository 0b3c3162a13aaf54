import { describe, expect, test } from 'vitest';
import { RequestBody } from '../../../src/emulator/http/request-body.ts';

const LIMIT = 1_000_000;

/** Feeds a body in pieces of `size` bytes; gives what came out, and what was left over. */
function read(text: string, length: number | undefined, size: number) {
  const bytes = Buffer.from(text, 'latin1');
  const body = new RequestBody(length, LIMIT);
  for (let at = 0; at < bytes.length; at += size) {
    const progress = body.take(bytes.subarray(at, at + size));
    if (typeof progress === 'string' && progress !== 'more') return progress;
    if (typeof progress === 'object') {
      const rest = progress.rest.toString('latin1') + bytes.toString('latin1', at + size);
      return { body: body.bytes.toString('latin1'), rest };
    }
  }
  return 'more';
}

const SIZES = [1, 2, 3, 7, 1_000];

describe('in pieces of any size', () => {
  test.each([
    ['hello', 5, { body: 'hello', rest: '' }],
    ['helloGET /', 5, { body: 'hello', rest: 'GET /' }],
    ['hell', 5, 'more'],
    ['5\r\nhello\r\n0\r\n\r\n', undefined, { body: 'hello', rest: '' }],
    ['5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\nGET', undefined, { body: 'hello world', rest: 'GET' }],
    ['3\r\n\r\n\r\r\n0\r\n\r\n', undefined, { body: '\r\n\r', rest: '' }],
    ['A\r\n0123456789\r\n00\r\nX-T: a\r\nY:b\r\n\r\n', undefined, { body: '0123456789', rest: '' }],
    ['0\r\n\r\n', undefined, { body: '', rest: '' }],
    ['5\r\nhello\r\n', undefined, 'more'],
    ['5\r\nhelloX\r\n', undefined, 'malformed'],
    ['zz\r\n', undefined, 'malformed'],
    ['-1\r\n', undefined, 'malformed'],
    ['\r\n', undefined, 'malformed'],
    ['5 \r\nhello\r\n', undefined, 'malformed'],
    ['5\nhello\n0\n\n', undefined, 'malformed'],
    ['fffffffff\r\n', undefined, 'malformed'],
    ['0\r\nno colon\r\n\r\n', undefined, 'malformed'],
    [`5;${'x'.repeat(2_000)}`, undefined, 'malformed'],
    [`0\r\n${'X: y\r\n'.repeat(5_000)}`, undefined, 'malformed'],
    ['ffffffff\r\nx', undefined, 'oversized'],
  ])('%#', (text, length, expected) => {
    for (const size of SIZES) expect(read(text, length, size)).toEqual(expected);
  });
});

test('memory grows with what has come, not with what is declared', () => {
  const body = new RequestBody(LIMIT, LIMIT);
  expect(body.take(Buffer.from('x'))).toBe('more');
  expect(body.bytes.buffer.byteLength).toBeLessThan(LIMIT / 10);
  expect(body.take(Buffer.alloc(LIMIT - 1, 'y'))).toEqual({ rest: Buffer.alloc(0) });
  expect(body.bytes.toString()).toBe(`x${'y'.repeat(LIMIT - 1)}`);
  expect(body.bytes.buffer.byteLength).toBe(LIMIT);
});
