import { AwsError } from '../../core/errors.ts';
import { headerNotImplemented, noSuchKey, preconditionFailed } from '../errors.ts';
import type { StoredObject } from '../state.ts';

/** S3 does not mind quotes, nor that one is missing. */
const unquoted = (etag: string) => etag.replace(/^"/, '').replace(/"$/, '');

const matches = (etag: string, object: StoredObject) => etag === '*' || unquoted(etag) === object.etag;

export interface ReadConditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  /** Seconds since the epoch. */
  IfModifiedSince?: number | undefined;
  IfUnmodifiedSince?: number | undefined;
}

/** A condition on a time that is still to come is ignored. */
const modifiedSince = (object: StoredObject, since: number, now: number) =>
  Math.floor(since) * 1000 > now || object.modifiedAt > Math.floor(since);

/**
 * Whether a conditional read finds the object unchanged (304). A stated ETag decides over a stated time, in both
 * directions (GetObject, the order of conditional headers). `prefix` stands before the names that an error gives.
 */
export function isNotModified(object: StoredObject, input: ReadConditions, now: number, prefix = ''): boolean {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = input;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, object)) throw preconditionFailed(`${prefix}If-Match`);
  } else if (IfUnmodifiedSince !== undefined && object.modifiedAt > Math.floor(IfUnmodifiedSince)) {
    throw preconditionFailed(`${prefix}If-Unmodified-Since`);
  }
  if (IfNoneMatch !== undefined) return matches(IfNoneMatch, object);
  return IfModifiedSince !== undefined && !modifiedSince(object, IfModifiedSince, now);
}

export interface CopyConditions {
  CopySourceIfMatch?: string;
  CopySourceIfNoneMatch?: string;
  CopySourceIfModifiedSince?: number;
  CopySourceIfUnmodifiedSince?: number;
}

const COPY_PREFIX = 'x-amz-copy-source-';

/** The same conditions on the source of a copy: what would be a 304 is a 412 here (CopyObject). */
export function checkCopySource(object: StoredObject, input: CopyConditions, now: number): void {
  const notModified = isNotModified(
    object,
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    now,
    COPY_PREFIX,
  );
  if (notModified) {
    const condition = input.CopySourceIfNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match';
    throw preconditionFailed(COPY_PREFIX + condition);
  }
}

export interface WriteConditions {
  IfMatch?: string;
  IfNoneMatch?: string;
}

const notAccepted = (header: string) =>
  headerNotImplemented(header, `We don't accept the provided value of ${header} header for this API`);

const conflict = (condition: string, key: string) =>
  new AwsError(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { status: 409, fields: { Condition: condition, Key: key } },
  );

/** What happened to the key since a multipart upload was created: a condition that it may have crossed is a conflict. */
export interface UploadStart {
  keyExisted: boolean;
  afterWrite: number;
}

/**
 * Conditional writes (S3 User Guide, How to prevent object overwrites with conditional writes): `If-None-Match: *`
 * needs the key to be free, `If-Match` needs the object to have that ETag.
 */
export function checkWrite(
  existing: StoredObject | undefined,
  input: WriteConditions & { Key: string },
  upload?: UploadStart,
): void {
  const { IfMatch, IfNoneMatch, Key } = input;
  if (IfMatch === undefined && IfNoneMatch === undefined) return;
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw headerNotImplemented('If-Match,If-None-Match', 'Multiple conditional request headers present in the request');
  }
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw notAccepted('If-None-Match');
    if (existing !== undefined) throw preconditionFailed('If-None-Match');
    if (upload?.keyExisted) throw conflict('If-None-Match', Key);
    return;
  }
  if (IfMatch === '*') throw notAccepted('If-Match');
  if (existing === undefined) throw noSuchKey(Key);
  if (!matches(IfMatch!, existing)) throw preconditionFailed('If-Match');
  if (upload !== undefined && existing.written > upload.afterWrite) throw conflict('If-Match', Key);
}

/** Conditional deletes (S3 User Guide, How to perform conditional deletes); `*` needs the object to exist. */
export function checkDelete(existing: StoredObject | undefined, key: string, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return;
  if (existing === undefined) throw noSuchKey(key);
  if (!matches(ifMatch, existing)) throw preconditionFailed('If-Match');
}
