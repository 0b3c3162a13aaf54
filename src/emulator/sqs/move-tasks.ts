import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { invalidParameter, invalidValue } from './errors.ts';
import { parseQueueArn } from './redrive-policy.ts';
import type { MoveTask, Queue, SqsState } from './state.ts';

interface StartInput {
  SourceArn: string;
  DestinationArn?: string;
  MaxNumberOfMessagesPerSecond?: number;
}

/** Finished tasks that are remembered per source, as many as can be listed. */
const MAX_LISTED = 10;

export function startMessageMoveTask(context: Context<SqsState>, input: StartInput) {
  const { SourceArn: sourceArn, DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: perSecond } = input;
  const source = queueByArn(context, sourceArn, 'SourceArn');
  if (perSecond !== undefined && !(perSecond >= 1 && perSecond <= 500)) {
    const reason = 'Must be between 1 and 500, if provided.';
    throw invalidValue(perSecond, 'MaxNumberOfMessagesPerSecond', reason);
  }
  const queues = [...context.state.queues.values()];
  if (!queues.some(({ settings }) => settings.redrive?.targetArn === sourceArn)) {
    throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
  }
  if (destinationArn !== undefined) checkDestination(context, source, destinationArn);
  const others = tasksOf(context, sourceArn);
  if (others.some(({ status }) => status === 'RUNNING')) {
    throw invalidParameter(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  }
  for (const old of others.slice(MAX_LISTED - 1)) context.state.moveTasks.delete(old.id);
  const task: MoveTask = {
    id: context.uuid(),
    status: 'RUNNING',
    sourceArn,
    destinationArn,
    perSecond,
    moved: 0,
    toMove: source.counts.ready,
    startedAt: context.now,
    failureReason: undefined,
  };
  context.state.moveTasks.set(task.id, task);
  context.schedule(context.now, 'move', task.id);
  return { TaskHandle: handleOf(task) };
}

function checkDestination(context: Context<SqsState>, source: Queue, destinationArn: string): void {
  const destination = queueByArn(context, destinationArn, 'DestinationArn');
  if (destination === source) throw invalidParameter('Source queue arn and destination queue arn cannot be the same.');
  if (destination.settings.fifo !== source.settings.fifo) {
    throw invalidParameter('Source queue and destination queue must be of the same type.');
  }
}

export function listMessageMoveTasks(context: Context<SqsState>, input: { SourceArn: string; MaxResults?: number }) {
  const { SourceArn: sourceArn, MaxResults: max = 1 } = input;
  queueByArn(context, sourceArn, 'SourceArn');
  if (max < 1 || max > MAX_LISTED) {
    throw invalidValue(max, 'MaxResults', `Must be between 1 and ${MAX_LISTED}, if provided.`);
  }
  return { Results: tasksOf(context, sourceArn).slice(0, max).map(listed) };
}

const listed = (task: MoveTask) => ({
  TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
  Status: task.status,
  SourceArn: task.sourceArn,
  DestinationArn: task.destinationArn,
  MaxNumberOfMessagesPerSecond: task.perSecond,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  FailureReason: task.failureReason,
  StartedTimestamp: Math.floor(task.startedAt),
});

export function cancelMessageMoveTask(context: Context<SqsState>, { TaskHandle }: { TaskHandle: string }) {
  const { taskId, sourceArn } = readHandle(TaskHandle);
  queueByArn(context, sourceArn, 'SourceArn');
  const task = context.state.moveTasks.get(taskId);
  if (task === undefined || task.sourceArn !== sourceArn) {
    throw new AwsError('ResourceNotFoundException', 'Task does not exist.', { status: 404 });
  }
  if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
  task.status = 'CANCELLED';
  return { ApproximateNumberOfMessagesMoved: task.moved };
}

/** Newest first. */
const tasksOf = (context: Context<SqsState>, sourceArn: string): MoveTask[] =>
  [...context.state.moveTasks.values()].filter((task) => task.sourceArn === sourceArn).reverse();

function queueByArn(context: Context<SqsState>, arn: string, parameter: string): Queue {
  const parsed = parseQueueArn(arn);
  if (parsed === undefined) {
    throw invalidParameter(
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    );
  }
  const queue = context.state.queues.get(parsed.name);
  if (queue?.arn === arn) return queue;
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  throw new AwsError('ResourceNotFoundException', message, { status: 404 });
}

const handleOf = ({ id, sourceArn }: MoveTask) =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');

function readHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString());
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn };
  } catch {
    // Falls through: it was none of ours.
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}
