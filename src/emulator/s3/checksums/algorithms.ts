import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c, crc64nvme } from './crc.ts';

/** The additional checksums that the engine computes (S3 User Guide, Checking object integrity). */
export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256' | 'SHA512' | 'MD5';

export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface StoredChecksum {
  algorithm: ChecksumAlgorithm;
  type: ChecksumType;
  /** Base64; of a composite one with `-` and the number of parts. */
  value: string;
}

function crc32Digest(bytes: Uint8Array): Buffer {
  const digest = Buffer.allocUnsafe(4);
  digest.writeUInt32BE(crc32(bytes));
  return digest;
}

const digestOf = (name: string) => (bytes: Uint8Array) => hash(name, bytes, 'buffer');

const DIGESTS: Record<ChecksumAlgorithm, { length: number; digest: (bytes: Uint8Array) => Buffer }> = {
  CRC32: { length: 4, digest: crc32Digest },
  CRC32C: { length: 4, digest: crc32c },
  CRC64NVME: { length: 8, digest: crc64nvme },
  SHA1: { length: 20, digest: digestOf('sha1') },
  SHA256: { length: 32, digest: digestOf('sha256') },
  SHA512: { length: 64, digest: digestOf('sha512') },
  MD5: { length: 16, digest: digestOf('md5') },
};

export const ALGORITHMS = Object.keys(DIGESTS) as ChecksumAlgorithm[];

export const isAlgorithm = (name: string): name is ChecksumAlgorithm => Object.hasOwn(DIGESTS, name);

/** Whether a checksum over the whole object exists for an object uploaded in parts. */
export const isCrc = (algorithm: ChecksumAlgorithm) => algorithm.startsWith('CRC');

export const checksumOf = (algorithm: ChecksumAlgorithm, bytes: Uint8Array): string =>
  DIGESTS[algorithm].digest(bytes).toString('base64');

/** Whether `value` is the base64 of a digest of the algorithm's length. */
export function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === DIGESTS[algorithm].length && bytes.toString('base64') === value;
}

export const fullChecksum = (algorithm: ChecksumAlgorithm, bytes: Uint8Array): StoredChecksum => ({
  algorithm,
  type: 'FULL_OBJECT',
  value: checksumOf(algorithm, bytes),
});

/** The checksum of the parts' checksums, as S3 forms it for algorithms that cannot be combined. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): StoredChecksum {
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  return { algorithm, type: 'COMPOSITE', value: `${checksumOf(algorithm, digests)}-${parts.length}` };
}

/** The members of inputs and outputs, `ChecksumCRC32` and the like. */
export const CHECKSUM_MEMBERS = Object.fromEntries(ALGORITHMS.map((name) => [name, `Checksum${name}`])) as {
  [name in ChecksumAlgorithm]: `Checksum${name}`;
};

export const checksumMember = (checksum: { algorithm: ChecksumAlgorithm; value: string } | undefined) =>
  checksum === undefined ? {} : { [CHECKSUM_MEMBERS[checksum.algorithm]]: checksum.value };

export const md5Hex = (bytes: Uint8Array): string => hash('md5', bytes);
