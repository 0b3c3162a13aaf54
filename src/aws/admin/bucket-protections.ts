import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3';
import type { Attributes, Value } from '../../topology/resources.ts';
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
export function bucketProtections(s3: S3Client, unlessUnknown: <T>(answer: Promise<T>) => Promise<T | undefined>) {
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
        ask(/^ServerSideEncryptionConfigurationNotFound/, s3.send(new GetBucketEncryptionCommand({ Bucket }))),
        ask(/^NoSuchPublicAccessBlock/, s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
        ask(/^NoSuchBucketPolicy/, s3.send(new GetBucketPolicyCommand({ Bucket }))),
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
        await unlessUnknown(s3.send(new PutPublicAccessBlockCommand(change)));
      }
      if (encryption !== undefined) {
        const algorithm = { SSEAlgorithm: encryption as ServerSideEncryption };
        const Rules = [{ ApplyServerSideEncryptionByDefault: algorithm }];
        const change = { Bucket, ServerSideEncryptionConfiguration: { Rules } };
        await unlessUnknown(s3.send(new PutBucketEncryptionCommand(change)));
      }
      if (Policy !== undefined) {
        await unlessUnknown(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(Policy) })));
      }
    },
  };
}
