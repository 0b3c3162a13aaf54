import { createHash } from 'node:crypto';
import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import type { DeliveryResult, Notification } from './message.ts';
import type { SnsState, Subscription } from './state.ts';

/**
 * Developer Guide, Message delivery status: with a feedback role, every failed delivery and a sample of the successful
 * ones is logged to CloudWatch Logs. Roles are not assumed here; naming one is enough.
 */
export function recordDelivery(
  context: Context<SnsState>,
  notification: Notification,
  subscription: Subscription,
  text: string,
  result: DeliveryResult,
): void {
  const { topic } = notification;
  const failed = 'error' in result;
  const role = topic.attributes.get(failed ? 'SQSFailureFeedbackRoleArn' : 'SQSSuccessFeedbackRoleArn');
  if (role === undefined || (!failed && !isSampled(context, topic.attributes))) return;
  const response = failed
    ? { ErrorCode: result.error.code, ErrorMessage: result.error.message }
    : { sqsRequestId: context.uuid(), sqsMessageId: result.messageId };
  const entry = {
    notification: {
      messageMD5Sum: createHash('md5').update(text).digest('hex'),
      messageId: notification.messageId,
      topicArn: topic.arn,
      timestamp: new Date(notification.publishedAt).toISOString().replace('T', ' ').replace('Z', ''),
    },
    delivery: {
      deliveryId: context.uuid(),
      destination: subscription.endpoint,
      providerResponse: JSON.stringify(response),
      dwellTimeMs: 0,
      attempts: 1,
      statusCode: failed ? 400 : 200,
    },
    status: failed ? 'FAILURE' : 'SUCCESS',
  };
  const group = `sns/${context.region}/${context.account}/${topic.name}${failed ? '/Failure' : ''}`;
  write(context, topic.arn, group, JSON.stringify(entry));
}

function isSampled(context: Context<SnsState>, attributes: ReadonlyMap<string, string>): boolean {
  const rate = Number(attributes.get('SQSSuccessFeedbackSampleRate') ?? 100);
  return rate >= 100 || context.random() * 100 < rate;
}

function write(context: Context<SnsState>, topicArn: string, logGroupName: string, message: string): void {
  // AWS names the streams at random; a stream a day is easier to find.
  const logStreamName = new Date(context.now).toISOString().slice(0, 10);
  const call = (operation: string, input: object) => {
    try {
      context.perform({ service: 'logs', operation, input }, topicArn);
    } catch (error) {
      // What is there already is fine, and a log that cannot be written must not fail the publishing.
      if (!(error instanceof AwsError)) throw error;
    }
  };
  call('CreateLogGroup', { logGroupName });
  call('CreateLogStream', { logGroupName, logStreamName });
  call('PutLogEvents', { logGroupName, logStreamName, logEvents: [{ timestamp: context.now, message }] });
}
