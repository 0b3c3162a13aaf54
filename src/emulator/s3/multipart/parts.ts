import type { Context } from '../../core/types.ts';
import { type EncryptionInput, encryptionMembers } from '../buckets/encryption.ts';
import { checksumMember, fullChecksum, md5Hex } from '../checksums/algorithms.ts';
import { type ChecksumInput, statedContentChecksum, verifyContent } from '../checksums/verify.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { type CopySourceInput, copySource } from '../objects/copy-source.ts';
import { copyRange } from '../objects/range.ts';
import { ownBytes, wholeSeconds } from '../objects/store.ts';
import type { S3State, Upload, UploadedPart } from '../state.ts';
import { type UploadInput, uploadOf } from './uploads.ts';

function checkPartNumber(partNumber: number): void {
  if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= 10_000) return;
  throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', partNumber);
}

/** Parts bring the algorithm that the upload was created with; a composite checksum cannot do without (UploadPart). */
function checkAlgorithm({ checksum }: Upload, input: ChecksumInput): void {
  const stated = statedContentChecksum(input)?.algorithm;
  if (checksum === undefined || stated === checksum.algorithm) return;
  if (stated === undefined && checksum.type === 'FULL_OBJECT') return;
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${stated?.toLowerCase() ?? 'null'}`,
  );
}

interface UploadPartInput extends UploadInput, ChecksumInput, EncryptionInput {
  PartNumber: number;
  Body?: Uint8Array | string;
}

/** A part sent again replaces the earlier one (UploadPart). */
export function uploadPart(context: Context<S3State>, input: UploadPartInput) {
  const { upload } = uploadOf(context, input);
  checkPartNumber(input.PartNumber);
  checkAlgorithm(upload, input);
  const body = ownBytes(input.Body);
  const { md5, checksum } = verifyContent(input, body);
  const kept = checksum ?? (upload.checksum === undefined ? undefined : fullChecksum(upload.checksum.algorithm, body));
  upload.parts.set(input.PartNumber, { body, etag: md5, modifiedAt: wholeSeconds(context), checksum: kept });
  return { ETag: `"${md5}"`, ...checksumMember(kept), ...encryptionMembers(upload.settings.encryption) };
}

interface UploadPartCopyInput extends UploadInput, CopySourceInput, EncryptionInput {
  PartNumber: number;
  CopySourceRange?: string;
}

export function uploadPartCopy(context: Context<S3State>, input: UploadPartCopyInput) {
  const { object } = copySource(context, input);
  const { upload } = uploadOf(context, input);
  checkPartNumber(input.PartNumber);
  const range =
    input.CopySourceRange === undefined ? undefined : copyRange(input.CopySourceRange, object.body.byteLength);
  const body = range === undefined ? object.body : new Uint8Array(object.body.subarray(range.start, range.end));
  const part: UploadedPart = {
    body,
    etag: md5Hex(body),
    modifiedAt: wholeSeconds(context),
    checksum: upload.checksum === undefined ? undefined : fullChecksum(upload.checksum.algorithm, body),
  };
  upload.parts.set(input.PartNumber, part);
  return {
    CopyPartResult: { ETag: `"${part.etag}"`, LastModified: part.modifiedAt, ...checksumMember(part.checksum) },
    ...encryptionMembers(upload.settings.encryption),
  };
}
