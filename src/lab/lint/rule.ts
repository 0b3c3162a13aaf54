import type { System } from './system.ts';

/** error: does not work on AWS, or loses messages. warning: works until it does not. note: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

export interface Rule {
  code: string;
  severity: Severity;
  /** What is found, in a few words. */
  about: string;
  /** What happens on AWS. */
  happens: string;
  remedy: string;
  /** Page of AWS's documentation. */
  page: string;
  find(system: System): Hit[];
}

export interface Hit {
  /** `queue orders`. */
  resource: string;
  /** The values at fault. */
  detail: string;
}

export interface Finding extends Hit {
  code: string;
  severity: Severity;
  happens: string;
  remedy: string;
  page: string;
}

const DEVELOPER_GUIDES = 'https://docs.aws.amazon.com';
export const SQS = `${DEVELOPER_GUIDES}/AWSSimpleQueueService/latest/SQSDeveloperGuide`;
export const SQS_API = `${DEVELOPER_GUIDES}/AWSSimpleQueueService/latest/APIReference`;
export const SNS = `${DEVELOPER_GUIDES}/sns/latest/dg`;
export const LAMBDA = `${DEVELOPER_GUIDES}/lambda/latest/dg`;
export const S3 = `${DEVELOPER_GUIDES}/AmazonS3/latest/userguide`;
