import type { Context } from '../../core/types.ts';
import { type ObjectInput, objectOf } from '../objects/store.ts';
import type { S3State } from '../state.ts';
import { type BucketInput, bucketOf, ownerOf } from './access.ts';

/** Only the owner has access, to buckets and objects alike: other access control lists are refused. */
function ownersAcl(account: string) {
  const owner = ownerOf(account);
  return { Owner: owner, Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
}

export const getBucketAcl = (context: Context<S3State>, input: BucketInput) =>
  ownersAcl(bucketOf(context, input).account);

export function getObjectAcl(context: Context<S3State>, input: ObjectInput) {
  const bucket = bucketOf(context, input);
  objectOf(bucket, input);
  return ownersAcl(bucket.account);
}

export const getBucketOwnershipControls = (context: Context<S3State>, input: BucketInput) => ({
  OwnershipControls: { Rules: [{ ObjectOwnership: bucketOf(context, input).ownership }] },
});
