import { letsIn } from './access.ts';
import { contradiction, neededAttributes } from './filter.ts';
import { type Rule, S3, SNS } from './rule.ts';
import { isHere, type LintSubscription, lastPart, queueAt, type System } from './system.ts';

const named = ({ topic, endpoint }: LintSubscription) => `subscription ${lastPart(topic)} to ${lastPart(endpoint)}`;

const topicAt = (system: System, arn: string) => system.topics.find((topic) => topic.arn === arn);
const isFifo = (arn: string) => arn.endsWith('.fifo');

export const TOPIC_RULES: readonly Rule[] = [
  {
    code: 'subscription-without-queue',
    severity: 'error',
    about: 'a subscription of a queue that does not exist',
    happens: 'every message for it is lost, unless the subscription has a dead-letter queue of its own',
    remedy: 'make the queue, or remove the subscription',
    page: `${SNS}/sns-dead-letter-queues.html`,
    find: (system) =>
      system.subscriptions
        .filter(({ endpoint }) => isHere(system, endpoint) && queueAt(system, endpoint) === undefined)
        .map((each) => ({ resource: named(each), detail: `there is no queue ${lastPart(each.endpoint)}` })),
  },
  {
    code: 'no-policy-for-topic',
    severity: 'error',
    about: 'a queue whose policy does not let its topic in',
    happens: 'SNS is refused, and every message for the queue is lost without an error for the publisher',
    remedy: 'allow sns.amazonaws.com sqs:SendMessage in the policy of the queue, with aws:SourceArn for the topic',
    page: `${SNS}/subscribe-sqs-queue-to-sns-topic.html`,
    find: (system) =>
      system.subscriptions.flatMap((each) => {
        const queue = queueAt(system, each.endpoint);
        if (queue === undefined) return [];
        if (letsIn(queue.policy, queue.arn, 'sns.amazonaws.com', each.topic, system.account)) return [];
        const detail = queue.policy === undefined ? 'no policy' : `its policy does not let ${lastPart(each.topic)} in`;
        return [{ resource: `queue ${queue.name}`, detail: `${detail}: ${named(each)}` }];
      }),
  },
  {
    code: 'standard-topic-to-fifo-queue',
    severity: 'error',
    about: 'a FIFO queue that subscribes a standard topic',
    happens: 'the subscription is refused: a FIFO queue takes messages of FIFO topics only',
    remedy: 'make the topic a FIFO topic, or the queue a standard queue',
    page: `${SNS}/fifo-topic-code-examples.html`,
    find: ({ subscriptions }) =>
      subscriptions
        .filter(({ topic, endpoint }) => !isFifo(topic) && isFifo(endpoint))
        .map((each) => ({ resource: named(each), detail: 'standard topic, FIFO queue' })),
  },
  {
    code: 'fifo-topic-to-standard-queue',
    severity: 'warning',
    about: 'a standard queue that subscribes a FIFO topic',
    happens: 'messages may come out of order and more than once: the order of the topic ends at the queue',
    remedy: 'make the queue a FIFO queue, unless its consumer needs no order',
    page: `${SNS}/fifo-topic-message-ordering.html`,
    find: ({ subscriptions }) =>
      subscriptions
        .filter(({ topic, endpoint }) => isFifo(topic) && !isFifo(endpoint))
        .map((each) => ({ resource: named(each), detail: 'FIFO topic, standard queue' })),
  },
  {
    code: 'filter-never-matches',
    severity: 'error',
    about: 'a filter policy whose conditions exclude each other',
    happens: 'no message passes: the queue gets nothing, and nothing says so',
    remedy: 'correct FilterPolicy',
    page: `${SNS}/sns-subscription-filter-policies.html`,
    find: ({ subscriptions }) =>
      subscriptions.flatMap((each) => {
        const reason = contradiction(each.filter);
        return reason === undefined ? [] : [{ resource: named(each), detail: reason }];
      }),
  },
  {
    code: 'filter-key-never-sent',
    severity: 'warning',
    about: 'a filter policy on message attributes that no message of the call log had',
    happens: 'a message without the attribute does not pass, whatever its body says',
    remedy: 'publish with the attribute, or set FilterPolicyScope to MessageBody where the key is in the body',
    page: `${SNS}/sns-message-filtering-scope.html`,
    find: ({ subscriptions, published }) =>
      subscriptions.flatMap((each) => {
        const sent = published.get(each.topic);
        if (sent === undefined || each.scope !== 'MessageAttributes') return [];
        const missing = neededAttributes(each.filter).filter((name) => !sent.has(name));
        return missing.length === 0 ? [] : [{ resource: named(each), detail: `never sent: ${missing.join(', ')}` }];
      }),
  },
  {
    code: 'no-raw-delivery',
    severity: 'note',
    about: 'a subscription without raw delivery',
    happens:
      "the queue's messages are SNS's envelope: the message is the member Message of the body, and its attributes are in it",
    remedy: 'set RawMessageDelivery where the consumer wants the message itself',
    page: `${SNS}/sns-large-payload-raw-message-delivery.html`,
    find: (system) =>
      system.subscriptions
        .filter(({ raw, topic }) => !raw && topicAt(system, topic) !== undefined)
        .map((each) => ({ resource: named(each), detail: 'RawMessageDelivery is not set' })),
  },
  {
    code: 'no-policy-for-bucket',
    severity: 'error',
    about: 'a queue whose policy does not let its bucket in',
    happens: 'the notification configuration is refused; where the policy went later, events are lost',
    remedy: 'allow s3.amazonaws.com sqs:SendMessage in the policy of the queue, with aws:SourceArn for the bucket',
    page: `${S3}/grant-destinations-permissions-to-s3.html`,
    find: (system) =>
      system.notifications.flatMap(({ bucket, to }) => {
        const queue = queueAt(system, to);
        if (queue === undefined) return [];
        const source = `arn:${to.split(':')[1]}:s3:::${bucket}`;
        if (letsIn(queue.policy, queue.arn, 's3.amazonaws.com', source, system.account)) return [];
        return [{ resource: `queue ${queue.name}`, detail: `does not let bucket ${bucket} in` }];
      }),
  },
  {
    code: 'bucket-to-fifo',
    severity: 'error',
    about: 'a bucket that notifies a FIFO queue or topic',
    happens: 'the notification configuration is refused: S3 knows standard queues and topics only',
    remedy: 'notify a standard queue or topic',
    page: `${S3}/notification-how-to-event-types-and-destinations.html`,
    find: ({ notifications }) =>
      notifications
        .filter(({ to }) => isFifo(to))
        .map(({ bucket, to }) => ({ resource: `bucket ${bucket}`, detail: `notifies ${lastPart(to)}` })),
  },
];
