import type { Context } from '../../core/types.ts';
import { type BucketInput, bucketOf, ownerOf } from '../buckets/access.ts';
import { checksumMember } from '../checksums/algorithms.ts';
import { invalidArgument } from '../errors.ts';
import { toByteKey } from '../listing/byte-order.ts';
import { checkedInteger, type KeyWriter, keyWriter, pageLimit } from '../listing/encoding.ts';
import { commonPrefixes } from '../listing/list-objects.ts';
import { listPage, type Page } from '../listing/page.ts';
import type { Bucket, S3State } from '../state.ts';
import { entryId, entryKey, lastEntryOf, type UploadInput, uploadEntry, uploadOf } from './uploads.ts';

interface ListPartsInput extends UploadInput {
  MaxParts?: number;
  PartNumberMarker?: number;
}

/** Parts show their checksums where the upload was created with an algorithm. */
export function listParts(context: Context<S3State>, input: ListPartsInput) {
  const { bucket, upload } = uploadOf(context, input);
  const limit = pageLimit(input.MaxParts, 'max-parts');
  const marker = checkedInteger(input.PartNumberMarker ?? 0, 'part-number-marker');
  const numbers = [...upload.parts.keys()].filter((number) => number > marker).sort((a, b) => a - b);
  const page = numbers.slice(0, limit);
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1) ?? 0,
    MaxParts: limit,
    IsTruncated: page.length < numbers.length && limit > 0,
    Parts: page.map((number) => {
      const { modifiedAt, etag, body, checksum } = upload.parts.get(number)!;
      return {
        PartNumber: number,
        LastModified: modifiedAt,
        ETag: `"${etag}"`,
        Size: body.byteLength,
        ...checksumMember(upload.checksum === undefined ? undefined : checksum),
      };
    }),
    Initiator: ownerOf(bucket.account),
    Owner: ownerOf(bucket.account),
    StorageClass: upload.settings.storageClass,
    ChecksumAlgorithm: upload.checksum?.algorithm,
    ChecksumType: upload.checksum?.type,
  };
}

interface ListUploadsInput extends BucketInput {
  Prefix?: string;
  Delimiter?: string;
  EncodingType?: string;
  KeyMarker?: string;
  UploadIdMarker?: string;
  MaxUploads?: number;
}

/** A key marker passes over all uploads of the key, unless an upload id says how far (ListMultipartUploads). */
function startAfter(input: ListUploadsInput): string {
  const { KeyMarker = '', UploadIdMarker = '' } = input;
  if (KeyMarker === '') return '';
  const byteKey = toByteKey(KeyMarker);
  return UploadIdMarker === '' ? lastEntryOf(byteKey) : uploadEntry(byteKey, UploadIdMarker);
}

function uploads(bucket: Bucket, page: Page, write: KeyWriter) {
  const owner = ownerOf(bucket.account);
  return page.entries.flatMap((entry) => {
    if (entry.kind === 'prefix') return [];
    const upload = bucket.uploads.get(entryId(entry.entry))!;
    return [
      {
        UploadId: upload.id,
        Key: write(entryKey(entry.entry)),
        Initiated: Math.floor(upload.initiatedAt / 1000),
        StorageClass: upload.settings.storageClass,
        Owner: owner,
        Initiator: owner,
        ChecksumAlgorithm: upload.checksum?.algorithm,
        ChecksumType: upload.checksum?.type,
      },
    ];
  });
}

/** The markers of the next page are those of the last entry, be there a next page or not. */
export function listMultipartUploads(context: Context<S3State>, input: ListUploadsInput) {
  const bucket = bucketOf(context, input);
  const write = keyWriter(input.EncodingType);
  const limit = pageLimit(input.MaxUploads, 'max-uploads');
  // Without a key marker the upload id marker is ignored (ListMultipartUploads, UploadIdMarker).
  if (
    input.KeyMarker &&
    input.UploadIdMarker &&
    !bucket.uploads.has(input.UploadIdMarker) &&
    !/^[0-9a-f]{44}$/.test(input.UploadIdMarker)
  ) {
    throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', input.UploadIdMarker);
  }
  const request = {
    prefix: toByteKey(input.Prefix ?? ''),
    delimiter: toByteKey(input.Delimiter ?? ''),
    after: startAfter(input),
    afterGroup: true,
    limit,
  };
  const page = listPage(bucket.uploadKeys, request, entryKey);
  const last = page.entries.at(-1);
  const lastKey = last?.kind === 'prefix' ? last.prefix : last === undefined ? undefined : entryKey(last.entry);
  return {
    Bucket: bucket.name,
    KeyMarker: write(toByteKey(input.KeyMarker ?? '')),
    UploadIdMarker: input.UploadIdMarker ?? '',
    NextKeyMarker: lastKey === undefined ? '' : write(lastKey),
    NextUploadIdMarker: last?.kind === 'key' ? entryId(last.entry) : '',
    Prefix: write(request.prefix),
    Delimiter: request.delimiter === '' ? undefined : write(request.delimiter),
    EncodingType: input.EncodingType,
    MaxUploads: limit,
    IsTruncated: page.truncated,
    Uploads: uploads(bucket, page, write),
    CommonPrefixes: commonPrefixes(page, write),
  };
}
