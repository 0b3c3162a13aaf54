import { AwsError } from '../../core/errors.ts';
import type { Context } from '../../core/types.ts';
import type { Bucket, NotificationRule, S3State } from '../state.ts';

const SUBJECT = 'Amazon S3 Notification';

/** Hands a message to the queue or topic of a rule, by the operation that every other sender uses; says how it ended. */
export function deliver(
  context: Context<S3State>,
  bucket: Bucket,
  rule: NotificationRule,
  message: object,
): AwsError | undefined {
  const [, , , region = '', account = '', name = ''] = rule.arn.split(':');
  const text = JSON.stringify(message);
  const call =
    rule.service === 'sqs'
      ? ({ service: 'sqs', operation: 'SendMessage', input: { QueueUrl: name, MessageBody: text } } as const)
      : ({
          service: 'sns',
          operation: 'Publish',
          input: { TopicArn: rule.arn, Message: text, Subject: SUBJECT },
        } as const);
  try {
    context.perform({ ...call, region, account }, `arn:aws:s3:::${bucket.name}`);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}
