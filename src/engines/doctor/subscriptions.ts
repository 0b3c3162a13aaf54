import { control } from '../embedded/control.ts';
import { type Check, failed, failedBy, passed, skipped } from './finding.ts';

interface Undeliverable {
  topic_arn: string;
  queue_arn: string;
  error: { code: string };
}

const CHECK = 'subscriptions';
const NAMED = 3;
const MEND =
  "let the queue's Policy allow sqs:SendMessage to sns.amazonaws.com for the topic; " +
  'or, as LocalStack does: cliffracer down; cliffracer up --lenient';

/** Subscriptions whose queue refuses the topic: on AWS as here, nobody is told when their messages are lost. */
export const checkSubscriptions: Check = async ({ probe, endpoint, now }) => {
  if (probe.answer !== 'engine') return [skipped(CHECK, 'no engine answers')];
  if (probe.kind !== 'embedded') return [skipped(CHECK, 'only the embedded engine tells')];
  try {
    const call = { path: '/sns/undeliverable', what: 'looking at subscriptions' };
    const { undeliverable } = await control<{ undeliverable: Undeliverable[] }>(endpoint, now, call);
    if (undeliverable.length === 0) return [passed(CHECK, 'each queue lets its topic send')];
    const named = undeliverable
      .slice(0, NAMED)
      .map(
        ({ topic_arn: topic, queue_arn: queue, error }) => `${nameOf(queue)} refuses ${nameOf(topic)} (${error.code})`,
      );
    const more = undeliverable.length - named.length;
    return [failed(CHECK, `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`, MEND)];
  } catch (error) {
    return [failedBy(CHECK, error)];
  }
};

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
