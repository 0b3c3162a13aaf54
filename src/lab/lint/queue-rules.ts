import { LAMBDA, type Rule, SQS, SQS_API } from './rule.ts';
import { isHere, type LintQueue, lastPart, queueAt, type System } from './system.ts';

/** Queues with their dead-letter queue, where both are known. */
function pairs(system: System): { queue: LintQueue; target: LintQueue }[] {
  return system.queues.flatMap((queue) => {
    const target = queue.redrive && queueAt(system, queue.redrive.target);
    return target === undefined || target === queue ? [] : [{ queue, target }];
  });
}

function deadLetterQueues(system: System): Set<string> {
  const targets = system.queues.flatMap(({ redrive }) => redrive?.target ?? []);
  return new Set([...targets, ...system.subscriptions.flatMap(({ deadLetters }) => deadLetters ?? [])]);
}

const named = (queue: LintQueue) => `queue ${queue.name}`;

export const QUEUE_RULES: readonly Rule[] = [
  {
    code: 'no-dead-letter-queue',
    severity: 'warning',
    about: 'a queue without a dead-letter queue',
    happens: 'a message that cannot be handled comes back until its retention ends, and is lost then without a trace',
    remedy: 'give the queue a RedrivePolicy',
    page: `${SQS}/sqs-dead-letter-queues.html`,
    find(system) {
      const targets = deadLetterQueues(system);
      const without = system.queues.filter((queue) => {
        return queue.redrive === undefined && queue.redriveAllow === undefined && !targets.has(queue.arn);
      });
      return without.map((queue) => ({ resource: named(queue), detail: 'no RedrivePolicy' }));
    },
  },
  {
    code: 'dead-letter-self',
    severity: 'error',
    about: 'a queue that is its own dead-letter queue',
    happens: 'a message that cannot be handled never leaves the queue for another',
    remedy: 'name another queue in the RedrivePolicy',
    page: `${SQS}/sqs-dead-letter-queues.html`,
    find: ({ queues }) =>
      queues
        .filter(({ arn, redrive }) => redrive?.target === arn)
        .map((queue) => ({ resource: named(queue), detail: 'deadLetterTargetArn is the queue itself' })),
  },
  {
    code: 'dead-letter-missing',
    severity: 'error',
    about: 'a dead-letter queue that does not exist',
    happens: 'the redrive policy is refused when it is set; where the queue went later, messages cannot be moved to it',
    remedy: 'make the dead-letter queue first, or correct deadLetterTargetArn',
    page: `${SQS_API}/API_SetQueueAttributes.html`,
    find: (system) =>
      system.queues.flatMap((queue) => {
        const target = queue.redrive?.target;
        if (target === undefined || !isHere(system, target) || queueAt(system, target) !== undefined) return [];
        return [{ resource: named(queue), detail: `there is no queue ${lastPart(target)}` }];
      }),
  },
  {
    code: 'dead-letter-elsewhere',
    severity: 'error',
    about: 'a dead-letter queue of another account or region',
    happens: 'the redrive policy is refused: both queues must be of one account and region',
    remedy: 'use a dead-letter queue beside the queue',
    page: `${SQS}/sqs-configure-dead-letter-queue.html`,
    find: (system) =>
      system.queues.flatMap((queue) => {
        const target = queue.redrive?.target;
        return target === undefined || isHere(system, target) ? [] : [{ resource: named(queue), detail: target }];
      }),
  },
  {
    code: 'dead-letter-type',
    severity: 'error',
    about: 'a FIFO queue with a standard dead-letter queue, or the reverse',
    happens:
      'the redrive policy is refused: the dead-letter queue of a FIFO queue is a FIFO queue, and of a standard queue a standard one',
    remedy: 'use a dead-letter queue of the same type',
    page: `${SQS_API}/API_SetQueueAttributes.html`,
    find: (system) =>
      pairs(system)
        .filter(({ queue, target }) => queue.fifo !== target.fifo)
        .map(({ queue, target }) => ({
          resource: named(queue),
          detail: `${typeOf(queue)} queue, ${typeOf(target)} dead-letter queue ${target.name}`,
        })),
  },
  {
    code: 'dead-letter-retention',
    severity: 'warning',
    about: 'a dead-letter queue that keeps messages no longer than the queue',
    happens:
      'the age of a message counts from when it was first sent: one that fails late is deleted soon after it was moved, or at once',
    remedy: 'keep messages of the dead-letter queue longer: 14 days (1209600)',
    page: `${SQS}/setting-up-dead-letter-queue-retention.html`,
    // In FIFO queues the age begins anew with the move (same page).
    find: (system) =>
      pairs(system)
        .filter(({ queue, target }) => !queue.fifo && !target.fifo && target.retention <= queue.retention)
        .map(({ queue, target }) => ({
          resource: named(target),
          detail: `keeps messages for ${target.retention} s, ${queue.name} for ${queue.retention} s`,
        })),
  },
  {
    code: 'dead-letter-refused',
    severity: 'error',
    about: 'a dead-letter queue whose redrive allow policy does not name the queue',
    happens: 'the redrive policy is refused: the dead-letter queue permits other source queues only',
    remedy: 'add the queue to sourceQueueArns of RedriveAllowPolicy, or allow all',
    page: `${SQS}/sqs-dead-letter-queues.html`,
    find: (system) =>
      pairs(system)
        .filter(({ queue, target }) => !permits(target.redriveAllow, queue.arn))
        .map(({ queue, target }) => ({ resource: named(target), detail: `does not permit ${queue.name}` })),
  },
  {
    code: 'single-receive',
    severity: 'warning',
    about: 'maxReceiveCount 1',
    happens:
      'one failure, a throttled function or a consumer that ended is enough: every message of the batch in hand becomes a dead letter',
    remedy: 'set maxReceiveCount to 5 or more',
    page: `${LAMBDA}/services-sqs-configure.html`,
    find: ({ queues, mappings }) =>
      queues
        .filter(({ redrive }) => redrive !== undefined && redrive.maxReceiveCount <= 1)
        .map((queue) => {
          const batch = mappings.find((each) => each.queue === queue.arn && each.batchSize > 1);
          const with_ = batch === undefined ? '' : `, batches of ${batch.batchSize} to ${batch.function}`;
          return { resource: named(queue), detail: `maxReceiveCount ${queue.redrive!.maxReceiveCount}${with_}` };
        }),
  },
  {
    code: 'delay-above-retention',
    severity: 'error',
    about: 'a delay as long as the retention',
    happens: 'a message expires before anybody can receive it',
    remedy: 'make MessageRetentionPeriod longer than DelaySeconds',
    page: `${SQS_API}/API_SetQueueAttributes.html`,
    find: ({ queues }) =>
      queues
        .filter(({ delay, retention }) => delay >= retention)
        .map((queue) => ({ resource: named(queue), detail: `delay ${queue.delay} s, retention ${queue.retention} s` })),
  },
];

const typeOf = ({ fifo }: LintQueue) => (fifo ? 'FIFO' : 'standard');

function permits(policy: LintQueue['redriveAllow'], source: string): boolean {
  if (policy === undefined || policy.redrivePermission === 'allowAll') return true;
  const listed = policy.sourceQueueArns;
  return policy.redrivePermission === 'byQueue' && Array.isArray(listed) && listed.includes(source);
}
