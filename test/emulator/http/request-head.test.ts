import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LatestHead, parseHead } from '../../../src/emulator/http/request-head.ts';

const head = (line: string, ...headers: string[]) => parseHead([line, 'Host: localhost', ...headers].join('\r\n'));
const ok = (...headers: string[]) => {
  const parsed = head('POST / HTTP/1.1', ...headers);
  if ('status' in parsed) throw new Error(`refused with ${parsed.status}`);
  return parsed;
};

describe('request lines (RFC 9112, 3)', () => {
  test.each([
    ['GET / HTTP/1.1', 'GET', '/'],
    ['M-SEARCH / HTTP/1.1', undefined, undefined],
    ['PUT /b/../a//%2F?x=%20&y HTTP/1.1', 'PUT', '/b/../a//%2F?x=%20&y'],
    ['GET http://localhost:4566/b/k?a HTTP/1.1', 'GET', '/b/k?a'],
    ['GET http://localhost HTTP/1.1', 'GET', '/'],
    ['GET http://localhost:4566?next=/x HTTP/1.1', 'GET', '/?next=/x'],
    ['GET foo/_localstack/health HTTP/1.1', undefined, undefined],
    ['GET ftp://localhost/a HTTP/1.1', undefined, undefined],
    ['GET http:///a HTTP/1.1', undefined, undefined],
    ['GET ?a HTTP/1.1', undefined, undefined],
    ['GET /\xc3\xbc HTTP/1.1', 'GET', '/\xc3\xbc'],
    ['get / HTTP/1.1', undefined, undefined],
    ['GET  / HTTP/1.1', undefined, undefined],
    ['GET / HTTP/1.1 ', undefined, undefined],
    ['GET / HTTP/2.0', undefined, undefined],
    ['GET / HTTP/1.2', undefined, undefined],
    ['GET /', undefined, undefined],
    ['GET /a b HTTP/1.1', undefined, undefined],
    ['GET /\x00 HTTP/1.1', undefined, undefined],
    ['CONNECT localhost:80 HTTP/1.1', undefined, undefined],
    ['', undefined, undefined],
  ])('%j', (line, method, url) => {
    expect(head(line)).toMatchObject(method === undefined ? { status: 400 } : { method, url });
  });
});

test('the host of a whole URL counts (RFC 9112, 3.2.2)', () => {
  expect(head('GET http://evil.example:80/a HTTP/1.1')).toMatchObject({ headers: { host: 'evil.example:80' } });
});

describe('headers (RFC 9112, 5)', () => {
  test.each([
    ['names in lower case', ['X-Amz-Target: A.B'], { 'x-amz-target': 'A.B' }],
    ['blanks around a value', ['X: \t a b \t'], { x: 'a b' }],
    ['a value that ends in a byte of UTF-8 that looks like a space', ['X: \xc3\xa0'], { x: '\xc3\xa0' }],
    ['an empty value', ['X:'], { x: '' }],
    ['colons in a value', ['X: a:b'], { x: 'a:b' }],
    ['lists over several lines', ['X: a', 'x: b'], { x: 'a, b' }],
    ['the first of what is single', ['Content-Type: a', 'Content-Type: b'], { 'content-type': 'a' }],
    ['names that every object has', ['constructor: a', 'toString: b'], { constructor: 'a', tostring: 'b' }],
    ['a name that sets no prototype', ['__proto__: a'], {}],
  ])('%s', (_name, lines, headers) => {
    const parsed = ok(...lines);
    expect(parsed.headers).toEqual({ host: 'localhost', ...headers });
    expect(Object.getPrototypeOf(parsed.headers)).toBe(Object.prototype);
  });

  test.each([
    ['a line without a colon', 'X'],
    ['a name with a blank', 'X Y: a'],
    ['a blank before the colon', 'X : a'],
    ['no name', ': a'],
    ['a folded line', ' folded'],
    ['a name that is no token', 'X(: a'],
    ['a control character', 'X: a\x01'],
    ['half a line end', 'X: a\nY: b'],
    ['the other half', 'X: a\rY: b'],
    ['a second host', 'Host: evil.example'],
  ])('%s is refused', (_name, line) => expect(head('GET / HTTP/1.1', line)).toEqual({ status: 400 }));

  test('a host is needed, except by HTTP/1.0', () => {
    expect(parseHead('GET / HTTP/1.1')).toEqual({ status: 400 });
    expect(parseHead('GET / HTTP/1.0')).toMatchObject({ url: '/', headers: {} });
  });
});

describe('framing (RFC 9112, 6)', () => {
  test.each([
    [[], 0],
    [['Content-Length: 0'], 0],
    [['Content-Length: 5'], 5],
    [['Transfer-Encoding: chunked'], undefined],
    [['Transfer-Encoding: Chunked'], undefined],
  ])('%j', (lines, length) => expect(ok(...lines).length).toBe(length));

  test.each([
    [['Content-Length: 5x']],
    [['Content-Length: -1']],
    [['Content-Length: +5']],
    [['Content-Length: 5, 5']],
    [['Content-Length: ']],
    [['Content-Length: 99999999999999999999']],
    [['Content-Length: 5', 'Content-Length: 5']],
    [['Content-Length: 5', 'Transfer-Encoding: chunked']],
    [['Transfer-Encoding: gzip, chunked']],
    [['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    [['Transfer-Encoding: identity']],
  ])('%j is refused', (lines) => expect(head('POST / HTTP/1.1', ...lines)).toEqual({ status: 400 }));

  test('chunks are not of HTTP/1.0', () => {
    expect(head('POST / HTTP/1.0', 'Transfer-Encoding: chunked')).toEqual({ status: 400 });
  });
});

describe('connections (RFC 9112, 9.3)', () => {
  test.each([
    ['1.1', [], true],
    ['1.1', ['Connection: keep-alive'], true],
    ['1.1', ['Connection: Close'], false],
    ['1.1', ['Connection: TE, close'], false],
    ['1.0', [], false],
    ['1.0', ['Connection: Keep-Alive'], true],
  ])('HTTP/%s %j', (version, lines, keepAlive) => {
    expect(head(`GET / HTTP/${version}`, ...lines)).toMatchObject({ keepAlive });
  });

  test('leave to send a body is asked for in one way', () => {
    expect(ok('Expect: 100-Continue').expectsContinue).toBe(true);
    expect(ok().expectsContinue).toBe(false);
    expect(ok('Expect:').expectsContinue).toBe(false);
    expect(head('POST / HTTP/1.1', 'Expect: miracles')).toEqual({ status: 417 });
  });
});

test('a head is read as if it were the first, whatever came before it on the connection', () => {
  const line = fc.constantFrom(
    ...['X: a', 'x: b', 'X:  a', 'Content-Length: 1', 'Content-Length: 2', 'Expect: 100-continue', 'Connection: close'],
    ...[
      'X: a\x01',
      'X Y: a',
      'X',
      'X: a\nY: b',
      'X: a\rY: b',
      '',
      '\n',
      'X: a\r',
      'Host: a',
      'Host: b',
      'constructor: a',
    ],
  );
  const requestLine = fc.constantFrom(
    'GET / HTTP/1.1',
    'GET / HTTP/1.0',
    'PUT /a HTTP/1.1',
    'CONNECT a HTTP/1.1',
    'GET /',
  );
  const text = fc
    .tuple(requestLine, fc.array(line, { maxLength: 5 }))
    .map(([first, rest]) => [first, ...rest].join('\r\n'));
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (heads) => {
      const latest = new LatestHead();
      for (const each of heads) expect(parseHead(each, latest)).toEqual(parseHead(each));
    }),
    { numRuns: 2000 },
  );
});

test('of a head no more is remembered than 32 lines, and nothing of one beyond 4 KiB', () => {
  const latest = new LatestHead();
  const lines = Array.from({ length: 100 }, (_, index) => `X-${index}: a`);
  expect(parseHead(['GET / HTTP/1.1', 'Host: localhost', ...lines].join('\r\n'), latest)).toHaveProperty(
    'headers.x-99',
    'a',
  );
  expect(latest.headerLines).toHaveLength(32);
  parseHead(`GET / HTTP/1.1\r\nHost: other\r\nX: ${'a'.repeat(4096)}`, latest);
  expect(latest.headerLines[0]!.value).toBe('localhost');
});
