import type { Context } from '../core/types.ts';
import { addMessage, removeMessage } from './queue.ts';
import { reportDeadLetter } from './report.ts';
import { nextSequenceNumber } from './sequence.ts';
import type { Message, MessageContent, Queue, RedrivePolicy, SqsState } from './state.ts';

/**
 * Moves a message to the dead-letter queue (SQS Developer Guide, Dead-letter queues); false when that queue is gone, so
 * that the message stays and is delivered again. On a standard queue retention goes on counting from when the message
 * was sent; a FIFO queue starts anew and, lest its own deduplication drop it, takes the message id as deduplication id.
 */
export function moveToDeadLetterQueue(
  context: Context<SqsState>,
  queue: Queue,
  message: Message,
  redrive: RedrivePolicy,
): boolean {
  const target = context.state.queues.get(redrive.targetName);
  if (target === undefined || target.arn !== redrive.targetArn) {
    context.notice(
      `${queue.arn} has no dead-letter queue ${redrive.targetArn}: messages are delivered again and again`,
    );
    return false;
  }
  removeMessage(context, queue, message);
  const content: MessageContent = { ...message.content, sourceArn: queue.arn };
  if (target.settings.fifo) {
    content.enqueuedAt = context.now;
    content.deduplicationId = content.id;
    content.sequenceNumber = nextSequenceNumber(context.state);
  }
  addMessage(context, target, content);
  reportDeadLetter(context, queue, content, target.arn);
  return true;
}
