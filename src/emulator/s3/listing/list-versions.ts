import type { Context } from '../../core/types.ts';
import { bucketOf, ownerOf } from '../buckets/access.ts';
import { invalidArgument } from '../errors.ts';
import type { S3State } from '../state.ts';
import { toByteKey } from './byte-order.ts';
import { keyWriter, pageLimit } from './encoding.ts';
import { commonPrefixes, contents, type ListInput, lastOf } from './list-objects.ts';
import { listPage } from './page.ts';

interface ListVersionsInput extends ListInput {
  KeyMarker?: string;
  VersionIdMarker?: string;
}

/** The only version of every object in a bucket without versioning (S3 User Guide, Working with objects in a bucket). */
const ONLY_VERSION = 'null';

function checkMarkers({ KeyMarker, VersionIdMarker }: ListVersionsInput): void {
  if (VersionIdMarker === undefined) return;
  if (VersionIdMarker === '') {
    throw invalidArgument('A version-id marker cannot be empty.', 'version-id-marker', '');
  }
  if (KeyMarker === undefined || KeyMarker === '') {
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument(message, 'version-id-marker', VersionIdMarker);
  }
  if (VersionIdMarker !== ONLY_VERSION) {
    throw invalidArgument('Invalid version id specified', 'version-id-marker', VersionIdMarker);
  }
}

export function listObjectVersions(context: Context<S3State>, input: ListVersionsInput) {
  const bucket = bucketOf(context, input);
  checkMarkers(input);
  const write = keyWriter(input.EncodingType);
  const limit = pageLimit(input.MaxKeys, 'maxKeys');
  const marker = toByteKey(input.KeyMarker ?? '');
  const prefix = toByteKey(input.Prefix ?? '');
  const delimiter = toByteKey(input.Delimiter ?? '');
  const page = listPage(bucket.keys, { prefix, delimiter, after: marker, afterGroup: true, limit });
  const last = page.truncated ? page.entries.at(-1) : undefined;
  return {
    Name: bucket.name,
    Prefix: write(prefix),
    Delimiter: delimiter === '' ? undefined : write(delimiter),
    MaxKeys: limit,
    EncodingType: input.EncodingType,
    KeyMarker: write(marker),
    VersionIdMarker: input.VersionIdMarker ?? '',
    NextKeyMarker: last === undefined ? undefined : write(lastOf(page)),
    NextVersionIdMarker: last?.kind === 'key' ? ONLY_VERSION : undefined,
    IsTruncated: page.truncated,
    Versions: contents(bucket, page, write, ownerOf(bucket.account)).map((object) => ({
      ...object,
      VersionId: ONLY_VERSION,
      IsLatest: true,
    })),
    CommonPrefixes: commonPrefixes(page, write),
  };
}
