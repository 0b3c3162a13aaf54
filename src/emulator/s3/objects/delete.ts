import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { type BucketInput, bucketOf } from '../buckets/access.ts';
import { headerNotImplemented, invalidArgument, malformedXml } from '../errors.ts';
import { toByteKey } from '../listing/byte-order.ts';
import type { Bucket, S3State } from '../state.ts';
import { checkDelete } from './conditions.ts';
import { checkKeyLength } from './settings.ts';
import { checkVersion, type ObjectInput, removeObject } from './store.ts';

interface DeleteObjectInput extends ObjectInput {
  IfMatch?: string;
  BypassGovernanceRetention?: boolean;
}

function refuseBypass(input: { BypassGovernanceRetention?: boolean }): void {
  if (input.BypassGovernanceRetention === undefined) return;
  throw invalidArgument(
    'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    'x-amz-bypass-governance-retention',
  );
}

/** Deleting what is not there succeeds too (DeleteObject). */
export function deleteObject(context: Context<S3State>, input: DeleteObjectInput) {
  const bucket = bucketOf(context, input);
  refuseBypass(input);
  checkVersion(input);
  const byteKey = toByteKey(input.Key);
  checkDelete(bucket.objects.get(byteKey), input.Key, input.IfMatch);
  removeObject(context, bucket, byteKey);
  return {};
}

interface ObjectIdentifier {
  Key: string;
  VersionId?: string;
  ETag?: string;
  LastModifiedTime?: number;
  Size?: number;
}

interface DeleteObjectsInput extends BucketInput {
  Delete: { Objects?: ObjectIdentifier[]; Quiet?: boolean };
  BypassGovernanceRetention?: boolean;
}

const MOST_DELETES = 1000;

function deleteOne(
  context: Context<S3State>,
  bucket: Bucket,
  { Key, VersionId, ETag, LastModifiedTime, Size }: ObjectIdentifier,
): void {
  if (VersionId !== undefined && VersionId !== '' && VersionId !== 'null') {
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
  }
  if (LastModifiedTime !== undefined || Size !== undefined) throw headerNotImplemented('Size,LastModifiedTime');
  const byteKey = toByteKey(Key);
  checkKeyLength(byteKey);
  checkDelete(bucket.objects.get(byteKey), Key, ETag);
  removeObject(context, bucket, byteKey);
}

/** Each key succeeds or fails on its own; `Quiet` reports failures only (DeleteObjects). */
export function deleteObjects(context: Context<S3State>, input: DeleteObjectsInput) {
  const bucket = bucketOf(context, input);
  refuseBypass(input);
  const objects = input.Delete?.Objects ?? [];
  if (objects.length === 0 || objects.length > MOST_DELETES) throw malformedXml();
  if (objects.some(({ Key }) => Key === undefined || Key === '')) throw malformedXml();
  const deleted: { Key: string; VersionId: string | undefined }[] = [];
  const errors: { Key: string; VersionId: string | undefined; Code: string; Message: string }[] = [];
  for (const object of objects) {
    const { Key, VersionId } = object;
    try {
      deleteOne(context, bucket, object);
      if (input.Delete.Quiet !== true) deleted.push({ Key, VersionId });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  return { Deleted: deleted, Errors: errors };
}
