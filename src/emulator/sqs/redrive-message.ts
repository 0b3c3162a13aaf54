import { AwsError } from '../core/errors.ts';
import type { Context } from '../core/types.ts';
import { hasId } from './backlog.ts';
import { queueDoesNotExist } from './errors.ts';
import { moveMessage } from './move-messages.ts';
import { messagesOf } from './queue.ts';
import type { Queue, SqsState } from './state.ts';

/** Moves one message that is ready to another queue, as a message move task does; for the control interface. */
export function redriveMessage(
  context: Context<SqsState>,
  { QueueName, MessageId, To }: { QueueName: string; MessageId: string; To: string },
) {
  const [queue, to] = [queueOf(context, QueueName), queueOf(context, To)];
  const found = [...messagesOf(queue)].filter((message) => hasId(message, MessageId));
  if (found.length === 0) throw new AwsError('NotFound', `no message ${MessageId.slice(0, 80)} in ${QueueName}`);
  const message = found.find(({ state }) => state === 'ready');
  if (message === undefined) {
    throw new AwsError('Conflict', `somebody has message ${MessageId.slice(0, 80)} of ${QueueName}, or it is delayed`);
  }
  if (queue.settings.fifo !== to.settings.fifo) {
    throw new AwsError('Conflict', `${QueueName} and ${To} are not queues of one kind`);
  }
  return { message_id: moveMessage(context, queue, message, to).content.id };
}

function queueOf({ state }: Context<SqsState>, name: string): Queue {
  const queue = state.queues.get(name);
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}
