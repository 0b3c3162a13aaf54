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
  [{ host: 'rebound.example:4566' }, 'rebound.example'],
])('%j: %s', (headers, reason) => {
  if (reason === undefined) expect(refusal(headers)).toBeUndefined();
  else expect(refusal(headers)).toContain(reason);
});
