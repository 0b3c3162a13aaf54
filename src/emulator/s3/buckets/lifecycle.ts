import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import { invalidArgument, malformedXml } from '../errors.ts';
import type { S3State } from '../state.ts';
import { type BucketInput, bucketOf } from './access.ts';
import { checkRule, type LifecycleRule } from './lifecycle-rules.ts';

interface PutLifecycleInput extends BucketInput {
  LifecycleConfiguration?: { Rules?: LifecycleRule[] };
  TransitionDefaultMinimumObjectSize?: string;
}

const MOST_RULES = 1000;
const DEFAULT_MINIMUM_SIZE = 'all_storage_classes_128K';

/** Checked and stored; rules are not carried out, and objects do not expire. */
export function putBucketLifecycleConfiguration(context: Context<S3State>, input: PutLifecycleInput) {
  const bucket = bucketOf(context, input);
  const rules = input.LifecycleConfiguration?.Rules ?? [];
  if (rules.length === 0 || rules.length > MOST_RULES) throw malformedXml();
  const ids = new Set<string>();
  for (const rule of rules) {
    checkRule(rule);
    if (rule.ID !== undefined && ids.has(rule.ID)) {
      throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID', rule.ID);
    }
    if (rule.ID !== undefined) ids.add(rule.ID);
  }
  const defaultMinimumObjectSize = input.TransitionDefaultMinimumObjectSize ?? DEFAULT_MINIMUM_SIZE;
  const named = rules.map((rule) => ({ ...rule, ID: rule.ID ?? context.uuid() }));
  bucket.lifecycle = { rules: structuredClone(named), defaultMinimumObjectSize };
  return { TransitionDefaultMinimumObjectSize: defaultMinimumObjectSize };
}

export function getBucketLifecycleConfiguration(context: Context<S3State>, input: BucketInput) {
  const { name, lifecycle } = bucketOf(context, input);
  if (lifecycle === undefined) {
    throw new AwsError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', {
      status: 404,
      fields: { BucketName: name },
    });
  }
  return { Rules: lifecycle.rules, TransitionDefaultMinimumObjectSize: lifecycle.defaultMinimumObjectSize };
}

export function deleteBucketLifecycle(context: Context<S3State>, input: BucketInput) {
  bucketOf(context, input).lifecycle = undefined;
  return {};
}
