import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { malformedXml } from '../errors.ts';
import type { S3State } from '../state.ts';
import { type BucketInput, bucketOf } from './access.ts';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

export const isRegion = (text: string) => REGION.test(text);

function illegal(constraint: string): AwsError {
  return new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    { status: 400 },
  );
}

function invalid(constraint: string): AwsError {
  return new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
    status: 400,
    fields: { LocationConstraint: constraint },
  });
}

/**
 * The region of a new bucket: the request's own, which has to be named except in us-east-1, whose endpoint creates
 * buckets anywhere (CreateBucket, LocationConstraint).
 */
export function bucketRegion(
  requestRegion: string,
  configuration: { LocationConstraint?: string; Location?: unknown; Bucket?: unknown; Tags?: unknown } | undefined,
): string {
  if (configuration?.Location !== undefined || configuration?.Bucket !== undefined) throw malformedXml();
  const constraint = configuration?.LocationConstraint;
  if (constraint === undefined || constraint === '') {
    if (requestRegion !== 'us-east-1') throw illegal('unspecified');
    return 'us-east-1';
  }
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (requestRegion !== 'us-east-1' && requestRegion !== region) throw illegal(constraint);
  if (constraint === 'us-east-1' || !(constraint === 'EU' || REGION.test(constraint))) throw invalid(constraint);
  return region;
}

/** us-east-1 has no constraint; `EU` stays what it was called (GetBucketLocation, LocationConstraint). */
export function getBucketLocation(context: Context<S3State>, input: BucketInput) {
  const { region, locationConstraint } = bucketOf(context, input);
  return region === 'us-east-1' ? {} : { LocationConstraint: locationConstraint ?? region };
}
