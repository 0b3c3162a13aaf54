import type { ServerSideEncryption } from '@aws-sdk/client-s3';
import type { Attributes, Value } from '../../topology/resources.ts';
import type { Call } from '../call.ts';
import { awsCodeOf } from '../errors.ts';

const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

/**
 * Encryption, public access and policy of a bucket. `unlessUnknown` swallows what an engine says that does not know the
 * operation: such a protection counts as not set.
 */
export function bucketProtections(call: Call, unlessUnknown: <T>(answer: Promise<T>) => Promise<T | undefined>) {
  const ask = async <T>(absent: RegExp, answer: Promise<T>): Promise<T | undefined> => {
    try {
      return await unlessUnknown(answer);
    } catch (error) {
      if (absent.test(awsCodeOf(error) ?? '')) return undefined;
      throw error;
    }
  };
  return {
    async read(Bucket: string): Promise<Attributes> {
      const [encryption, access, policy] = await Promise.all([
        ask(/^ServerSideEncryptionConfigurationNotFound/, call('s3', 'GetBucketEncryption', { Bucket })),
        ask(/^NoSuchPublicAccessBlock/, call('s3', 'GetPublicAccessBlock', { Bucket })),
        ask(/^NoSuchBucketPolicy/, call('s3', 'GetBucketPolicy', { Bucket })),
      ]);
      const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
      const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
      const block = access?.PublicAccessBlockConfiguration;
      return {
        ...(algorithm && { encryption: algorithm }),
        ...(block && { public_access_blocked: Object.keys(BLOCKED).every((name) => block[name as 'BlockPublicAcls']) }),
        ...(policy?.Policy && { Policy: JSON.parse(policy.Policy) as Value }),
      };
    },
    /** One after the other: S3 refuses changes of one bucket at the same time. */
    async write(Bucket: string, { encryption, public_access_blocked, Policy }: Attributes): Promise<void> {
      if (public_access_blocked !== undefined) {
        const change = { Bucket, PublicAccessBlockConfiguration: BLOCKED };
        await unlessUnknown(call('s3', 'PutPublicAccessBlock', change));
      }
      if (encryption !== undefined) {
        const algorithm = { SSEAlgorithm: encryption as ServerSideEncryption };
        const Rules = [{ ApplyServerSideEncryptionByDefault: algorithm }];
        const change = { Bucket, ServerSideEncryptionConfiguration: { Rules } };
        await unlessUnknown(call('s3', 'PutBucketEncryption', change));
      }
      if (Policy !== undefined) {
        await unlessUnknown(call('s3', 'PutBucketPolicy', { Bucket, Policy: JSON.stringify(Policy) }));
      }
    },
  };
}
