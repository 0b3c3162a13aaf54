import type { Context } from '../../core/types.ts';
import { malformedXml, notImplemented } from '../errors.ts';
import type { S3State } from '../state.ts';
import { type BucketInput, bucketOf } from './access.ts';

/** A bucket whose versioning was never set has no status (GetBucketVersioning). */
export function getBucketVersioning(context: Context<S3State>, input: BucketInput) {
  bucketOf(context, input);
  return {};
}

/** Refused in either state: with one, S3 would from then on give objects version ids and delete markers. */
export function putBucketVersioning(
  context: Context<S3State>,
  input: BucketInput & { VersioningConfiguration: { Status?: string } },
): never {
  bucketOf(context, input);
  const status = input.VersioningConfiguration?.Status;
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  throw notImplemented('Object versions are not implemented: versioning cannot be enabled or suspended.');
}
