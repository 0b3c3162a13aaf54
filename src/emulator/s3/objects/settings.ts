import { AwsError } from '../../core/errors.ts';
import { type AclInput, checkObjectAcl } from '../buckets/access.ts';
import { type EncryptionInput, objectEncryption } from '../buckets/encryption.ts';
import type { Bucket, ObjectSettings, SystemHeaders } from '../state.ts';
import { headerTags } from '../tags.ts';
import { userMetadata } from './metadata.ts';
import { ownText } from './own-text.ts';

/** What PutObject, CopyObject and CreateMultipartUpload alike say about the object that they make. */
export interface SettingsInput extends AclInput, EncryptionInput {
  CacheControl?: string;
  ContentDisposition?: string;
  ContentEncoding?: string;
  ContentLanguage?: string;
  ContentType?: string;
  Expires?: string;
  Metadata?: Record<string, string> | Map<string, string>;
  StorageClass?: string;
  Tagging?: string;
  WebsiteRedirectLocation?: string;
}

const LONGEST_KEY_BYTES = 1024;

const STORAGE_CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

/** `byteKey` has one character per byte (S3 User Guide, Naming Amazon S3 objects). */
export function checkKeyLength(byteKey: string): void {
  if (byteKey.length <= LONGEST_KEY_BYTES) return;
  throw new AwsError('KeyTooLongError', 'Your key is too long', {
    status: 400,
    fields: { Size: byteKey.length, MaxSizeAllowed: LONGEST_KEY_BYTES },
  });
}

/** `aws-chunked` describes the request, not the object. */
function withoutChunking(encoding: string | undefined): string | undefined {
  if (encoding === undefined || !encoding.includes('aws-chunked')) return encoding;
  const kept = encoding.split(',').map((part) => part.trim());
  return kept.filter((part) => part !== 'aws-chunked').join(',') || undefined;
}

/** Only what is there is kept: most objects have no more than a type. */
export function systemHeaders(input: SettingsInput): SystemHeaders {
  const headers: SystemHeaders = { ContentType: ownText(input.ContentType || 'binary/octet-stream') };
  const encoding = withoutChunking(input.ContentEncoding);
  if (encoding !== undefined) headers.ContentEncoding = ownText(encoding);
  if (input.CacheControl !== undefined) headers.CacheControl = ownText(input.CacheControl);
  if (input.ContentDisposition !== undefined) headers.ContentDisposition = ownText(input.ContentDisposition);
  if (input.ContentLanguage !== undefined) headers.ContentLanguage = ownText(input.ContentLanguage);
  if (input.Expires !== undefined) headers.Expires = ownText(input.Expires);
  return headers;
}

export function storageClass(asked: string | undefined): string {
  if (asked === undefined) return 'STANDARD';
  if (STORAGE_CLASSES.has(asked)) return asked;
  throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', {
    status: 400,
    fields: { StorageClassRequested: asked },
  });
}

/** Refuses what a write may not ask for, whether or not its metadata are used. */
export function checkSettings(bucket: Bucket, input: SettingsInput): void {
  checkObjectAcl(bucket, input);
  const redirect = input.WebsiteRedirectLocation;
  // S3 API Reference, Error Responses, InvalidRedirectLocation.
  if (redirect === undefined || /^(\/|https?:\/\/)/.test(redirect)) return;
  throw new AwsError(
    'InvalidRedirectLocation',
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    { status: 400 },
  );
}

export function objectSettings(bucket: Bucket, input: SettingsInput): ObjectSettings {
  checkSettings(bucket, input);
  return {
    headers: systemHeaders(input),
    metadata: userMetadata(input.Metadata),
    storageClass: storageClass(input.StorageClass),
    encryption: objectEncryption(bucket, input),
    tags: headerTags(input.Tagging),
    websiteRedirect: input.WebsiteRedirectLocation,
  };
}
