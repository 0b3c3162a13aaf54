import { describe, expect, test } from 'vitest';
import { bucketOf, isAwsHost, isLoopbackHost, parseAuthority } from '../../../src/lab/intercept/hosts.ts';

/** Where a host that comes with CONNECT leads. */
function way(text: string): string {
  const target = parseAuthority(text);
  if (target === undefined) return 'nowhere';
  return isAwsHost(target.host) ? 'engine' : isLoopbackHost(target.host) ? 'here' : 'refused';
}

describe('where a host leads', () => {
  test.each([
    ...['sqs.us-east-1.amazonaws.com:443', 'SQS.US-EAST-1.AMAZONAWS.COM:443', 'sns.us-east-1.amazonaws.com.:443'],
    ...['queue.amazonaws.com:443', 'us-west-2.queue.amazonaws.com:443', 'sqs.cn-north-1.amazonaws.com.cn:443'],
    ...['sqs.us-east-1.api.aws:443', 'b.s3.amazonaws.com:80', '000000000000.ddb.us-east-1.amazonaws.com:443'],
    ...[
      'sqs-fips.us-gov-west-1.amazonaws.com:443',
      'sqs.eusc-de-east-1.amazonaws.eu:443',
      'monitoring.amazonaws.com:443',
    ],
  ])('%s: to the engine', (host) => expect(way(host)).toBe('engine'));

  test.each(['localhost:1', '127.0.0.1:4566', '127.9.9.9:80', '[::1]:80', 'b.s3.localhost:4566', 'LocalHost:80'])(
    '%s: to this machine',
    (host) => expect(way(host)).toBe('here'),
  );

  test.each([
    ...[
      'example.com:443',
      'amazonaws.com.example.com:443',
      'notamazonaws.com:443',
      'amazonaws.co:443',
      'api.aws.com:443',
    ],
    ...['169.254.169.254:80', '1.2.3.4:443', '[::ffff:127.0.0.1]:80', '[fd00:ec2::254]:80', '0.0.0.0:80', '0x7f.1:80'],
    ...['2130706433:80', '127.1:80', 'localhost.example.com:80', 'mylocalhost:80', 'xn--mazonaws-4fg.com:443'],
  ])('%s: refused', (host) => expect(way(host)).toBe('refused'));

  test.each([
    ...['', 'sqs.amazonaws.com', ':443', 'sqs.amazonaws.com:', 'sqs.amazonaws.com:0', 'sqs.amazonaws.com:65536'],
    ...[
      'sqs.amazonaws.com:443:443',
      'evil.com#.amazonaws.com:443',
      'evil.com/.amazonaws.com:443',
      'a@b.amazonaws.com:443',
    ],
    ...['evil.com\\.amazonaws.com:443', 'evil.com%00.amazonaws.com:443', 'evil.com\0.amazonaws.com:443', '[::1:80'],
    ...['evil.com .amazonaws.com:443', '.amazonaws.com:443', 'a..amazonaws.com:443', '-a.amazonaws.com:443', '::1:80'],
    ...['amazonaws.com..:443', `${'a'.repeat(64)}.amazonaws.com:443`, `${'a.'.repeat(121)}amazonaws.com:443`],
    ...['аmazonaws.com:443', 'evil.com?.amazonaws.com:443', '*.amazonaws.com:443', "'.amazonaws.com:443", '[]:80'],
  ])('%j: no host at all', (host) => expect(way(host)).toBe('nowhere'));
});

test.each([
  ['b.s3.amazonaws.com', 'b'],
  ['b.s3.eu-west-1.amazonaws.com', 'b'],
  ['b.s3-eu-west-1.amazonaws.com', 'b'],
  ['my.b.s3.dualstack.eu-west-1.amazonaws.com', 'my.b'],
  ['b.s3-accelerate.amazonaws.com', 'b'],
  ['b.s3-fips.dualstack.us-gov-west-1.amazonaws.com', 'b'],
  ['b.s3.cn-north-1.amazonaws.com.cn', 'b'],
  ['a.s3.b.s3.eu-west-1.amazonaws.com', 'a.s3.b'],
  ['s3.amazonaws.com', undefined],
  ['s3.dualstack.eu-west-1.amazonaws.com', undefined],
  ['s3-eu-west-1.amazonaws.com', undefined],
  ['123.s3-control.eu-west-1.amazonaws.com', undefined],
  ['sqs.us-east-1.amazonaws.com', undefined],
])('the bucket of %s is %s', (host, bucket) => expect(bucketOf(host)).toBe(bucket));
