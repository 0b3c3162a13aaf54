import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { encryptionMembers, objectEncryption } from '../buckets/encryption.ts';
import { checksumMember, fullChecksum, isAlgorithm, md5Hex, type StoredChecksum } from '../checksums/algorithms.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import { toByteKey } from '../listing/byte-order.ts';
import type { Bucket, S3State, StoredObject } from '../state.ts';
import { headerTags } from '../tags.ts';
import { checkWrite, type WriteConditions } from './conditions.ts';
import { type CopySourceInput, copySource } from './copy-source.ts';
import { userMetadata } from './metadata.ts';
import { checkKeyLength, checkSettings, type SettingsInput, storageClass, systemHeaders } from './settings.ts';
import { type ObjectInput, storeObject, wholeSeconds } from './store.ts';

interface CopyObjectInput extends ObjectInput, SettingsInput, CopySourceInput, WriteConditions {
  MetadataDirective?: string;
  TaggingDirective?: string;
  ChecksumAlgorithm?: string;
}

function replaces(directive: string | undefined, what: 'metadata' | 'tagging'): boolean {
  if (directive !== undefined && directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument(`Unknown ${what} directive.`, `x-amz-${what}-directive`, directive);
  }
  return directive === 'REPLACE';
}

/** A copy onto itself has to change something (CopyObject, InvalidRequest). */
function checkSelfCopy(input: CopyObjectInput, bucket: Bucket): void {
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.StorageClass !== undefined ||
    input.ServerSideEncryption !== undefined ||
    input.WebsiteRedirectLocation !== undefined ||
    bucket.encryptionConfigured;
  if (changes) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** The copy is one piece: a multipart ETag or a composite checksum of the source does not fit it. */
function copiedChecksum(source: StoredObject, asked: string | undefined): StoredChecksum {
  if (asked !== undefined && !isAlgorithm(asked)) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  const algorithm = asked ?? source.checksum.algorithm;
  const fits = algorithm === source.checksum.algorithm && source.checksum.type === 'FULL_OBJECT';
  return fits ? source.checksum : fullChecksum(algorithm, source.body);
}

/** CopyObject: the content always, metadata and tags unless a directive replaces them, nothing else of the source. */
export function copyObject(context: Context<S3State>, input: CopyObjectInput) {
  const bucket = bucketOf(context, input);
  const byteKey = toByteKey(input.Key);
  checkKeyLength(byteKey);
  checkSettings(bucket, input);
  const newMetadata = replaces(input.MetadataDirective, 'metadata');
  const newTags = replaces(input.TaggingDirective, 'tagging');
  const { object: source, bucket: sourceBucket, key: sourceKey } = copySource(context, input);
  if (sourceBucket === bucket && sourceKey === input.Key) checkSelfCopy(input, bucket);
  const object: StoredObject = {
    headers: newMetadata ? systemHeaders(input) : source.headers,
    metadata: newMetadata ? userMetadata(input.Metadata) : source.metadata,
    storageClass: storageClass(input.StorageClass),
    encryption: objectEncryption(bucket, input),
    tags: newTags ? headerTags(input.Tagging) : source.tags,
    websiteRedirect: input.WebsiteRedirectLocation,
    body: source.body,
    etag: source.parts === undefined ? source.etag : md5Hex(source.body),
    modifiedAt: wholeSeconds(context),
    checksum: copiedChecksum(source, input.ChecksumAlgorithm),
    written: 0,
    parts: undefined,
  };
  checkWrite(bucket.objects.get(byteKey), input);
  storeObject(context, bucket, byteKey, object, 'ObjectCreated:Copy');
  return {
    CopyObjectResult: {
      ETag: `"${object.etag}"`,
      LastModified: object.modifiedAt,
      ...checksumMember(object.checksum),
      ChecksumType: object.checksum.type,
    },
    ...encryptionMembers(object.encryption),
  };
}
