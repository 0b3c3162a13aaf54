import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { invalidArgument, malformedXml } from '../errors.ts';
import { type ObjectInput, objectOf } from '../objects/store.ts';
import type { S3State } from '../state.ts';
import { type BucketInput, bucketOf, ownerOf } from './access.ts';

const OWNERSHIPS = new Set(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']);

export function checkOwnership(asked: string | undefined): void {
  if (asked === undefined || OWNERSHIPS.has(asked)) return;
  throw invalidArgument(`Invalid x-amz-object-ownership header: ${asked}`, 'x-amz-object-ownership');
}

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

interface PutOwnershipInput extends BucketInput {
  OwnershipControls: { Rules: readonly { ObjectOwnership: string }[] };
}

/** One rule, with one of the three settings (LocalStack, TestS3BucketOwnershipControls, validated on AWS). */
export function putBucketOwnershipControls(context: Context<S3State>, input: PutOwnershipInput) {
  const bucket = bucketOf(context, input);
  const [rule, ...more] = input.OwnershipControls.Rules;
  if (rule === undefined || more.length > 0 || !OWNERSHIPS.has(rule.ObjectOwnership)) throw malformedXml();
  bucket.ownership = rule.ObjectOwnership;
  return {};
}

export function getBucketOwnershipControls(context: Context<S3State>, input: BucketInput) {
  const { name, ownership } = bucketOf(context, input);
  if (ownership === undefined) {
    throw new AwsError('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', {
      status: 404,
      fields: { BucketName: name },
    });
  }
  return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
}

export function deleteBucketOwnershipControls(context: Context<S3State>, input: BucketInput) {
  bucketOf(context, input).ownership = undefined;
  return {};
}
