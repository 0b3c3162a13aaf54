import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { type EncryptionInput, encryptionMembers } from '../buckets/encryption.ts';
import { checksumMember } from '../checksums/algorithms.ts';
import { invalidRequest } from '../errors.ts';
import type { S3State, StoredObject } from '../state.ts';
import { isNotModified, type ReadConditions } from './conditions.ts';
import { type ByteRange, partRange, readRange } from './range.ts';
import { asBuffer, type ObjectInput, objectOf } from './store.ts';

interface ReadInput extends ObjectInput, ReadConditions, EncryptionInput {
  Range?: string;
  PartNumber?: number;
  ChecksumMode?: string;
  ResponseCacheControl?: string;
  ResponseContentDisposition?: string;
  ResponseContentEncoding?: string;
  ResponseContentLanguage?: string;
  ResponseContentType?: string;
  ResponseExpires?: number | string;
}

const ARCHIVES = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** GetObject. Archived objects cannot be read, and there is no restore (InvalidObjectState). */
export function getObject(context: Context<S3State>, input: ReadInput) {
  const object = objectOf(bucketOf(context, input), input);
  if (ARCHIVES.has(object.storageClass)) {
    throw new AwsError('InvalidObjectState', "The operation is not valid for the object's storage class", {
      status: 403,
      fields: { StorageClass: object.storageClass },
    });
  }
  const { output, range } = read(context, input, object);
  if (range === undefined) return output;
  const whole = asBuffer(object.body);
  output.Body = range.end - range.start === whole.length ? whole : whole.subarray(range.start, range.end);
  return output;
}

export function headObject(context: Context<S3State>, input: ReadInput) {
  return read(context, input, objectOf(bucketOf(context, input), input)).output;
}

function rangeOf(input: ReadInput, object: StoredObject): ByteRange | undefined {
  if (input.Range !== undefined && input.PartNumber !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
  if (input.PartNumber !== undefined) return partRange(object, input.PartNumber);
  return input.Range === undefined ? undefined : readRange(input.Range, object.body.byteLength);
}

/** The checksum of what is sent: of the whole object, or of the part that is asked for. */
function checksumMembers(input: ReadInput, object: StoredObject, range: ByteRange | undefined) {
  if (input.ChecksumMode?.toUpperCase() !== 'ENABLED') return undefined;
  if (input.PartNumber !== undefined && object.parts !== undefined) {
    const checksum = object.parts.find(({ number }) => number === input.PartNumber)?.checksum;
    // A part may have brought an algorithm that its upload did not ask for.
    if (checksum?.algorithm !== object.checksum.algorithm) return undefined;
    return { ...checksumMember(checksum), ChecksumType: object.checksum.type };
  }
  const isWhole = range === undefined || range.end - range.start === object.body.byteLength;
  return isWhole ? { ...checksumMember(object.checksum), ChecksumType: object.checksum.type } : undefined;
}

/** The model has the parameter as a time (seconds) and the header as text. */
const expires = (value: number | string | undefined) =>
  typeof value === 'number' ? new Date(value * 1000).toUTCString() : value;

/** What GetObject and HeadObject have in common: conditions, range, and every member but the content. */
function read(context: Context<S3State>, input: ReadInput, object: StoredObject) {
  const { headers: stored, metadata, tags, storageClass } = object;
  const ETag = `"${object.etag}"`;
  const LastModified = object.modifiedAt;
  if (isNotModified(object, input, context.now)) {
    return { output: { ETag, LastModified, $status: 304 }, range: undefined };
  }
  const range = rangeOf(input, object);
  const size = object.body.byteLength;
  const sent = range ?? { start: 0, end: size };
  const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = encryptionMembers(object.encryption);
  // Written out in one piece, objects share one layout: every read makes one.
  const output: Record<string, unknown> = {
    ETag,
    LastModified,
    ServerSideEncryption,
    SSEKMSKeyId,
    BucketKeyEnabled,
    $status: range === undefined ? undefined : 206,
    Body: undefined,
    ContentRange: range === undefined || size === 0 ? undefined : `bytes ${range.start}-${range.end - 1}/${size}`,
    ContentType: input.ResponseContentType ?? stored.ContentType,
    CacheControl: input.ResponseCacheControl ?? stored.CacheControl,
    ContentDisposition: input.ResponseContentDisposition ?? stored.ContentDisposition,
    ContentEncoding: input.ResponseContentEncoding ?? stored.ContentEncoding,
    ContentLanguage: input.ResponseContentLanguage ?? stored.ContentLanguage,
    Expires: expires(input.ResponseExpires) ?? stored.Expires,
    AcceptRanges: 'bytes',
    ContentLength: sent.end - sent.start,
    Metadata: metadata,
    StorageClass: storageClass === 'STANDARD' ? undefined : storageClass,
    WebsiteRedirectLocation: object.websiteRedirect,
    TagCount: tags.length || undefined,
    PartsCount: input.PartNumber === undefined ? undefined : object.parts?.length,
  };
  return { output: Object.assign(output, checksumMembers(input, object, range)), range: sent };
}
