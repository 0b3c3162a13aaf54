import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { toByteKey } from '../listing/byte-order.ts';
import { insertKey, removeKey } from '../listing/ordered-keys.ts';
import type { Bucket, CompletedUpload, S3State, Upload } from '../state.ts';

export interface UploadInput {
  Bucket: string;
  Key: string;
  UploadId: string;
  ExpectedBucketOwner?: string;
}

/** All ids have one length, so that an entry of the listing can be taken apart, and sort by initiation. */
const SEQUENCE_DIGITS = 12;
const ID_LENGTH = SEQUENCE_DIGITS + 32;

export function newUploadId(context: Context<S3State>): string {
  const sequence = (context.state.uploads++).toString(16).padStart(SEQUENCE_DIGITS, '0');
  return sequence + context.uuid().replaceAll('-', '');
}

const SEPARATOR = '\0';

/** Uploads are listed by key and, of one key, by initiation. */
export const uploadEntry = (byteKey: string, id: string) => byteKey + SEPARATOR + id;

export const entryKey = (entry: string) => entry.slice(0, -ID_LENGTH - SEPARATOR.length);
export const entryId = (entry: string) => entry.slice(-ID_LENGTH);

/** Sorts after every upload of the key. */
export const lastEntryOf = (byteKey: string) => `${byteKey}${SEPARATOR}g`;

export function addUpload(bucket: Bucket, upload: Upload): void {
  bucket.uploads.set(upload.id, upload);
  insertKey(bucket.uploadKeys, uploadEntry(toByteKey(upload.key), upload.id));
}

export function removeUpload(bucket: Bucket, upload: Upload): void {
  bucket.uploads.delete(upload.id);
  removeKey(bucket.uploadKeys, uploadEntry(toByteKey(upload.key), upload.id));
}

/** Of each bucket; S3 remembers them for some time, and nobody asks again much later. */
const MOST_COMPLETED = 1000;

/** Ends an upload that became an object. */
export function rememberCompleted(bucket: Bucket, upload: Upload, completed: CompletedUpload): void {
  removeUpload(bucket, upload);
  bucket.completed ??= new Map();
  bucket.completed.set(upload.id, completed);
  if (bucket.completed.size <= MOST_COMPLETED) return;
  const [oldest] = bucket.completed.keys();
  bucket.completed.delete(oldest!);
}

export function completedUpload(context: Context<S3State>, input: UploadInput): CompletedUpload | undefined {
  const completed = bucketOf(context, input).completed?.get(input.UploadId);
  return completed?.key === input.Key ? completed : undefined;
}

export function uploadOf(context: Context<S3State>, input: UploadInput): { bucket: Bucket; upload: Upload } {
  const bucket = bucketOf(context, input);
  const upload = bucket.uploads.get(input.UploadId);
  if (upload === undefined || upload.key !== input.Key) {
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { status: 404, fields: { UploadId: input.UploadId } },
    );
  }
  return { bucket, upload };
}
