import { createHash } from 'node:crypto';
import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { accessDenied, headerNotImplemented } from '../errors.ts';
import type { Bucket, S3State } from '../state.ts';
import { invalidBucketName, isBucketName } from './name.ts';

export interface BucketInput {
  Bucket: string;
  ExpectedBucketOwner?: string | undefined;
}

/**
 * The bucket of a request. Other accounts' buckets are out of reach, whatever their policy says: the engine stores
 * bucket policies and does not evaluate them. Regions are not told apart, because one endpoint serves them all.
 */
export function bucketOf(context: Context<S3State>, input: BucketInput): Bucket {
  if (input.ExpectedBucketOwner !== undefined && !/^\w{12}$/.test(input.ExpectedBucketOwner)) {
    throw new AwsError(
      'InvalidBucketOwnerAWSAccountID',
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${input.ExpectedBucketOwner}]`,
      { status: 400 },
    );
  }
  const bucket = context.state.buckets.get(input.Bucket);
  if (bucket === undefined) {
    if (!isBucketName(input.Bucket)) throw invalidBucketName(input.Bucket);
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
      status: 404,
      fields: { BucketName: input.Bucket },
    });
  }
  if (bucket.account !== context.account) throw accessDenied();
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== bucket.account) throw accessDenied();
  return bucket;
}

/** The canonical user id of an account: 64 hex digits, always the same for one account. */
export const ownerOf = (account: string): { ID: string } => ({
  ID: createHash('sha256').update(`canonical user of ${account}`).digest('hex'),
});

export interface AclInput {
  ACL?: string;
  GrantFullControl?: string;
  GrantRead?: string;
  GrantReadACP?: string;
  GrantWrite?: string;
  GrantWriteACP?: string;
}

const GRANTS = ['GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWrite', 'GrantWriteACP'] as const;

/** Whether the request asks for an access control list other than the owner's full control. */
export const asksForAcl = (input: AclInput) =>
  (input.ACL !== undefined && input.ACL !== 'private' && input.ACL !== 'bucket-owner-full-control') ||
  GRANTS.some((grant) => input[grant] !== undefined);

/** Buckets refuse access control lists unless they were created with them (S3 User Guide, Controlling ownership of objects). */
export function checkObjectAcl(bucket: Bucket, input: AclInput): void {
  if (!asksForAcl(input)) return;
  if (bucket.ownership !== 'BucketOwnerEnforced') {
    throw headerNotImplemented(input.ACL === undefined ? 'x-amz-grant-' : 'x-amz-acl');
  }
  throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', { status: 400 });
}
