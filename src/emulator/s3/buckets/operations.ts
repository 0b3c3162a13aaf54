import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { headerNotImplemented, invalidArgument } from '../errors.ts';
import type { Bucket, S3State, Tag } from '../state.ts';
import { bucketTags } from '../tags.ts';
import { type AclInput, asksForAcl, type BucketInput, bucketOf, ownerOf } from './access.ts';
import { defaultEncryption } from './encryption.ts';
import { bucketRegion, isRegion } from './location.ts';
import { invalidBucketName, isBucketName } from './name.ts';
import { checkOwnership } from './ownership.ts';
import { BLOCK_ALL } from './public-access.ts';

type S3Context = Context<S3State>;

interface CreateBucketInput extends AclInput {
  Bucket: string;
  CreateBucketConfiguration?: { LocationConstraint?: string; Location?: unknown; Bucket?: unknown; Tags?: Tag[] };
  ObjectOwnership?: string;
}

const arnOf = (name: string) => `arn:aws:s3:::${name}`;

function refuseAcl(input: CreateBucketInput): void {
  if (!asksForAcl(input)) return;
  if ((input.ObjectOwnership ?? 'BucketOwnerEnforced') !== 'BucketOwnerEnforced')
    throw headerNotImplemented('x-amz-acl');
  throw new AwsError(
    'InvalidBucketAclWithObjectOwnership',
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    { status: 400 },
  );
}

/** A name that is taken: S3 answers 200 only to the owner in us-east-1 without tags (CreateBucket, BucketAlreadyOwnedByYou). */
function refuseTaken(context: S3Context, existing: Bucket, region: string, tagged: boolean): void {
  if (existing.account !== context.account) {
    throw new AwsError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { status: 409, fields: { BucketName: existing.name } },
    );
  }
  if (existing.region === 'us-east-1' && region === 'us-east-1' && !tagged) return;
  throw new AwsError(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { status: 409, fields: { BucketName: existing.name } },
  );
}

export function createBucket(context: S3Context, input: CreateBucketInput) {
  const { Bucket: name } = input;
  if (!isBucketName(name)) throw invalidBucketName(name);
  checkOwnership(input.ObjectOwnership);
  refuseAcl(input);
  const region = bucketRegion(context.region, input.CreateBucketConfiguration);
  const tags = bucketTags(input.CreateBucketConfiguration?.Tags ?? []);
  const existing = context.state.buckets.get(name);
  if (existing !== undefined) refuseTaken(context, existing, region, tags.length > 0);
  else {
    context.state.buckets.set(name, {
      name,
      account: context.account,
      region,
      locationConstraint: input.CreateBucketConfiguration?.LocationConstraint === 'EU' ? 'EU' : undefined,
      createdAt: Math.floor(context.now / 1000),
      ownership: input.ObjectOwnership ?? 'BucketOwnerEnforced',
      tags,
      policy: undefined,
      encryption: defaultEncryption(),
      encryptionConfigured: false,
      publicAccessBlock: { ...BLOCK_ALL },
      lifecycle: undefined,
      notifications: undefined,
      objects: new Map(),
      keys: [],
      uploads: new Map(),
      uploadKeys: [],
      completed: undefined,
    });
  }
  return { Location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`, BucketArn: arnOf(name) };
}

export function deleteBucket(context: S3Context, input: BucketInput) {
  const bucket = bucketOf(context, input);
  if (bucket.objects.size > 0) {
    throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
      status: 409,
      fields: { BucketName: bucket.name },
    });
  }
  context.state.buckets.delete(bucket.name);
  return {};
}

export function headBucket(context: S3Context, input: BucketInput) {
  const bucket = bucketOf(context, input);
  return { BucketRegion: bucket.region, BucketArn: arnOf(bucket.name), AccessPointAlias: false };
}

interface ListBucketsInput {
  MaxBuckets?: number;
  ContinuationToken?: string;
  Prefix?: string;
  BucketRegion?: string;
}

const TOKEN_MARK = 'buckets:';

function tokenName(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(TOKEN_MARK)) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token');
  }
  return text.slice(TOKEN_MARK.length);
}

/** The caller's buckets by name; a page of them when MaxBuckets says so (ListBuckets). */
export function listBuckets(context: S3Context, input: ListBucketsInput) {
  const { MaxBuckets: limit, Prefix: prefix = '' } = input;
  if (limit !== undefined && (limit < 1 || limit > 10_000)) {
    throw invalidArgument('Argument max-buckets must be an integer between 1 and 10000', 'max-buckets', limit);
  }
  if (input.BucketRegion !== undefined && !isRegion(input.BucketRegion)) {
    const message = `Argument value ${input.BucketRegion} is not a valid AWS Region`;
    throw invalidArgument(message, 'bucket-region');
  }
  const after = input.ContinuationToken === undefined ? '' : tokenName(input.ContinuationToken);
  const asked = limit !== undefined || input.Prefix !== undefined || input.BucketRegion !== undefined;
  const found = [...context.state.buckets.values()]
    .filter(({ account, name }) => account === context.account && name.startsWith(prefix) && name > after)
    .filter(({ region }) => input.BucketRegion === undefined || region === input.BucketRegion)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = limit === undefined ? found : found.slice(0, limit);
  const last = page.at(-1);
  return {
    Buckets: page.map(({ name, createdAt, region }) => ({
      Name: name,
      CreationDate: createdAt,
      ...(asked ? { BucketRegion: region, BucketArn: arnOf(name) } : {}),
    })),
    Owner: ownerOf(context.account),
    ...(input.Prefix === undefined ? {} : { Prefix: prefix }),
    ...(page.length < found.length && last !== undefined
      ? { ContinuationToken: Buffer.from(TOKEN_MARK + last.name).toString('base64url') }
      : {}),
  };
}
