import type { ServiceDefinition } from '../core/types.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './change-message-visibility.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage, deleteMessageBatch } from './delete-message.ts';
import { copyMessage, deadLetterMessage, endHold, holdQueue, releaseMessages } from './hold-operations.ts';
import { listMetrics, metricPoints } from './metrics.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './move-tasks.ts';
import { addPermission, removePermission } from './permissions.ts';
import { getQueueAttributes, setQueueAttributes } from './queue-attributes.ts';
import { deleteQueue, getQueueUrl, listDeadLetterSourceQueues, listQueues, purgeQueue } from './queues.ts';
import { receiveMessage } from './receive-message.ts';
import { redriveMessage } from './redrive-message.ts';
import { sendMessage, sendMessageBatch } from './send-message.ts';
import { createState, type SqsState } from './state.ts';
import { listQueueTags, tagQueue, untagQueue } from './tags.ts';
import { timers } from './wakes.ts';

export { refusalOf } from './access.ts';
export { describeQueue } from './describe-queue.ts';
export { unheldReady } from './hold.ts';
export type { ReleaseInput } from './hold-operations.ts';
export { type PeekedMessage, peekQueue, placeOf, queueDepths } from './peek.ts';
export { arrivalKey } from './queue.ts';
export type { MessageState, Queue, SqsState } from './state.ts';

/** Amazon SQS: standard and FIFO queues, in full. */
export const sqs: ServiceDefinition<SqsState> = {
  id: 'sqs',
  scope: 'regional',
  createState,
  operations: {
    AddPermission: addPermission,
    CancelMessageMoveTask: cancelMessageMoveTask,
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
    ListMessageMoveTasks: listMessageMoveTasks,
    ListQueues: listQueues,
    ListQueueTags: listQueueTags,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    RemovePermission: removePermission,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    StartMessageMoveTask: startMessageMoveTask,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
  },
  control: {
    CopyMessage: copyMessage,
    DeadLetterMessage: deadLetterMessage,
    EndHold: endHold,
    HoldQueue: holdQueue,
    RedriveMessage: redriveMessage,
    ReleaseMessages: releaseMessages,
  },
  timers,
  internal: { metrics: listMetrics, points: metricPoints },
};
