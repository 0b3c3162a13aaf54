import type { ChecksumAlgorithm, ChecksumType, StoredChecksum } from './checksums/algorithms.ts';
import type { OrderedKeys } from './listing/ordered-keys.ts';

/** All buckets of all accounts and regions: their names are one namespace. */
export interface S3State {
  buckets: Map<string, Bucket>;
  /** Counts multipart uploads, so that their ids sort by initiation. */
  uploads: number;
  /** Counts objects stored and removed: says which of two was later, where time alone would not. */
  writes: number;
}

export interface Tag {
  Key: string;
  Value: string;
}

export interface Encryption {
  algorithm: string;
  kmsKeyId: string | undefined;
  bucketKeyEnabled: boolean;
}

export interface PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}

export interface Lifecycle {
  rules: unknown[];
  defaultMinimumObjectSize: string;
}

/** An event notification: for which events of which keys, and where to. */
export interface NotificationRule {
  id: string;
  service: 'sqs' | 'sns';
  arn: string;
  /** `s3:ObjectCreated:Put`, or all of a kind with `*`. */
  events: readonly string[];
  /** Undefined without a filter; the order of prefix and suffix is kept. */
  filter: readonly { name: 'Prefix' | 'Suffix'; value: string }[] | undefined;
}

export interface Bucket {
  name: string;
  account: string;
  region: string;
  /** What it was created with, where that is not the region's name (`EU`). */
  locationConstraint: string | undefined;
  /** Seconds since the epoch, as S3 reports times. */
  createdAt: number;
  /** `BucketOwnerEnforced` and the like; undefined once the controls are deleted. */
  ownership: string | undefined;
  tags: readonly Tag[];
  policy: string | undefined;
  encryption: Encryption;
  /** Whether `encryption` was configured, be it to what it was before. */
  encryptionConfigured: boolean;
  publicAccessBlock: PublicAccessBlock | undefined;
  lifecycle: Lifecycle | undefined;
  /** Undefined when there are none. */
  notifications: readonly NotificationRule[] | undefined;
  /** By byte key (listing/byte-order.ts). */
  objects: Map<string, StoredObject>;
  /** The keys of `objects`, in listing order. */
  keys: OrderedKeys;
  uploads: Map<string, Upload>;
  /** `byte key NUL upload id` of `uploads`, in listing order. */
  uploadKeys: OrderedKeys;
  /** The latest completed uploads by id, oldest first, to answer who completes one again. */
  completed: Map<string, CompletedUpload> | undefined;
}

/** The headers that S3 stores with an object and sends back as they came. */
export interface SystemHeaders {
  ContentType: string;
  CacheControl?: string;
  ContentDisposition?: string;
  ContentEncoding?: string;
  ContentLanguage?: string;
  Expires?: string;
}

/** What a write says about an object besides its content. */
export interface ObjectSettings {
  headers: SystemHeaders;
  metadata: Map<string, string> | undefined;
  storageClass: string;
  encryption: Encryption;
  tags: readonly Tag[];
  websiteRedirect: string | undefined;
}

export interface StoredObject extends ObjectSettings {
  body: Uint8Array;
  /** Without quotes. */
  etag: string;
  /** Seconds since the epoch: S3's resolution, in listings and headers alike. */
  modifiedAt: number;
  checksum: StoredChecksum;
  /** Its number among the writes. */
  written: number;
  /** The parts of a multipart upload, by which they can still be read. */
  parts: ObjectPart[] | undefined;
}

export interface ObjectPart {
  number: number;
  size: number;
  checksum: StoredChecksum | undefined;
}

export interface Upload {
  id: string;
  key: string;
  /** Milliseconds since the epoch. */
  initiatedAt: number;
  /** The last write before it, to be compared with what happened to the object meanwhile. */
  afterWrite: number;
  settings: ObjectSettings;
  /** What the client chose when it created the upload; undefined leaves S3's default. */
  checksum: { algorithm: ChecksumAlgorithm; type: ChecksumType } | undefined;
  /** Whether the key had an object when the upload was created. */
  keyExisted: boolean;
  parts: Map<number, UploadedPart>;
}

/** What is kept of an upload that became an object. */
export interface CompletedUpload {
  key: string;
  etag: string;
  checksum: StoredChecksum;
  encryption: Encryption;
}

export interface UploadedPart {
  body: Uint8Array;
  etag: string;
  modifiedAt: number;
  checksum: StoredChecksum | undefined;
}

export const createState = (): S3State => ({ buckets: new Map(), uploads: 0, writes: 0 });
