import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { invalidArgument, notImplemented } from '../errors.ts';
import type { Bucket, S3State, StoredObject } from '../state.ts';
import { type CopyConditions, checkCopySource } from './conditions.ts';
import { objectOf } from './store.ts';

export interface CopySourceInput extends CopyConditions {
  CopySource: string;
  ExpectedSourceBucketOwner?: string;
}

const ARGUMENT = 'x-amz-copy-source';

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidArgument('Invalid copy source encoding.', ARGUMENT, ARGUMENT);
  }
}

/** `bucket/key?versionId=id`, URL-encoded, with or without a slash in front (CopyObject, x-amz-copy-source). */
export function parseCopySource(header: string): { bucket: string; key: string; versionId: string | undefined } {
  const query = header.lastIndexOf('?versionId=');
  const path = decode(query < 0 ? header : header.slice(0, query)).replace(/^\//, '');
  if (path.startsWith('arn:')) throw notImplemented('Copying from an access point is not implemented.');
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1) {
    throw invalidArgument('Invalid copy source object key', ARGUMENT, ARGUMENT);
  }
  const versionId = query < 0 ? undefined : header.slice(query + '?versionId='.length);
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId };
}

/** The object to copy from, when its conditions hold. */
export function copySource(
  context: Context<S3State>,
  input: CopySourceInput,
): { bucket: Bucket; object: StoredObject; key: string } {
  const source = parseCopySource(input.CopySource);
  const bucket = bucketOf(context, { Bucket: source.bucket, ExpectedBucketOwner: input.ExpectedSourceBucketOwner });
  const object = objectOf(bucket, { Bucket: source.bucket, Key: source.key, VersionId: source.versionId });
  if (object.storageClass === 'GLACIER' || object.storageClass === 'DEEP_ARCHIVE') {
    throw new AwsError('InvalidObjectState', "Operation is not valid for the source object's storage class", {
      status: 403,
      fields: { StorageClass: object.storageClass },
    });
  }
  checkCopySource(object, input, context.now);
  return { bucket, object, key: source.key };
}
