import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import type { S3State } from './state.ts';

interface PresignedInput {
  /** Seconds since the epoch, and seconds; signature version 2 has only a time of expiry, counted from the epoch. */
  $presigned?: { signedAt: number; expires: number };
}

const LONGEST_EXPIRY = 604_800;

const badParameters = (message: string) => new AwsError('AuthorizationQueryParametersError', message, { status: 400 });

const isoTime = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/**
 * The validity of a presigned URL, on the engine's clock (S3 API Reference, Authenticating requests: using query
 * parameters). As everywhere in the engine, the signature is not verified; and a URL signed in the engine's future
 * is accepted, since its clock may be behind the client's.
 */
export function refuseExpired(context: Context<S3State>, input: PresignedInput): void {
  const presigned = input.$presigned;
  if (presigned === undefined) return;
  const { signedAt, expires } = presigned;
  if (!Number.isFinite(expires)) throw badParameters('X-Amz-Expires should be a number');
  if (expires < 0) throw badParameters('X-Amz-Expires must be non-negative');
  if (expires > LONGEST_EXPIRY && signedAt > 0) {
    throw badParameters(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${LONGEST_EXPIRY} seconds`,
    );
  }
  const until = (signedAt + expires) * 1000;
  if (!Number.isFinite(until) || context.now <= until) return;
  throw new AwsError('AccessDenied', 'Request has expired', {
    status: 403,
    fields: {
      'X-Amz-Expires': signedAt > 0 ? expires : undefined,
      Expires: isoTime(until),
      ServerTime: isoTime(context.now),
    },
  });
}
