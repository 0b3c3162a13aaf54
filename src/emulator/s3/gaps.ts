import type { AwsError } from '../core/errors.ts';
import type { Gap } from '../core/types.ts';
import { headerNotImplemented, invalidRequest, notImplemented } from './errors.ts';

const WRITES = ['PutObject', 'PostObject', 'CopyObject', 'CreateMultipartUpload'];
const WITH_CUSTOMER_KEYS = [
  ...[...WRITES, 'GetObject', 'HeadObject', 'GetObjectAttributes'],
  ...['UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload', 'ListParts'],
];
const COPIES = ['CopyObject', 'UploadPartCopy'];
const OF_DIRECTORY_BUCKETS = 'directory buckets';

const header = (operations: readonly string[], member: string, name: string, about: string): Gap => ({
  operations,
  member,
  about,
  refuse: () => headerNotImplemented(name),
});
const refused = (operations: readonly string[], member: string, about: string, error: () => AwsError): Gap => ({
  operations,
  member,
  about,
  refuse: error,
});
const ignored = (operations: readonly string[], member: string, about: string): Gap => ({ operations, member, about });

const inside = (operations: readonly string[], member: string, about: string): Gap => {
  return { operations, member, about, refuse: 'inside' };
};

const noTarget = (member: string, service: string): Gap =>
  refused(
    ['PutBucketNotificationConfiguration'],
    `NotificationConfiguration.${member}`,
    `notifications to ${service}`,
    () => notImplemented(`There is no ${service}: notifications go to SQS queues and SNS topics.`),
  );

const ACLS = 'access control lists, other than private, in buckets that allow them';
const UNKNOWN_CHECKSUMS = ['ChecksumXXHASH64', 'ChecksumXXHASH3', 'ChecksumXXHASH128'];
const CUSTOMER_KEY = 'x-amz-server-side-encryption-customer-algorithm';
const COPY_CUSTOMER_KEY = 'x-amz-copy-source-server-side-encryption-customer-algorithm';
/** What S3 answers for a bucket without Object Lock, which every bucket here is. */
const noObjectLock = () => invalidRequest('Bucket is missing Object Lock Configuration');

export const GAPS: readonly Gap[] = [
  {
    operations: ['CreateBucket'],
    member: 'ObjectLockEnabledForBucket',
    about: 'Object Lock, when it is true',
    refuse: (value) => (value === true ? headerNotImplemented('x-amz-bucket-object-lock-enabled') : undefined),
  },
  {
    operations: ['CreateBucket'],
    member: 'BucketNamespace',
    about: 'bucket namespaces other than global',
    refuse: (value) => (value === 'global' ? undefined : headerNotImplemented('x-amz-bucket-namespace')),
  },
  refused(['CreateBucket'], 'CreateBucketConfiguration.Bucket', OF_DIRECTORY_BUCKETS, () =>
    notImplemented('Directory buckets are not implemented.'),
  ),
  ...['ObjectLockMode', 'ObjectLockRetainUntilDate', 'ObjectLockLegalHoldStatus', 'ObjectLockEventHold'].map((member) =>
    refused(WRITES, member, 'Object Lock', noObjectLock),
  ),
  refused(WRITES, 'ObjectLockEventHoldDurationDays', 'Object Lock', noObjectLock),
  refused(WRITES, 'ObjectLockEventHoldDurationYears', 'Object Lock', noObjectLock),
  ...['SSECustomerAlgorithm', 'SSECustomerKey', 'SSECustomerKeyMD5'].map((member) =>
    header(WITH_CUSTOMER_KEYS, member, CUSTOMER_KEY, 'encryption with keys of the client (SSE-C)'),
  ),
  ...['CopySourceSSECustomerAlgorithm', 'CopySourceSSECustomerKey', 'CopySourceSSECustomerKeyMD5'].map((member) =>
    header(COPIES, member, COPY_CUSTOMER_KEY, 'encryption with keys of the client (SSE-C)'),
  ),
  header(['PutObject', 'PostObject'], 'WriteOffsetBytes', 'x-amz-write-offset-bytes', OF_DIRECTORY_BUCKETS),
  header(['DeleteObject'], 'IfMatchSize', 'x-amz-if-match-size', OF_DIRECTORY_BUCKETS),
  header(['DeleteObject'], 'IfMatchLastModifiedTime', 'x-amz-if-match-last-modified-time', OF_DIRECTORY_BUCKETS),
  header(['AbortMultipartUpload'], 'IfMatchInitiatedTime', 'x-amz-if-match-initiated-time', OF_DIRECTORY_BUCKETS),
  header(['CopyObject'], 'AnnotationDirective', 'x-amz-annotation-directive', 'annotations'),
  ...[...UNKNOWN_CHECKSUMS, ...UNKNOWN_CHECKSUMS.map((member) => `MultipartUpload.Parts.${member}`)].map((member) =>
    refused(
      member.includes('.')
        ? ['CompleteMultipartUpload']
        : ['PutObject', 'PostObject', 'UploadPart', 'CompleteMultipartUpload'],
      member,
      'checksums of the XXHASH family',
      () => notImplemented(`The checksum algorithm ${member.slice(member.indexOf('XX'))} is not implemented.`),
    ),
  ),
  ...['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP'].map((member) =>
    inside(['CreateBucket', ...WRITES], member, ACLS),
  ),
  inside(['CreateBucket'], 'GrantWrite', ACLS),
  inside(COPIES, 'CopySource', 'copying from an access point (an ARN)'),
  noTarget('LambdaFunctionConfigurations', 'Lambda'),
  noTarget('EventBridgeConfiguration', 'EventBridge'),
  ...['QueueConfigurations', 'TopicConfigurations'].map((target) =>
    inside(
      ['PutBucketNotificationConfiguration'],
      `NotificationConfiguration.${target}.Events`,
      'events of lifecycle rules and intelligent tiering',
    ),
  ),
  inside(['PutBucketVersioning'], 'VersioningConfiguration.Status', 'object versions'),
  inside(['DeleteObjects'], 'Delete.Objects.LastModifiedTime', OF_DIRECTORY_BUCKETS),
  inside(['DeleteObjects'], 'Delete.Objects.Size', OF_DIRECTORY_BUCKETS),
  ignored(
    ['PutBucketLifecycleConfiguration'],
    'LifecycleConfiguration.Rules',
    'rules are kept and shown, nothing expires',
  ),
  ignored(['PutBucketEncryption'], 'ServerSideEncryptionConfiguration.Rules.BlockedEncryptionTypes', 'not enforced'),
  ignored(['PutBucketVersioning'], 'VersioningConfiguration.MFADelete', 'versioning is refused as a whole'),
  ignored(['DeleteObject', 'DeleteObjects', 'PutBucketVersioning'], 'MFA', 'nothing asks for it'),
  ignored(['PutBucketPolicy'], 'ConfirmRemoveSelfBucketAccess', 'policies are kept, the owner may do everything'),
  ignored(
    ['ListObjects', 'ListObjectsV2', 'ListObjectVersions'],
    'OptionalObjectAttributes',
    'no object is being restored',
  ),
  ignored(WRITES, 'SSEKMSEncryptionContext', 'nothing is encrypted'),
  ignored(['*'], 'RequestPayer', 'nobody pays'),
];
