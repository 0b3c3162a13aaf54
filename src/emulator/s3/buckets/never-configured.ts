import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import type { S3State } from '../state.ts';
import { type BucketInput, bucketOf } from './access.ts';

/** What a bucket answers of features that the engine does not have, as they are in every bucket that never used them. */
type S3Context = Context<S3State>;

const notThere =
  (code: string, message: string) =>
  (context: S3Context, input: BucketInput): never => {
    const { name } = bucketOf(context, input);
    throw new AwsError(code, message, { status: 404, fields: { BucketName: name } });
  };

const always = (output: object) => (context: S3Context, input: BucketInput) => {
  bucketOf(context, input);
  return output;
};

export const getBucketCors = notThere('NoSuchCORSConfiguration', 'The CORS configuration does not exist');
export const getBucketWebsite = notThere(
  'NoSuchWebsiteConfiguration',
  'The specified bucket does not have a website configuration',
);
export const getBucketReplication = notThere(
  'ReplicationConfigurationNotFoundError',
  'The replication configuration was not found',
);
export const getObjectLockConfiguration = notThere(
  'ObjectLockConfigurationNotFoundError',
  'Object Lock configuration does not exist for this bucket',
);
export const getBucketLogging = always({});
export const getBucketAccelerateConfiguration = always({});
export const getBucketRequestPayment = always({ Payer: 'BucketOwner' });
