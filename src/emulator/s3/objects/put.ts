import type { Context } from '../../core/types.ts';
import { bucketOf } from '../buckets/access.ts';
import { encryptionMembers } from '../buckets/encryption.ts';
import { checksumMember, fullChecksum } from '../checksums/algorithms.ts';
import { type ChecksumInput, verifyContent } from '../checksums/verify.ts';
import { toByteKey } from '../listing/byte-order.ts';
import type { CreatedEvent } from '../notifications/event.ts';
import type { S3State, StoredObject } from '../state.ts';
import { checkWrite, type WriteConditions } from './conditions.ts';
import { checkKeyLength, objectSettings, type SettingsInput } from './settings.ts';
import { type ObjectInput, ownBytes, storeObject, wholeSeconds } from './store.ts';

export interface PutObjectInput extends ObjectInput, SettingsInput, WriteConditions, ChecksumInput {
  Body?: Uint8Array | string;
}

/** PutObject; an object without a stated checksum gets CRC64NVME, as S3 does since December 2024. */
export const putObject = (context: Context<S3State>, input: PutObjectInput) =>
  writeObject(context, input, 'ObjectCreated:Put');

export function writeObject(context: Context<S3State>, input: PutObjectInput, event: CreatedEvent) {
  const bucket = bucketOf(context, input);
  const byteKey = toByteKey(input.Key);
  checkKeyLength(byteKey);
  const settings = objectSettings(bucket, input);
  const body = ownBytes(input.Body);
  const { md5, checksum } = verifyContent(input, body);
  checkWrite(bucket.objects.get(byteKey), input);
  const object: StoredObject = {
    headers: settings.headers,
    metadata: settings.metadata,
    storageClass: settings.storageClass,
    encryption: settings.encryption,
    tags: settings.tags,
    websiteRedirect: settings.websiteRedirect,
    body,
    etag: md5,
    modifiedAt: wholeSeconds(context),
    checksum: checksum ?? fullChecksum('CRC64NVME', body),
    written: 0,
    parts: undefined,
  };
  storeObject(context, bucket, byteKey, object, event);
  return Object.assign(
    { ETag: `"${object.etag}"`, ChecksumType: object.checksum.type },
    checksumMember(object.checksum),
    encryptionMembers(object.encryption),
  );
}
