import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { ALGORITHMS, checksumOf } from '../../../src/emulator/s3/checksums/algorithms.ts';
import { s3WithBucket } from './engine.ts';

const Bucket = 'shop';
const TEXT = '123456789';

/** The check values of the CRC catalogue and of the hashes, over "123456789", as hex. */
const KNOWN: Record<string, string> = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: createHash('sha1').update(TEXT).digest('hex'),
  SHA256: createHash('sha256').update(TEXT).digest('hex'),
  SHA512: createHash('sha512').update(TEXT).digest('hex'),
  MD5: createHash('md5').update(TEXT).digest('hex'),
};

describe.each(ALGORITHMS)('%s (S3 User Guide, Checking object integrity)', (algorithm) => {
  const member = `Checksum${algorithm}`;
  const value = Buffer.from(KNOWN[algorithm]!, 'hex').toString('base64');

  it('has the known value', () => {
    expect(Buffer.from(checksumOf(algorithm, Buffer.from(TEXT)), 'base64').toString('hex')).toBe(KNOWN[algorithm]);
  });

  it('is verified, given back and reported to those who ask', async () => {
    const { put, get, call } = await s3WithBucket();
    const stated = { [member]: value, ChecksumType: 'FULL_OBJECT' };
    expect(await put('a', TEXT, { [member]: value, ChecksumAlgorithm: algorithm })).toMatchObject(stated);
    expect(await get('a', { ChecksumMode: 'ENABLED' })).toMatchObject(stated);
    expect(await call('HeadObject', { Bucket, Key: 'a', ChecksumMode: 'ENABLED' })).toMatchObject(stated);
    expect(await get('a')).not.toHaveProperty(member);
    expect(await get('a', { ChecksumMode: 'ENABLED', Range: 'bytes=0-1' })).not.toHaveProperty(member);
    const listed = await call('ListObjectsV2', { Bucket });
    expect(listed.Contents).toMatchObject([{ ChecksumAlgorithm: [algorithm], ChecksumType: 'FULL_OBJECT' }]);
    const attributes = { Bucket, Key: 'a', ObjectAttributes: ['Checksum'] };
    expect((await call('GetObjectAttributes', attributes)).Checksum).toEqual(stated);
  });

  it('refuses another content and what is no checksum', async () => {
    const { refusal, call } = await s3WithBucket();
    const input = (Body: string, checksum: string) => ({
      Bucket,
      Key: 'a',
      Body: Buffer.from(Body),
      [member]: checksum,
    });
    expect(await refusal('PutObject', input('other', value))).toBe(
      `BadDigest 400: The ${algorithm} you specified did not match the calculated checksum.`,
    );
    for (const wrong of ['', 'AAA=', '!', `${value} `]) {
      expect(await refusal('PutObject', input(TEXT, wrong))).toBe(
        `InvalidRequest 400: Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`,
      );
    }
    expect((await call('ListObjectsV2', { Bucket })).KeyCount).toBe(0);
  });
});

it('takes the bytes that do not fill a step of eight alike', () => {
  // Linear in the input: crc(a ^ b ^ c) = crc(a) ^ crc(b) ^ crc(c) for inputs of one length.
  const xor = (...buffers: Buffer[]) =>
    Buffer.from(buffers[0]!.map((_, index) => buffers.reduce((all, one) => all ^ one[index]!, 0)));
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
    const crc = (bytes: Buffer) => Buffer.from(checksumOf(algorithm, bytes), 'base64');
    for (let length = 0; length < 40; length++) {
      const [a, b, c] = [3, 5, 11].map((factor) =>
        Buffer.from(Array.from({ length }, (_, i) => (i * factor * 7) & 255)),
      );
      expect(crc(xor(a!, b!, c!))).toEqual(xor(crc(a!), crc(b!), crc(c!)));
    }
  }
});

it('gives an object without a stated checksum CRC64NVME', async () => {
  const { put } = await s3WithBucket();
  expect(await put('a', TEXT)).toMatchObject({ ChecksumCRC64NVME: 'rosUhgp5mIg=', ChecksumType: 'FULL_OBJECT' });
});

test.each<[string, object, string]>([
  [
    'two checksums',
    { ChecksumCRC32: 'y/Q5Jg==', ChecksumSHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=' },
    'InvalidRequest 400: Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
  ],
  [
    'an announced checksum that is missing',
    { ChecksumAlgorithm: 'CRC32' },
    'InvalidRequest 400: x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  ],
  [
    'another checksum than announced',
    { ChecksumAlgorithm: 'SHA256', ChecksumCRC32: 'y/Q5Jg==' },
    'InvalidRequest 400: Value for x-amz-sdk-checksum-algorithm header is invalid.',
  ],
  [
    'an unknown algorithm',
    { ChecksumAlgorithm: 'ADLER' },
    'InvalidRequest 400: Value for x-amz-sdk-checksum-algorithm header is invalid.',
  ],
  [
    'an algorithm that is not there',
    { ChecksumXXHASH3: 'AAAAAAAAAAA=' },
    'NotImplemented 501: The checksum algorithm XXHASH3 is not implemented.',
  ],
  [
    'a Content-MD5 that is none',
    { ContentMD5: 'abc' },
    'InvalidDigest 400: The Content-MD5 you specified was invalid.',
  ],
  [
    'a wrong Content-MD5',
    { ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' },
    'BadDigest 400: The Content-MD5 you specified did not match what we received.',
  ],
])('refuses %s', async (_, more, expected) => {
  const { refusal } = await s3WithBucket();
  expect(await refusal('PutObject', { Bucket, Key: 'a', Body: Buffer.from(TEXT), ...more })).toBe(expected);
});

it('accepts the right Content-MD5', async () => {
  const { put } = await s3WithBucket();
  expect(await put('a', 'hello', { ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' })).toMatchObject({
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
  });
});
