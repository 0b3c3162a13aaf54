import { CliffracerError } from '../errors.ts';
import type { MoveProgress, QueuePort } from '../ports.ts';
import type { AwsCalls } from './call.ts';
import { isUnknownOperation } from './unknown-operation.ts';

/** SQS's own redrive of dead letters (SQS API Reference, StartMessageMoveTask). Not every engine has it. */
export function createMoves(
  { call, target: { kind } }: AwsCalls,
  urlOf: (queue: string) => Promise<string>,
  names: { queue(name: string): string },
): Pick<QueuePort, 'startMove' | 'moveProgress' | 'cancelMove'> {
  // Asked for and not built: each engine has an account of its own.
  const arnOf = async (queue: string) => {
    const QueueUrl = await urlOf(queue);
    const { Attributes } = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
    return Attributes?.QueueArn;
  };
  return {
    async startMove(from, to, { perSecond }) {
      // Always with a destination: what was sent to the dead-letter queue by a program has no source to go back to.
      const [SourceArn, DestinationArn] = await Promise.all([arnOf(from), arnOf(to)]);
      const rate = perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: perSecond };
      try {
        return (await call('sqs', 'StartMessageMoveTask', { SourceArn, DestinationArn, ...rate })).TaskHandle;
      } catch (error) {
        if (isUnknownOperation(error, kind)) return undefined;
        throw /already a task running/i.test(String(error)) ? alreadyMoving(names.queue(from), error) : error;
      }
    },
    async moveProgress(from) {
      const SourceArn = await arnOf(from);
      // Newest first.
      const { Results } = await call('sqs', 'ListMessageMoveTasks', { SourceArn, MaxResults: 1 });
      const task = Results?.[0];
      if (task === undefined) return undefined;
      return {
        status: STATUSES[task.Status ?? ''] ?? 'running',
        moved: task.ApproximateNumberOfMessagesMoved ?? 0,
        reason: task.FailureReason,
      };
    },
    async cancelMove(TaskHandle) {
      await call('sqs', 'CancelMessageMoveTask', { TaskHandle });
    },
  };
}

/** RUNNING and CANCELLING are both on their way. */
const STATUSES: Readonly<Record<string, MoveProgress['status']>> = {
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
};

function alreadyMoving(queue: string, cause: unknown): CliffracerError {
  return new CliffracerError('conflict', `the messages of ${queue} are being moved already`, {
    hint: 'wait until that task has ended: cliffracer dlq list',
    retryable: true,
    cause,
  });
}
