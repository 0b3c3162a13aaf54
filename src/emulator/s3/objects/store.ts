import type { Context } from '../../core/types.ts';
import { invalidArgument, noSuchKey } from '../errors.ts';
import { fromByteKey, toByteKey } from '../listing/byte-order.ts';
import { insertKey, removeKey } from '../listing/ordered-keys.ts';
import { type CreatedEvent, notify } from '../notifications/event.ts';
import type { Bucket, S3State, StoredObject } from '../state.ts';

export interface ObjectInput {
  Bucket: string;
  Key: string;
  VersionId?: string | undefined;
  ExpectedBucketOwner?: string;
}

/** Without versioning an object's only version is `null` (S3 User Guide, Working with objects in a bucket). */
export function checkVersion(input: { VersionId?: string | undefined }): void {
  if (input.VersionId !== undefined && input.VersionId !== 'null') {
    throw invalidArgument('Invalid version id specified', 'versionId', input.VersionId);
  }
}

export function objectOf(bucket: Bucket, input: ObjectInput): StoredObject {
  checkVersion(input);
  const object = bucket.objects.get(toByteKey(input.Key));
  if (object === undefined) throw noSuchKey(input.Key);
  return object;
}

/** Puts an object at a key: the one place where contents come from. `event` says to subscribers how. */
export function storeObject(
  context: Context<S3State>,
  bucket: Bucket,
  byteKey: string,
  object: Omit<StoredObject, 'written'>,
  event: CreatedEvent,
): void {
  const { state } = context;
  countWrite(state);
  const stored = object as StoredObject;
  stored.written = state.writes;
  report(context, bucket, byteKey, bucket.objects.get(byteKey), stored);
  if (bucket.objects.has(byteKey)) bucket.objects.set(byteKey, stored);
  else {
    // A key that was cut out of a URL would keep the whole of it in memory; a copy of its own does not.
    const ownKey = Buffer.from(byteKey, 'latin1').toString('latin1');
    insertKey(bucket.keys, ownKey);
    bucket.objects.set(ownKey, stored);
  }
  if (bucket.notifications !== undefined) notify(context, bucket, { event, byteKey, object: stored });
}

/** A state of the first version has no count yet. */
function countWrite(state: S3State): void {
  state.writes = (state.writes ?? 0) + 1;
}

/** Takes what is at a key away, the one place where contents go. S3 tells subscribers also where there was nothing. */
export function removeObject(context: Context<S3State>, bucket: Bucket, byteKey: string): void {
  countWrite(context.state);
  const before = bucket.objects.get(byteKey);
  if (before !== undefined) report(context, bucket, byteKey, before, undefined);
  if (bucket.objects.delete(byteKey)) removeKey(bucket.keys, byteKey);
  if (bucket.notifications !== undefined) notify(context, bucket, { event: 'ObjectRemoved:Delete', byteKey });
}

function report(
  context: Context<S3State>,
  bucket: Bucket,
  byteKey: string,
  before: StoredObject | undefined,
  after: StoredObject | undefined,
): void {
  if (!context.logged) return;
  const versionOf = (object: StoredObject | undefined) => object && { etag: object.etag, size: object.body.byteLength };
  const key = fromByteKey(byteKey);
  context.effect({ kind: 'object', bucket: bucket.name, key, before: versionOf(before), after: versionOf(after) });
}

/** S3 keeps and reports times in whole seconds. */
export const wholeSeconds = (context: Context<S3State>) => Math.floor(context.now / 1000);

/**
 * A content in memory of its own: a request's body may be the client's own array, or a piece of a larger network
 * buffer, which the stored object would keep alive and which a snapshot would copy whole.
 */
export function ownBytes(body: Uint8Array | string | undefined): Uint8Array {
  if (body === undefined) return new Uint8Array(0);
  if (typeof body === 'string') return new TextEncoder().encode(body);
  return new Uint8Array(body);
}

/** The bytes as a Buffer, without copying: a snapshot gives plain arrays back. */
export const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
