import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { encryptionMembers } from '../buckets/encryption.ts';
import { type ChecksumType, isAlgorithm, isCrc } from '../checksums/algorithms.ts';
import { invalidRequest } from '../errors.ts';
import { toByteKey } from '../listing/byte-order.ts';
import { checkKeyLength, objectSettings, type SettingsInput } from '../objects/settings.ts';
import type { S3State, Upload } from '../state.ts';
import { addUpload, newUploadId, removeUpload, type UploadInput, uploadOf } from './uploads.ts';

interface CreateMultipartUploadInput extends SettingsInput {
  Bucket: string;
  Key: string;
  ExpectedBucketOwner?: string;
  ChecksumAlgorithm?: string;
  ChecksumType?: string;
}

/** Which checksum the upload is to have (S3 User Guide, Checking object integrity, Full object and composite checksums). */
function uploadChecksum(input: CreateMultipartUploadInput): Upload['checksum'] {
  const algorithm = input.ChecksumAlgorithm?.toUpperCase();
  const type = input.ChecksumType?.toUpperCase();
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  if (!isAlgorithm(algorithm)) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  const implied: ChecksumType = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const chosen = type ?? implied;
  if (chosen !== 'FULL_OBJECT' && chosen !== 'COMPOSITE') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  const impossible = chosen === 'COMPOSITE' ? algorithm === 'CRC64NVME' : !isCrc(algorithm);
  if (impossible) {
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: chosen };
}

export function createMultipartUpload(context: Context<S3State>, input: CreateMultipartUploadInput) {
  const bucket = bucketOf(context, input);
  const byteKey = toByteKey(input.Key);
  checkKeyLength(byteKey);
  const settings = objectSettings(bucket, input);
  const checksum = uploadChecksum(input);
  const upload: Upload = {
    id: newUploadId(context),
    key: input.Key,
    initiatedAt: context.now,
    afterWrite: context.state.writes,
    settings,
    checksum,
    keyExisted: bucket.objects.has(byteKey),
    parts: new Map(),
  };
  addUpload(bucket, upload);
  return {
    Bucket: bucket.name,
    Key: input.Key,
    UploadId: upload.id,
    ChecksumAlgorithm: checksum?.algorithm,
    ChecksumType: checksum?.type,
    ...encryptionMembers(settings.encryption),
  };
}

/** AbortMultipartUpload; the initiation time is a condition of directory buckets and left alone. */
export function abortMultipartUpload(context: Context<S3State>, input: UploadInput) {
  const { bucket, upload } = uploadOf(context, input);
  removeUpload(bucket, upload);
  return {};
}
