import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import type { PublicAccessBlock, S3State } from '../state.ts';
import { type BucketInput, bucketOf } from './access.ts';

/** New buckets block public access (S3 User Guide, Blocking public access). */
export const BLOCK_ALL: Readonly<PublicAccessBlock> = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

interface PutPublicAccessBlockInput extends BucketInput {
  PublicAccessBlockConfiguration: Partial<PublicAccessBlock>;
}

export function putPublicAccessBlock(context: Context<S3State>, input: PutPublicAccessBlockInput) {
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } =
    input.PublicAccessBlockConfiguration;
  bucketOf(context, input).publicAccessBlock = {
    BlockPublicAcls: BlockPublicAcls ?? false,
    IgnorePublicAcls: IgnorePublicAcls ?? false,
    BlockPublicPolicy: BlockPublicPolicy ?? false,
    RestrictPublicBuckets: RestrictPublicBuckets ?? false,
  };
  return {};
}

export function getPublicAccessBlock(context: Context<S3State>, input: BucketInput) {
  const { name, publicAccessBlock } = bucketOf(context, input);
  if (publicAccessBlock === undefined) {
    throw new AwsError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', {
      status: 404,
      fields: { BucketName: name },
    });
  }
  return { PublicAccessBlockConfiguration: publicAccessBlock };
}

export function deletePublicAccessBlock(context: Context<S3State>, input: BucketInput) {
  bucketOf(context, input).publicAccessBlock = undefined;
  return {};
}
