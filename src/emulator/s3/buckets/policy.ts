import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import type { S3State } from '../state.ts';
import { type BucketInput, bucketOf } from './access.ts';

const LONGEST_POLICY = 20 * 1024;

const malformed = (message: string) => new AwsError('MalformedPolicy', message, { status: 400 });

type Statement = Record<string, unknown>;

function checkStatement(statement: Statement, bucket: string): void {
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed(`Invalid effect: ${String(Effect)}`);
  if (Principal === undefined && NotPrincipal === undefined) {
    throw malformed('Missing required field Principal');
  }
  if (Action === undefined && NotAction === undefined) throw malformed('Missing required field Action');
  if (Resource === undefined && NotResource === undefined) throw malformed('Missing required field Resource');
  const arn = `arn:aws:s3:::${bucket}`;
  for (const resource of [Resource ?? NotResource].flat()) {
    const isOfBucket = resource === '*' || resource === arn || String(resource).startsWith(`${arn}/`);
    const mayBeOfBucket = typeof resource === 'string' && /[*?]/.test(resource.slice(0, arn.length + 1));
    if (!isOfBucket && !mayBeOfBucket) throw malformed('Policy has invalid resource');
  }
}

/** S3's checks of a policy's form; the policy is stored and given back, not evaluated. */
function checkPolicy(text: string, bucket: string): void {
  if (Buffer.byteLength(text) > LONGEST_POLICY) throw malformed('Policy exceeds the maximum allowed document size.');
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    policy = undefined;
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy) || !text.trimStart().startsWith('{')) {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  const { Statement: statements } = policy as { Statement?: Statement | Statement[] };
  if (statements === undefined) throw malformed('Missing required field Statement');
  for (const statement of [statements].flat()) {
    if (typeof statement !== 'object' || statement === null) throw malformed('Policies must be valid JSON');
    checkStatement(statement, bucket);
  }
}

export function putBucketPolicy(context: Context<S3State>, input: BucketInput & { Policy: string }) {
  const bucket = bucketOf(context, input);
  checkPolicy(input.Policy, bucket.name);
  bucket.policy = input.Policy;
  return {};
}

export function getBucketPolicy(context: Context<S3State>, input: BucketInput) {
  const { name, policy } = bucketOf(context, input);
  if (policy === undefined) {
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
      status: 404,
      fields: { BucketName: name },
    });
  }
  return { Policy: policy };
}

export function deleteBucketPolicy(context: Context<S3State>, input: BucketInput) {
  bucketOf(context, input).policy = undefined;
  return {};
}
