import { ListTagsForResourceCommand, PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Settings } from '../settings.ts';

export const snsClient = (settings: Settings) => new SNSClient(settings);

export const snsCommands = {
  PublishBatch: PublishBatchCommand,
  ListTagsForResource: ListTagsForResourceCommand,
};
