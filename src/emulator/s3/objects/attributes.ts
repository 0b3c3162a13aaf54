import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { checksumMember } from '../checksums/algorithms.ts';
import { invalidArgument } from '../errors.ts';
import { pageLimit } from '../listing/encoding.ts';
import type { S3State, StoredObject } from '../state.ts';
import { type ObjectInput, objectOf } from './store.ts';

interface GetObjectAttributesInput extends ObjectInput {
  ObjectAttributes: string[];
  MaxParts?: number;
  PartNumberMarker?: number;
}

const ATTRIBUTES = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']);

/** The parts themselves are listed only where each has a checksum of its own (GetObjectAttributes, Parts). */
function objectParts(object: StoredObject, input: GetObjectAttributesInput) {
  const { parts } = object;
  if (parts === undefined) return undefined;
  if (object.checksum.type === 'FULL_OBJECT') return { TotalPartsCount: parts.length };
  const limit = pageLimit(input.MaxParts, 'max-parts');
  const marker = input.PartNumberMarker ?? 0;
  const after = parts.filter(({ number }) => number > marker);
  const page = after.slice(0, limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: page.length < after.length,
    Parts: page.map(({ number, size, checksum }) => ({ PartNumber: number, Size: size, ...checksumMember(checksum) })),
  };
}

export function getObjectAttributes(context: Context<S3State>, input: GetObjectAttributesInput) {
  const object = objectOf(bucketOf(context, input), input);
  const asked = new Set(input.ObjectAttributes);
  const unknown = input.ObjectAttributes.find((name) => !ATTRIBUTES.has(name));
  if (unknown !== undefined || asked.size === 0) {
    throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', unknown);
  }
  const { algorithm, type, value } = object.checksum;
  // A composite checksum is reported without the number of parts.
  const bare = { algorithm, value: value.split('-')[0]! };
  return {
    LastModified: object.modifiedAt,
    ETag: asked.has('ETag') ? object.etag : undefined,
    Checksum: asked.has('Checksum') ? { ...checksumMember(bare), ChecksumType: type } : undefined,
    ObjectParts: asked.has('ObjectParts') ? objectParts(object, input) : undefined,
    StorageClass: asked.has('StorageClass') ? object.storageClass : undefined,
    ObjectSize: asked.has('ObjectSize') ? object.body.byteLength : undefined,
  };
}
