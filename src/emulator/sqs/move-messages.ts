import type { Context } from '../core/types.ts';
import { addMessage, removeMessage, show, takeMessage } from './queue.ts';
import { parseQueueArn } from './redrive-policy.ts';
import { report } from './report.ts';
import { nextSequenceNumber } from './sequence.ts';
import type { Message, MoveTask, Queue, SqsState } from './state.ts';

/** Messages moved in one go by a task without a rate, so that a long queue does not hold up other calls. */
const CHUNK = 10_000;

/** Moves a task's next messages; the timer of the kind `move`. */
export function tickMoveTask(context: Context<SqsState>, id: string): string | undefined {
  const task = context.state.moveTasks.get(id);
  if (task?.status !== 'RUNNING') return undefined;
  const source = queueOf(context, task.sourceArn);
  const before = task.moved;
  if (source === undefined) fail(task, 'AWS.SimpleQueueService.NonExistentQueue');
  else moveSome(context, source, task, task.perSecond ?? CHUNK);
  if (task.status === 'RUNNING') context.schedule(context.now + (task.perSecond === undefined ? 1 : 1000), 'move', id);
  const count = task.moved - before;
  const from = parseQueueArn(task.sourceArn)?.name;
  return `move task from ${from}: ${count} ${count === 1 ? 'message' : 'messages'} moved, ${task.status.toLowerCase()}`;
}

/**
 * A task moves as many messages as there were when it began ("obtained at the time of starting", SQS API reference,
 * ListMessageMoveTasksResultEntry): one that fails again and comes back is not moved for ever.
 */
function moveSome(context: Context<SqsState>, source: Queue, task: MoveTask, count: number): void {
  for (let moved = 0; moved < count && task.moved < task.toMove; moved++) {
    const message = takeMessage(source, undefined);
    if (message === undefined) break;
    const destination = destinationOf(context, task, message);
    if (destination === undefined) {
      show(context, source, message);
      return;
    }
    moveMessage(context, source, message, destination);
    task.moved++;
  }
  if (task.moved >= task.toMove || source.counts.ready === 0) task.status = 'COMPLETED';
}

/** Where a message goes: the destination named, or the queue that it came from. Fails the task when that is not to be had. */
function destinationOf(context: Context<SqsState>, task: MoveTask, message: Message): Queue | undefined {
  const arn = task.destinationArn ?? message.content.sourceArn;
  if (arn === undefined) return fail(task, 'CouldNotDetermineMessageSource');
  return queueOf(context, arn) ?? fail(task, 'AWS.SimpleQueueService.NonExistentQueue');
}

/**
 * A redriven message is a new one, with a new id and a new time of being enqueued (SQS Developer Guide, Dead-letter
 * queue redrive).
 */
export function moveMessage(context: Context<SqsState>, source: Queue, message: Message, destination: Queue): Message {
  removeMessage(context, source, message);
  const moved = addMessage(context, destination, {
    ...message.content,
    id: context.uuid(),
    sentAt: context.now,
    enqueuedAt: context.now,
    receiveCount: 0,
    firstReceivedAt: 0,
    sequenceNumber: destination.settings.fifo ? nextSequenceNumber(context.state) : undefined,
    sourceArn: undefined,
  });
  report(context, source, 'moved', message.content, { to: destination.arn, other: moved.content.id });
  return moved;
}

function queueOf(context: Context<SqsState>, arn: string): Queue | undefined {
  const queue = context.state.queues.get(parseQueueArn(arn)?.name ?? '');
  return queue?.arn === arn ? queue : undefined;
}

function fail(task: MoveTask, reason: string): undefined {
  task.status = 'FAILED';
  task.failureReason = reason;
}
