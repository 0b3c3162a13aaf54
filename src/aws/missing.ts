export type AwsService = 'SQS' | 'SNS' | 'DynamoDB' | 'S3' | 'CloudWatch' | 'CloudWatch Logs' | 'STS';

/**
 * Names what an error says does not exist ("queue order-queue"), from the call's own input: AWS's messages often do not.
 * Undefined for every other error, and for things that may well be absent, such as a key in a bucket.
 */
export function missingResource(
  service: AwsService,
  code: string,
  message: string,
  input: unknown,
): string | undefined {
  const given = (input ?? {}) as Record<string, unknown>;
  switch (service) {
    case 'SQS':
      if (!/^(QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|NonExistentQueue)$/.test(code)) return;
      return `queue ${lastPart(given.QueueUrl ?? given.QueueName, '/')}`;
    case 'SNS':
      if (!/^(Resource)?NotFound(Exception)?$/.test(code)) return;
      return given.SubscriptionArn === undefined
        ? `topic ${lastPart(given.TopicArn ?? given.ResourceArn, ':')}`
        : `subscription ${lastPart(given.SubscriptionArn, ':')}`;
    case 'DynamoDB':
      return code === 'ResourceNotFoundException' ? `table ${tablesOf(given).join(' or ')}` : undefined;
    case 'S3':
      return code === 'NoSuchBucket' || (code === 'NotFound' && given.Key === undefined)
        ? `bucket ${String(given.Bucket)}`
        : undefined;
    case 'CloudWatch Logs': {
      if (code !== 'ResourceNotFoundException') return;
      const stream = given.logStreamName;
      // "The specified log stream does not exist." when only the stream is missing.
      return typeof stream === 'string' && /log stream/i.test(message)
        ? `log stream ${stream} of ${String(given.logGroupName)}`
        : `log group ${String(given.logGroupName ?? given.logGroupNamePrefix)}`;
    }
    default:
      return undefined;
  }
}

const lastPart = (value: unknown, separator: string) => String(value).split(separator).at(-1);

/** The tables that a call names. */
export function tablesOf(input: Record<string, unknown>): string[] {
  if (typeof input.TableName === 'string') return [input.TableName];
  if (typeof input.RequestItems === 'object') return Object.keys(input.RequestItems ?? {});
  const writes = Array.isArray(input.TransactItems) ? input.TransactItems : [];
  const names = writes.flatMap((write) => Object.values(write as Record<string, { TableName?: string }>));
  return [...new Set(names.map((each) => String(each?.TableName)))];
}
