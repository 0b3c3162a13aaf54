import { describe, expect, test } from 'vitest';
import { isOurHost, refusal } from '../../../src/emulator/http/guard.ts';

describe('hosts', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:4566',
    'localhost:4566',
    'LOCALHOST',
    'localhost.:80',
    '[::1]:4566',
    'bucket.localhost:4566',
    'sqs.us-east-1.localhost.localstack.cloud:4566',
    'localhost.localstack.cloud',
    'my.bucket.s3.localhost.localstack.cloud',
    'bucket.s3.amazonaws.com',
    'bucket.s3.eu-west-1.amazonaws.com',
    'bucket.s3-eu-west-1.amazonaws.com',
  ])('%s is ours', (host) => expect(isOurHost(host)).toBe(true));

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocalhost',
    'notlocalhost.localstack.cloud',
    '0.0.0.0:4566',
    '192.168.1.5:4566',
    '10.0.0.1',
    '169.254.169.254',
    '2130706433',
    '[::ffff:127.0.0.1]',
    'sqs.us-east-1.amazonaws.com',
    's3.amazonaws.com.evil.example',
    'evil.example/.localhost',
    'evil.example#.localhost',
    'a@b.localhost',
    '',
    ':4566',
  ])('%s is not', (host) => expect(isOurHost(host)).toBe(false));
});

const refusalOf = (headers: Record<string, string>, url = '/', method = 'GET') => refusal({ method, url, headers });

test.each([
  [{ host: 'localhost' }, undefined],
  [{}, undefined],
  [{ host: 'localhost', 'sec-fetch-site': 'none' }, undefined],
  [{ host: 'localhost', 'sec-fetch-site': 'same-origin' }, undefined],
  [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }, 'Sec-Fetch-Site'],
  [{ host: 'localhost', 'sec-fetch-site': 'same-site' }, 'Sec-Fetch-Site'],
  [{ host: 'localhost', origin: 'https://evil.example' }, 'Origin'],
  [{ host: 'localhost', origin: 'null' }, 'Origin'],
  [{ host: 'localhost', origin: 'http://localhost:4566' }, 'Origin'],
  [{ host: 'localhost:4566', referer: 'http://evil.example/' }, 'Referer'],
  [{ host: 'localhost:4566', referer: 'http://localhost:3000/' }, 'Referer'],
  [{ host: 'localhost:4566', referer: 'http://localhost:4566@evil.example/' }, 'Referer'],
  [{ host: 'localhost:4566', referer: 'about:client' }, 'Referer'],
  [{ host: 'localhost:4566', referer: 'http://LOCALHOST:4566/shop/a' }, undefined],
  [{ host: 'rebound.example:4566' }, 'rebound.example'],
])('%j: %s', (headers, reason) => {
  if (reason === undefined) expect(refusalOf(headers)).toBeUndefined();
  else expect(refusalOf(headers)).toContain(reason);
});

describe('an action in a URL', () => {
  const PURGE = '/000000000000/orders?Action=PurgeQueue&Version=2012-11-05';
  const PUBLIC = 'localhost.localstack.cloud:4566';

  test.each([
    ['a program', { host: 'localhost:4566', 'user-agent': 'curl/8.5.0' }],
    ['fetch() of Node.js', { host: '127.0.0.1:4566', 'sec-fetch-mode': 'cors', 'user-agent': 'node' }],
    ['a signed one', { host: PUBLIC, authorization: 'AWS4-HMAC-SHA256 ...' }],
    ['a bucket of that name', { host: 'shop.localhost:4566' }],
  ])('passes for %s', (_who, headers) => expect(refusalOf(headers, PURGE)).toBeUndefined());

  test.each([
    ['an address that was typed, or where it led', { host: 'localhost:4566', 'sec-fetch-site': 'none' }],
    ['a document of the engine', { host: 'localhost:4566', 'sec-fetch-site': 'same-origin' }],
    ['a browser that marks nothing', { host: 'localhost:4566', 'user-agent': 'Mozilla/5.0 (Macintosh)' }],
    ['a name that browsers do not know for loopback', { host: PUBLIC }],
    ['a name below it', { host: `sqs.us-east-1.${PUBLIC}` }],
    ['a bucket of AWS', { host: 'shop.s3.amazonaws.com' }],
  ])('is refused for %s', (_who, headers) => {
    for (const method of ['GET', 'HEAD', 'PUT']) expect(refusalOf(headers, PURGE, method)).toBeDefined();
    // With POST a browser says where it comes from.
    expect(refusalOf(headers, PURGE, 'POST')).toBeUndefined();
    expect(refusalOf(headers, '/shop/a?X-Amz-Expires=60')).toBeUndefined();
  });
});
