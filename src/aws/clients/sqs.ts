import { SQSClient } from '@aws-sdk/client-sqs';
import type { Settings } from '../settings.ts';

/** Calls go to our endpoint, whatever host an engine writes into its queue URLs. */
export const sqsClient = (settings: Settings) => new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
