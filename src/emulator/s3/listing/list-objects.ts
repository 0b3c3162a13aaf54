import type { Context } from '../../core/types.ts';
import { type BucketInput, bucketOf, ownerOf } from '../buckets/access.ts';
import { invalidArgument } from '../errors.ts';
import type { Bucket, S3State } from '../state.ts';
import { toByteKey } from './byte-order.ts';
import { type KeyWriter, keyWriter, pageLimit } from './encoding.ts';
import { listPage, type Page } from './page.ts';

export interface ListInput extends BucketInput {
  Prefix?: string;
  Delimiter?: string;
  EncodingType?: string;
  MaxKeys?: number;
}

export function contents(bucket: Bucket, page: Page, write: KeyWriter, owner: { ID: string } | undefined) {
  const listed = [];
  for (const entry of page.entries) {
    if (entry.kind === 'prefix') continue;
    const object = bucket.objects.get(entry.entry)!;
    listed.push({
      Key: write(entry.entry),
      LastModified: object.modifiedAt,
      ETag: `"${object.etag}"`,
      ChecksumAlgorithm: [object.checksum.algorithm],
      ChecksumType: object.checksum.type,
      Size: object.body.byteLength,
      StorageClass: object.storageClass,
      Owner: owner,
    });
  }
  return listed;
}

export const commonPrefixes = (page: Page, write: KeyWriter) =>
  page.entries.flatMap((entry) => (entry.kind === 'prefix' ? [{ Prefix: write(entry.prefix) }] : []));

/** The members that both versions of the listing give back. */
function listed(bucket: Bucket, input: ListInput, page: Page, write: KeyWriter, owner: { ID: string } | undefined) {
  return {
    Name: bucket.name,
    Prefix: write(toByteKey(input.Prefix ?? '')),
    Delimiter: input.Delimiter === undefined || input.Delimiter === '' ? undefined : write(toByteKey(input.Delimiter)),
    MaxKeys: pageLimit(input.MaxKeys, 'maxKeys'),
    EncodingType: input.EncodingType,
    IsTruncated: page.truncated,
    Contents: contents(bucket, page, write, owner),
    CommonPrefixes: commonPrefixes(page, write),
    $headers: { 'x-amz-bucket-region': bucket.region },
  };
}

function pageOf(bucket: Bucket, input: ListInput, after: string, afterGroup: boolean): Page {
  return listPage(bucket.keys, {
    prefix: toByteKey(input.Prefix ?? ''),
    delimiter: toByteKey(input.Delimiter ?? ''),
    after,
    afterGroup,
    limit: pageLimit(input.MaxKeys, 'maxKeys'),
  });
}

export const lastOf = (page: Page) => {
  const last = page.entries.at(-1)!;
  return last.kind === 'prefix' ? last.prefix : last.entry;
};

/** The first version: the client goes on from the last key, or from NextMarker when there is a delimiter. */
export function listObjects(context: Context<S3State>, input: ListInput & { Marker?: string }) {
  const bucket = bucketOf(context, input);
  const write = keyWriter(input.EncodingType);
  const marker = toByteKey(input.Marker ?? '');
  const page = pageOf(bucket, input, marker, true);
  const hasNext = page.truncated && input.Delimiter !== undefined && input.Delimiter !== '';
  return {
    ...listed(bucket, input, page, write, ownerOf(bucket.account)),
    Marker: write(marker),
    NextMarker: hasNext ? write(lastOf(page)) : undefined,
  };
}

interface ListV2Input extends ListInput {
  ContinuationToken?: string;
  StartAfter?: string;
  FetchOwner?: boolean;
}

/** Tokens are opaque: this marks the engine's own, so that a key in a token's place is refused, as S3 does. */
const TOKEN_MARK = '1/';

const token = (byteKey: string) => Buffer.from(TOKEN_MARK + byteKey, 'latin1').toString('base64url');

function tokenKey(text: string): string {
  const decoded = Buffer.from(text, 'base64url').toString('latin1');
  if (!decoded.startsWith(TOKEN_MARK)) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token');
  }
  return decoded.slice(TOKEN_MARK.length);
}

/** The second version; a continuation token, which is where a page ended, wins over StartAfter (ListObjectsV2). */
export function listObjectsV2(context: Context<S3State>, input: ListV2Input) {
  const bucket = bucketOf(context, input);
  const write = keyWriter(input.EncodingType);
  const { ContinuationToken, StartAfter } = input;
  const resumes = ContinuationToken !== undefined;
  const after = resumes ? tokenKey(ContinuationToken) : toByteKey(StartAfter ?? '');
  const page = pageOf(bucket, input, after, resumes);
  return {
    ...listed(bucket, input, page, write, input.FetchOwner === true ? ownerOf(bucket.account) : undefined),
    KeyCount: page.entries.length,
    ContinuationToken,
    NextContinuationToken: page.truncated ? token(lastOf(page)) : undefined,
    StartAfter: StartAfter === undefined || resumes ? undefined : write(toByteKey(StartAfter)),
  };
}
