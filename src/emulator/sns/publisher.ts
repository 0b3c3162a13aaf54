import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { isAllowed, parsePolicy } from '../sqs/policy.ts';
import type { SnsState, Topic } from './state.ts';
import { policyOf } from './topic-attributes.ts';

/**
 * S3 publishes for a bucket only where the topic's policy lets it, which the one that a topic has from the beginning does
 * not (S3 User Guide, Granting permissions to publish event notification messages to a destination).
 */
export function checkPublisher(context: Context<SnsState>, topic: Topic): void {
  const { caller } = context;
  if (caller?.service !== 's3' || context.settings.lenient) return;
  const request = {
    principal: { service: 's3.amazonaws.com' },
    action: 'sns:Publish',
    resource: topic.arn,
    keys: new Map([
      ['aws:sourcearn', caller.sourceArn],
      ['aws:sourceaccount', caller.sourceAccount ?? ''],
    ]),
  };
  if (isAllowed(parsePolicy(policyOf(topic, context.account)) ?? [], request)) return;
  throw new AwsError(
    'AuthorizationErrorException',
    `s3.amazonaws.com is not authorized to perform: SNS:Publish on resource: ${topic.arn}`,
  );
}
