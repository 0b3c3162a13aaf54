import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { checkAccess, inAccount, onQueue, queueUrl } from './access.ts';
import { queueDoesNotExist } from './errors.ts';
import { page } from './paging.ts';
import { arrivalKey, clearQueue } from './queue.ts';
import type { SqsState } from './state.ts';

export function getQueueUrl(
  context: Context<SqsState>,
  input: { QueueName: string; QueueOwnerAWSAccountId?: string },
): unknown {
  const owner = input.QueueOwnerAWSAccountId ?? context.account;
  if (owner !== context.account) {
    if (!/^\d{12}$/.test(owner)) throw queueDoesNotExist();
    return inAccount(context, owner, 'GetQueueUrl', { QueueName: input.QueueName });
  }
  const queue = context.state.queues.get(input.QueueName);
  if (queue === undefined) throw queueDoesNotExist();
  checkAccess(context, queue, 'GetQueueUrl');
  return { QueueUrl: queueUrl(context, queue.name) };
}

export function listQueues(
  context: Context<SqsState>,
  input: { QueueNamePrefix?: string; NextToken?: string; MaxResults?: number },
) {
  const { QueueNamePrefix: prefix = '' } = input;
  const names = [...context.state.queues.keys()].filter((name) => name.startsWith(prefix));
  const { items, NextToken } = page(names, input);
  return { QueueUrls: items.length === 0 ? undefined : items.map((name) => queueUrl(context, name)), NextToken };
}

export const listDeadLetterSourceQueues = onQueue(
  'ListDeadLetterSourceQueues',
  (context, target, input: { QueueUrl: string; NextToken?: string; MaxResults?: number }) => {
    const sources = [...context.state.queues.values()].filter(
      ({ settings }) => settings.redrive?.targetArn === target.arn,
    );
    const { items, NextToken } = page(
      sources.map((source) => source.name),
      input,
    );
    return { queueUrls: items.map((name) => queueUrl(context, name)), NextToken };
  },
);

export const deleteQueue = onQueue('DeleteQueue', (context, queue) => {
  context.state.queues.delete(queue.name);
  context.effect({ kind: 'world', change: 'purged', name: queue.name });
  // Those who wait for its messages are to hear that it is gone.
  context.notify(arrivalKey(queue.name));
});

export const purgeQueue = onQueue('PurgeQueue', (context, queue) => {
  const isTooSoon = queue.purgedAt !== undefined && context.now < queue.purgedAt + 60_000;
  // LocalStack takes the next at once (its SQS_DELAY_PURGE_RETRY is off by default).
  if (isTooSoon && !context.settings.lenient) {
    const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
    throw new AwsError('PurgeQueueInProgress', message, { status: 403 });
  }
  queue.purgedAt = context.now;
  context.effect({ kind: 'world', change: 'purged', name: queue.name });
  clearQueue(context, queue);
});
