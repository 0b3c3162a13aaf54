import { invalidRequest } from '../errors.ts';
import { ALGORITHMS, md5Hex } from './algorithms.ts';
import { type ChecksumInput, statedContentChecksum, verifyChecksum, verifyContentMd5 } from './verify.ts';

interface DocumentInput {
  /** The body of a request that is a document, as it came. */
  $document?: { body: Uint8Array; headers: Record<string, string | undefined> };
}

/** Requests that S3 refuses without a digest (DeleteObjects, PutBucketLifecycleConfiguration, Content-MD5). */
const DIGEST_REQUIRED = new Set(['DeleteObjects', 'PutBucketLifecycleConfiguration']);

/**
 * Verifies the digest of a document against its headers; the model has no members for most of them. What completes a
 * multipart upload is another matter: its checksum headers are about the object.
 */
export function checkDocument(operation: string, input: DocumentInput): void {
  if (input.$document === undefined || operation === 'CompleteMultipartUpload') return;
  const { body, headers } = input.$document;
  const stated: ChecksumInput = {};
  for (const name of ALGORITHMS) {
    const value = headers[`x-amz-checksum-${name.toLowerCase()}`];
    if (value !== undefined) stated[`Checksum${name}`] = value;
  }
  const announced = headers['x-amz-sdk-checksum-algorithm'];
  if (announced !== undefined) stated.ChecksumAlgorithm = announced;
  const checksum = statedContentChecksum(stated);
  const contentMd5 = headers['content-md5'];
  if (checksum === undefined && contentMd5 === undefined && DIGEST_REQUIRED.has(operation)) {
    throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  if (contentMd5 !== undefined) verifyContentMd5(contentMd5, md5Hex(body));
  if (checksum !== undefined) verifyChecksum(checksum, body);
}
