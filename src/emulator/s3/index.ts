import { refusing } from '../core/gaps.ts';
import type { Operation, ServiceDefinition } from '../core/types.ts';
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from './buckets/encryption.ts';
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from './buckets/lifecycle.ts';
import { getBucketLocation } from './buckets/location.ts';
import {
  getBucketAccelerateConfiguration,
  getBucketCors,
  getBucketLogging,
  getBucketReplication,
  getBucketRequestPayment,
  getBucketWebsite,
  getObjectLockConfiguration,
} from './buckets/never-configured.ts';
import { createBucket, deleteBucket, headBucket, listBuckets } from './buckets/operations.ts';
import {
  deleteBucketOwnershipControls,
  getBucketAcl,
  getBucketOwnershipControls,
  getObjectAcl,
  putBucketOwnershipControls,
} from './buckets/ownership.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './buckets/policy.ts';
import { deletePublicAccessBlock, getPublicAccessBlock, putPublicAccessBlock } from './buckets/public-access.ts';
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from './buckets/tagging.ts';
import { getBucketVersioning, putBucketVersioning } from './buckets/versioning.ts';
import { checkDocument } from './checksums/document.ts';
import { GAPS } from './gaps.ts';
import { listObjects, listObjectsV2 } from './listing/list-objects.ts';
import { listObjectVersions } from './listing/list-versions.ts';
import { completeMultipartUpload } from './multipart/complete.ts';
import { abortMultipartUpload, createMultipartUpload } from './multipart/create.ts';
import { listMultipartUploads, listParts } from './multipart/list.ts';
import { uploadPart, uploadPartCopy } from './multipart/parts.ts';
import {
  getBucketNotificationConfiguration,
  putBucketNotificationConfiguration,
} from './notifications/configuration.ts';
import { getObjectAttributes } from './objects/attributes.ts';
import { copyObject } from './objects/copy.ts';
import { deleteObject, deleteObjects } from './objects/delete.ts';
import { getObject, headObject } from './objects/get.ts';
import { postObject } from './objects/post.ts';
import { putObject } from './objects/put.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './objects/tagging.ts';
import { refuseExpired } from './presigned.ts';
import { createState, type S3State } from './state.ts';

export type { S3State } from './state.ts';

const operations: Record<string, Operation<S3State>> = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteBucket,
  DeleteBucketEncryption: deleteBucketEncryption,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  DeleteBucketOwnershipControls: deleteBucketOwnershipControls,
  DeleteBucketPolicy: deleteBucketPolicy,
  DeleteBucketTagging: deleteBucketTagging,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  DeleteObjectTagging: deleteObjectTagging,
  DeletePublicAccessBlock: deletePublicAccessBlock,
  GetBucketAccelerateConfiguration: getBucketAccelerateConfiguration,
  GetBucketAcl: getBucketAcl,
  GetBucketCors: getBucketCors,
  GetBucketEncryption: getBucketEncryption,
  GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
  GetBucketLocation: getBucketLocation,
  GetBucketLogging: getBucketLogging,
  GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
  GetBucketOwnershipControls: getBucketOwnershipControls,
  GetBucketPolicy: getBucketPolicy,
  GetBucketReplication: getBucketReplication,
  GetBucketRequestPayment: getBucketRequestPayment,
  GetBucketTagging: getBucketTagging,
  GetBucketVersioning: getBucketVersioning,
  GetBucketWebsite: getBucketWebsite,
  GetObject: getObject,
  GetObjectAcl: getObjectAcl,
  GetObjectAttributes: getObjectAttributes,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  GetObjectTagging: getObjectTagging,
  GetPublicAccessBlock: getPublicAccessBlock,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListMultipartUploads: listMultipartUploads,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  ListParts: listParts,
  PostObject: postObject,
  PutBucketEncryption: putBucketEncryption,
  PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
  PutBucketNotificationConfiguration: putBucketNotificationConfiguration,
  PutBucketOwnershipControls: putBucketOwnershipControls,
  PutBucketPolicy: putBucketPolicy,
  PutBucketTagging: putBucketTagging,
  PutBucketVersioning: putBucketVersioning,
  PutObject: putObject,
  PutObjectTagging: putObjectTagging,
  PutPublicAccessBlock: putPublicAccessBlock,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
};

/** What holds for every operation: no presigned URL after its time, no document other than its digest says. */
const guarded = Object.fromEntries(
  Object.entries(refusing(GAPS, operations)).map(([name, operation]): [string, Operation<S3State>] => [
    name,
    (context, input) => {
      refuseExpired(context, input);
      checkDocument(name, input);
      return operation(context, input);
    },
  ]),
);

/** S3's general purpose buckets, without versions. Bucket names are one namespace for all accounts and regions. */
export const s3: ServiceDefinition<S3State> = {
  id: 's3',
  scope: 'global',
  createState,
  gaps: GAPS,
  operations: guarded,
  timers: {},
};
