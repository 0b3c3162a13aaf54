/** Who the credentials belong to, and where; enough to build ARNs. */
export interface Identity {
  account: string;
  region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  partition: string;
  /** ARN of the user or role that calls, where it was asked for. */
  caller?: string | undefined;
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

const arn = (service: string, { partition, region, account }: Identity, rest: string) =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`;

/** Buckets are named once for all accounts and regions of a partition. */
export const bucketArn = ({ partition }: Identity, name: string): string => `arn:${partition}:s3:::${name}`;
export const tableArn = (identity: Identity, name: string): string => arn('dynamodb', identity, `table/${name}`);
export const topicArn = (identity: Identity, name: string): string => arn('sns', identity, name);
export const queueArn = (identity: Identity, name: string): string => arn('sqs', identity, name);
export const logGroupArn = (identity: Identity, name: string): string => arn('logs', identity, `log-group:${name}`);
