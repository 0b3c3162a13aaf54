import { GetMetricStatisticsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTableCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, DeleteTopicCommand, GetTopicAttributesCommand, PublishCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Clients } from './clients.ts';

type Service = 'sns' | 'sqs' | 'dynamodb' | 's3' | 'cloudwatch' | 'logs';

interface ProbeRun {
  clients: Clients;
  /** Of the resource that is made for the check and removed after it. */
  name: string;
  /** Written, then expected back. */
  text: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Ends each call at the deadline. */
  call: { abortSignal: AbortSignal };
}

/**
 * Writes something of its own to a service, reads it back and removes it. Resolves with what went wrong, or undefined.
 * Health endpoints only tell that a service was loaded. A service that is not done at `timeoutMs` is given up; what it made by
 * then stays.
 */
export async function probeService(
  clients: Clients,
  service: Service,
  trial: { id: string; now: number; timeoutMs: number },
): Promise<string | undefined> {
  const name = `cliffracer-health-${trial.id}`;
  const abortSignal = AbortSignal.timeout(trial.timeoutMs);
  const late = new Promise<string>((resolve) => {
    abortSignal.addEventListener('abort', () => resolve(`no end within ${trial.timeoutMs / 1_000} s`));
  });
  const check = PROBES[service]({ clients, name, text: trial.id, now: trial.now, call: { abortSignal } });
  return Promise.race([check.catch(causeOf), late]);
}

const LONGEST_CAUSE = 160;

/** The heart of an error in one line: engines put whole stack traces of what they run inside into theirs. */
export function causeOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split(/\r?\n|\\n/).map((line) => line.trim());
  const start = lines.findIndex((line) => /Traceback |^at /.test(line));
  // A Python traceback ends with what went wrong.
  const cause = start === -1 ? lines.find((line) => line !== '') : lines.findLast((line) => line !== '');
  const line = (cause ?? text).replace(/\s+/g, ' ');
  return line.length > LONGEST_CAUSE ? `${line.slice(0, LONGEST_CAUSE)}...` : line;
}

const compare = (read: string | undefined, trial: ProbeRun, what: string): string | undefined =>
  read === trial.text ? undefined : `${what} that was written did not come back`;

const PROBES: Readonly<Record<Service, (trial: ProbeRun) => Promise<string | undefined>>> = {
  async sns({ clients, name, text, call }) {
    const sns = await clients.sns();
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }), call);
    try {
      await sns.send(new PublishCommand({ TopicArn, Message: text }), call);
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }), call);
      return Attributes?.TopicArn === TopicArn ? undefined : 'the topic that was made did not come back';
    } finally {
      await sns.send(new DeleteTopicCommand({ TopicArn }), call);
    }
  },

  async sqs(trial) {
    const { call } = trial;
    const sqs = await trial.clients.sqs();
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: trial.name }), call);
    try {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: trial.text }), call);
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }), call);
      const message = Messages?.[0];
      if (message) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }), call);
      return compare(message?.Body, trial, 'the message');
    } finally {
      await sqs.send(new DeleteQueueCommand({ QueueUrl }), call);
    }
  },

  async dynamodb(trial) {
    const { call } = trial;
    const dynamodb = await trial.clients.dynamodb();
    const TableName = trial.name;
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
      call,
    );
    try {
      await waitUntilTableExists({ client: dynamodb, maxWaitTime: 30, minDelay: 1, ...call }, { TableName });
      const id = { S: trial.text };
      await dynamodb.send(new PutItemCommand({ TableName, Item: { id } }), call);
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id }, ConsistentRead: true }), call);
      return compare(Item?.id?.S, trial, 'the item');
    } finally {
      await dynamodb.send(new DeleteTableCommand({ TableName }), call);
    }
  },

  async s3(trial) {
    const { call } = trial;
    const s3 = await trial.clients.s3();
    const { region } = trial.clients.target;
    const at = { Bucket: trial.name, Key: 'health.txt' };
    await s3.send(
      new CreateBucketCommand({
        Bucket: trial.name,
        ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region as never } }),
      }),
      call,
    );
    try {
      await s3.send(new PutObjectCommand({ ...at, Body: trial.text }), call);
      const { Body } = await s3.send(new GetObjectCommand(at), call);
      const read = await Body?.transformToString();
      await s3.send(new DeleteObjectCommand(at), call);
      return compare(read, trial, 'the object');
    } finally {
      await s3.send(new DeleteBucketCommand({ Bucket: trial.name }), call);
    }
  },

  // A metric cannot be deleted: the check's own namespace keeps it away from the stack's.
  async cloudwatch({ clients, text, now, call }) {
    const cloudwatch = await clients.cloudwatch();
    const metric = { MetricName: 'Health', Dimensions: [{ Name: 'Check', Value: text }] };
    const Namespace = 'Cliffracer/Health';
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace, MetricData: [{ ...metric, Timestamp: new Date(now), Value: 1 }] }),
      call,
    );
    const { Datapoints } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        ...metric,
        Namespace,
        StartTime: new Date(now - 120_000),
        EndTime: new Date(now + 60_000),
        Period: 60,
        Statistics: ['Sum'],
      }),
      call,
    );
    return Datapoints?.some(({ Sum }) => Sum === 1) ? undefined : 'the data point that was written did not come back';
  },

  async logs(trial) {
    const { call } = trial;
    const logs = await trial.clients.logs();
    const at = { logGroupName: `/cliffracer/health/${trial.text}`, logStreamName: 'health' };
    await logs.send(new CreateLogGroupCommand({ logGroupName: at.logGroupName }), call);
    try {
      await logs.send(new CreateLogStreamCommand(at), call);
      const logEvents = [{ timestamp: trial.now, message: trial.text }];
      await logs.send(new PutLogEventsCommand({ ...at, logEvents }), call);
      const { events } = await logs.send(new GetLogEventsCommand({ ...at, startFromHead: true }), call);
      return compare(events?.[0]?.message, trial, 'the log line');
    } finally {
      await logs.send(new DeleteLogGroupCommand({ logGroupName: at.logGroupName }), call);
    }
  },
};
