import type { SubscriptionOutcome } from '../calls/call.ts';
import type { Fate } from './report.ts';

/** What would have let a published message through; null where nothing is wrong, or nobody can tell. */
export function remedyOf(outcome: SubscriptionOutcome): string | null {
  const { endpoint, endpoint_arn, subscription, code } = outcome;
  if (outcome.outcome === 'unconfirmed')
    return 'confirm the subscription: its token is at GET /_cliffracer/sns/confirmations';
  if (outcome.outcome !== 'refused') return null;
  if (code !== null && /NonExistentQueue|QueueDoesNotExist/.test(code))
    return `make the queue ${endpoint}, or end the subscription`;
  if (code === null || !/AccessDenied/.test(code)) return null;
  const statement = policyStatement(endpoint_arn, topicOf(subscription));
  return `add to the queue's policy ${JSON.stringify(statement)}, or start the engine with cliffracer up --lenient`;
}

/** A subscription's ARN is its topic's with an id behind. */
const topicOf = (subscription: string) => subscription.slice(0, subscription.lastIndexOf(':'));

/** As AWS's documentation has it (SNS Developer Guide, Subscribing a queue to a topic). */
const policyStatement = (queueArn: string, topicArn: string) => ({
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queueArn,
  Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
});

/** The next step with a message where it is. */
export function remedyOfFate(fate: Fate, queue: string | null, isDeadLetter: boolean): string | null {
  switch (fate.state) {
    case 'held':
      return `cliffracer queue release ${queue}`;
    case 'delayed':
      return 'cliffracer clock next';
    case 'moved':
      return fate.message_id === null ? null : `cliffracer why ${fate.message_id}`;
    case 'duplicate':
      return `cliffracer why ${fate.of}`;
    case 'blocked':
      return `cliffracer why ${fate.blocked_by[0]!.message_id}`;
    case 'ready':
      return isDeadLetter ? `cliffracer queue peek ${queue}` : null;
    default:
      return null;
  }
}
