import { constants } from 'node:buffer';
import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { encryptionMembers } from '../buckets/encryption.ts';
import {
  ALGORITHMS,
  checksumMember,
  compositeChecksum,
  fullChecksum,
  md5Hex,
  type StoredChecksum,
} from '../checksums/algorithms.ts';
import { type ChecksumInput, statedChecksum } from '../checksums/verify.ts';
import { invalidRequest, malformedXml } from '../errors.ts';
import { toByteKey } from '../listing/byte-order.ts';
import { checkWrite, type WriteConditions } from '../objects/conditions.ts';
import { objectUrl } from '../objects/object-url.ts';
import { storeObject, wholeSeconds } from '../objects/store.ts';
import type { CompletedUpload, S3State, Upload, UploadedPart } from '../state.ts';
import { completedUpload, rememberCompleted, type UploadInput, uploadOf } from './uploads.ts';

type CompletedPart = { PartNumber?: number; ETag?: string } & Omit<ChecksumInput, 'ChecksumAlgorithm' | 'ContentMD5'>;

interface CompleteInput extends UploadInput, WriteConditions, Omit<ChecksumInput, 'ChecksumAlgorithm' | 'ContentMD5'> {
  MultipartUpload?: { Parts?: CompletedPart[] };
  ChecksumType?: string;
  MpuObjectSize?: number;
}

/** Every part but the last (S3 User Guide, Amazon S3 multipart upload limits). */
const SMALLEST_PART = 5 * 1024 * 1024;

const unquoted = (etag: string) => etag.replace(/^"(.*)"$/, '$1');

const invalidPart = (upload: Upload, { ETag, PartNumber }: CompletedPart) =>
  new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { status: 400, fields: { UploadId: upload.id, PartNumber, ETag: unquoted(ETag ?? '') } },
  );

/** The checksums that the list of parts repeats have to be those of the parts (CompleteMultipartUpload). */
function checkPartChecksum(upload: Upload, listed: CompletedPart, part: UploadedPart): void {
  const stated = ALGORITHMS.filter((name) => listed[`Checksum${name}`] !== undefined);
  for (const algorithm of stated) {
    if (part.checksum?.algorithm !== algorithm || part.checksum.value !== listed[`Checksum${algorithm}`]) {
      throw invalidPart(upload, listed);
    }
  }
  if (upload.checksum?.type === 'COMPOSITE' && stated.length === 0) {
    const algorithm = upload.checksum.algorithm.toLowerCase();
    throw invalidRequest(
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${listed.PartNumber} in the request.`,
    );
  }
}

function checkOrder(upload: Upload, listed: readonly CompletedPart[]): void {
  let previous = 0;
  for (const { PartNumber } of listed) {
    if (PartNumber === undefined) throw malformedXml();
    if (PartNumber <= previous) {
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        { status: 400, fields: { UploadId: upload.id } },
      );
    }
    previous = PartNumber;
  }
}

interface ChosenPart extends UploadedPart {
  number: number;
}

function chooseParts(upload: Upload, listed: readonly CompletedPart[]): ChosenPart[] {
  if (listed.length === 0) throw invalidRequest('You must specify at least one part');
  checkOrder(upload, listed);
  return listed.map((entry, index) => {
    const number = entry.PartNumber!;
    const part = upload.parts.get(number);
    if (part === undefined || part.etag !== unquoted(entry.ETag ?? '')) throw invalidPart(upload, entry);
    checkPartChecksum(upload, entry, part);
    if (index < listed.length - 1 && part.body.byteLength < SMALLEST_PART) {
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        status: 400,
        fields: {
          ETag: part.etag,
          PartNumber: number,
          MinSizeAllowed: SMALLEST_PART,
          ProposedSize: part.body.byteLength,
        },
      });
    }
    return { ...part, number };
  });
}

function joinParts(parts: readonly ChosenPart[], stated: number | undefined): Uint8Array {
  const size = parts.reduce((sum, { body }) => sum + body.byteLength, 0);
  if (stated !== undefined && stated !== size) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${stated} does not match what was computed: ${size}`,
    );
  }
  if (size > constants.MAX_LENGTH) {
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', { status: 400 });
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const { body } of parts) {
    whole.set(body, at);
    at += body.byteLength;
  }
  return whole;
}

function finalChecksum(
  upload: Upload,
  input: CompleteInput,
  parts: readonly ChosenPart[],
  body: Uint8Array,
): StoredChecksum {
  const { algorithm, type } = upload.checksum ?? { algorithm: 'CRC64NVME', type: 'FULL_OBJECT' };
  if (input.ChecksumType !== undefined && input.ChecksumType.toUpperCase() !== type) {
    throw invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const checksum =
    type === 'COMPOSITE'
      ? compositeChecksum(
          algorithm,
          parts.map((part) => part.checksum!.value),
        )
      : fullChecksum(algorithm, body);
  // A composite checksum need not be repeated, and may come without the number of parts.
  const stated = type === 'FULL_OBJECT' ? statedChecksum(input) : undefined;
  const value = stated?.value ?? input[`Checksum${algorithm}`];
  const agrees = value === undefined || value === checksum.value || value === checksum.value.split('-')[0];
  if (!agrees || (stated !== undefined && stated.algorithm !== algorithm)) {
    throw new AwsError(
      'BadDigest',
      `The ${(stated?.algorithm ?? algorithm).toLowerCase()} you specified did not match the calculated checksum.`,
      { status: 400 },
    );
  }
  return checksum;
}

/** The ETag of the parts' MD5s and their number (S3 User Guide, Checking object integrity). */
function multipartEtag(parts: readonly ChosenPart[]): string {
  return `${md5Hex(Buffer.from(parts.map(({ etag }) => etag).join(''), 'hex'))}-${parts.length}`;
}

/** Completing an upload again is answered as the first time (CompleteMultipartUpload): its answer may have got lost. */
export function completeMultipartUpload(context: Context<S3State>, input: CompleteInput) {
  const before = completedUpload(context, input);
  if (before !== undefined) return answer(context, input, before);
  const { bucket, upload } = uploadOf(context, input);
  const byteKey = toByteKey(upload.key);
  checkWrite(bucket.objects.get(byteKey), input, upload);
  const parts = chooseParts(upload, input.MultipartUpload?.Parts ?? []);
  const body = joinParts(parts, input.MpuObjectSize);
  const checksum = finalChecksum(upload, input, parts, body);
  const etag = multipartEtag(parts);
  const object = {
    ...upload.settings,
    body,
    etag,
    modifiedAt: wholeSeconds(context),
    checksum,
    parts: parts.map((part) => ({ number: part.number, size: part.body.byteLength, checksum: part.checksum })),
  };
  storeObject(context, bucket, byteKey, object, 'ObjectCreated:CompleteMultipartUpload');
  const completed = { key: upload.key, etag, checksum, encryption: upload.settings.encryption };
  rememberCompleted(bucket, upload, completed);
  return answer(context, input, completed);
}

function answer(context: Context<S3State>, input: CompleteInput, completed: CompletedUpload) {
  const { key, etag, checksum, encryption } = completed;
  return {
    Location: objectUrl(context.endpoint, input.Bucket, key.split('/').map(encodeURIComponent).join('/')),
    Bucket: input.Bucket,
    Key: key,
    ETag: `"${etag}"`,
    ...checksumMember(checksum),
    ChecksumType: checksum.type,
    ...encryptionMembers(encryption),
  };
}
