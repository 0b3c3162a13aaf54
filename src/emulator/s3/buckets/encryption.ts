import type { Context } from '../../core/types.ts';
import { invalidArgument, malformedXml } from '../errors.ts';
import type { Bucket, Encryption, S3State } from '../state.ts';
import { type BucketInput, bucketOf } from './access.ts';

/** Every object is encrypted with S3's own keys unless something else is asked for (S3 User Guide, Default encryption). */
export const defaultEncryption = (): Encryption => ({
  algorithm: 'AES256',
  kmsKeyId: undefined,
  bucketKeyEnabled: false,
});

const isKms = (algorithm: string) => algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse';
const isSupported = (algorithm: string) => algorithm === 'AES256' || isKms(algorithm);

export interface EncryptionInput {
  ServerSideEncryption?: string;
  SSEKMSKeyId?: string;
  BucketKeyEnabled?: boolean;
  SSECustomerAlgorithm?: string;
  SSECustomerKey?: string;
  SSECustomerKeyMD5?: string;
  CopySourceSSECustomerAlgorithm?: string;
  CopySourceSSECustomerKey?: string;
  CopySourceSSECustomerKeyMD5?: string;
}

/** Key ids become ARNs in the bucket's region and account; without one it is the account's `aws/s3` key. */
function kmsKeyArn(bucket: Bucket, keyId: string | undefined): string {
  if (keyId?.startsWith('arn:')) return keyId;
  const resource = keyId === undefined ? 'alias/aws/s3' : keyId.startsWith('alias/') ? keyId : `key/${keyId}`;
  return `arn:aws:kms:${bucket.region}:${bucket.account}:${resource}`;
}

/** What a write says, else what the bucket says. Nothing is encrypted: the headers are stored and reported. */
export function objectEncryption(bucket: Bucket, input: EncryptionInput): Encryption {
  const algorithm = input.ServerSideEncryption ?? bucket.encryption.algorithm;
  if (!isSupported(algorithm)) {
    throw invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      input.ServerSideEncryption,
    );
  }
  if (!isKms(algorithm)) {
    if (input.SSEKMSKeyId !== undefined) {
      throw invalidArgument(
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
        'x-amz-server-side-encryption',
      );
    }
    // The bucket's own is shared by its objects instead of being repeated in each.
    return algorithm === bucket.encryption.algorithm ? bucket.encryption : { ...defaultEncryption(), algorithm };
  }
  return {
    algorithm,
    kmsKeyId: kmsKeyArn(bucket, input.SSEKMSKeyId ?? bucket.encryption.kmsKeyId),
    bucketKeyEnabled: input.BucketKeyEnabled ?? bucket.encryption.bucketKeyEnabled,
  };
}

/** The encryption members of an output. */
export function encryptionMembers({ algorithm, kmsKeyId, bucketKeyEnabled }: Encryption) {
  return {
    ServerSideEncryption: algorithm,
    SSEKMSKeyId: kmsKeyId,
    BucketKeyEnabled: (isKms(algorithm) && bucketKeyEnabled) || undefined,
  };
}

interface PutBucketEncryptionInput extends BucketInput {
  ServerSideEncryptionConfiguration: {
    Rules?: {
      ApplyServerSideEncryptionByDefault?: { SSEAlgorithm?: string; KMSMasterKeyID?: string };
      BucketKeyEnabled?: boolean;
    }[];
  };
}

export function putBucketEncryption(context: Context<S3State>, input: PutBucketEncryptionInput) {
  const bucket = bucketOf(context, input);
  const rules = input.ServerSideEncryptionConfiguration?.Rules ?? [];
  const [rule] = rules;
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  if (rules.length !== 1 || rule === undefined) throw malformedXml();
  const algorithm = byDefault?.SSEAlgorithm;
  if (algorithm === undefined || !isSupported(algorithm)) throw malformedXml();
  if (byDefault?.KMSMasterKeyID !== undefined && !isKms(algorithm)) {
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
    );
  }
  bucket.encryption = {
    algorithm,
    kmsKeyId: byDefault?.KMSMasterKeyID,
    bucketKeyEnabled: rule.BucketKeyEnabled ?? false,
  };
  bucket.encryptionConfigured = true;
  return {};
}

export function getBucketEncryption(context: Context<S3State>, input: BucketInput) {
  const { algorithm, kmsKeyId, bucketKeyEnabled } = bucketOf(context, input).encryption;
  const byDefault = { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId };
  return {
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: bucketKeyEnabled }],
    },
  };
}

/** Deleting the configuration leaves S3's own default. */
export function deleteBucketEncryption(context: Context<S3State>, input: BucketInput) {
  const bucket = bucketOf(context, input);
  bucket.encryption = defaultEncryption();
  bucket.encryptionConfigured = false;
  return {};
}
