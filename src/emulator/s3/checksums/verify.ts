import { AwsError } from '../../core/errors.ts';
import { invalidRequest, notImplemented } from '../errors.ts';
import {
  ALGORITHMS,
  CHECKSUM_MEMBERS,
  type ChecksumAlgorithm,
  checksumOf,
  isAlgorithm,
  isChecksum,
  md5Hex,
  type StoredChecksum,
} from './algorithms.ts';

/** The members by which a client may say what its content's checksum is. */
export type ChecksumInput = {
  ContentMD5?: string;
  ChecksumAlgorithm?: string;
} & { [name in `Checksum${ChecksumAlgorithm | XxHash}`]?: string };

type XxHash = 'XXHASH64' | 'XXHASH3' | 'XXHASH128';
const XX_HASHES = (['XXHASH64', 'XXHASH3', 'XXHASH128'] as const).map(
  (name) => ({ name, member: `Checksum${name}` }) as const,
);

/** The one checksum that the request states, if any (PutObject, x-amz-checksum-*). */
export function statedChecksum(input: ChecksumInput): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const unknown = XX_HASHES.find(({ name, member }) => input[member] !== undefined || input.ChecksumAlgorithm === name);
  if (unknown !== undefined) throw notImplemented(`The checksum algorithm ${unknown.name} is not implemented.`);
  const stated = ALGORITHMS.filter((name) => input[CHECKSUM_MEMBERS[name]] !== undefined);
  if (stated.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const announced = input.ChecksumAlgorithm?.toUpperCase();
  const algorithm = stated[0];
  if (announced !== undefined && !isAlgorithm(announced)) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  if (algorithm === undefined) return undefined;
  if (announced !== undefined && announced !== algorithm) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  const value = input[CHECKSUM_MEMBERS[algorithm]]!;
  if (!isChecksum(algorithm, value)) {
    throw invalidRequest(`Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
  }
  return { algorithm, value };
}

/** The checksum stated by a request with a content: with an announced algorithm there has to be one. */
export function statedContentChecksum(input: ChecksumInput) {
  const stated = statedChecksum(input);
  if (stated === undefined && input.ChecksumAlgorithm !== undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  return stated;
}

export function verifyChecksum(
  stated: { algorithm: ChecksumAlgorithm; value: string },
  body: Uint8Array,
): StoredChecksum {
  if (checksumOf(stated.algorithm, body) !== stated.value) {
    throw new AwsError('BadDigest', `The ${stated.algorithm} you specified did not match the calculated checksum.`, {
      status: 400,
    });
  }
  return { ...stated, type: 'FULL_OBJECT' };
}

/** Checks Content-MD5 against the content's MD5 (hex) (PutObject, Content-MD5). */
export function verifyContentMd5(contentMd5: string | undefined, md5: string): void {
  if (contentMd5 === undefined) return;
  if (!isChecksum('MD5', contentMd5)) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', {
      status: 400,
      fields: { 'Content-MD5': contentMd5 },
    });
  }
  const expected = Buffer.from(contentMd5, 'base64').toString('hex');
  if (expected !== md5) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      status: 400,
      fields: { ExpectedDigest: expected, CalculatedDigest: Buffer.from(md5, 'hex').toString('base64') },
    });
  }
}

/** What is kept of a verified content: its MD5 and, when stated, its checksum. */
export function verifyContent(
  input: ChecksumInput,
  body: Uint8Array,
): { md5: string; checksum: StoredChecksum | undefined } {
  const stated = statedContentChecksum(input);
  const md5 = md5Hex(body);
  verifyContentMd5(input.ContentMD5, md5);
  return { md5, checksum: stated === undefined ? undefined : verifyChecksum(stated, body) };
}
