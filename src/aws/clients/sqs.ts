import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Settings } from '../settings.ts';

/** Calls go to our endpoint, whatever host an engine writes into its queue URLs. */
export const sqsClient = (settings: Settings) => new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });

export const sqsCommands = {
  ReceiveMessage: ReceiveMessageCommand,
  DeleteMessageBatch: DeleteMessageBatchCommand,
  ChangeMessageVisibilityBatch: ChangeMessageVisibilityBatchCommand,
  SendMessageBatch: SendMessageBatchCommand,
  GetQueueAttributes: GetQueueAttributesCommand,
  GetQueueUrl: GetQueueUrlCommand,
  ListQueueTags: ListQueueTagsCommand,
  PurgeQueue: PurgeQueueCommand,
  StartMessageMoveTask: StartMessageMoveTaskCommand,
  ListMessageMoveTasks: ListMessageMoveTasksCommand,
  CancelMessageMoveTask: CancelMessageMoveTaskCommand,
};
