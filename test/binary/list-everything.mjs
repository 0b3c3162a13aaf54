// A script such as any user of AWS may have: clients without a single setting, told by the environment where to go.
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

const [sns, sqs, dynamodb] = [new SNSClient(), new SQSClient(), new DynamoDBClient()];
const [s3, cloudwatch, logs] = [
  new S3Client({ forcePathStyle: true }),
  new CloudWatchClient(),
  new CloudWatchLogsClient(),
];

const { Topics } = await sns.send(new ListTopicsCommand());
const { Subscriptions } = await sns.send(new ListSubscriptionsCommand());
const { QueueUrls } = await sqs.send(new ListQueuesCommand());
const { Attributes } = await sqs.send(
  new GetQueueAttributesCommand({
    QueueUrl: QueueUrls.find((url) => url.endsWith('/order-queue')),
    AttributeNames: ['All'],
  }),
);
const { TableNames } = await dynamodb.send(new ListTablesCommand());
const { Items } = await DynamoDBDocumentClient.from(dynamodb).send(new ScanCommand({ TableName: 'orders' }));
const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'ecommerce-receipts' }));
const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'ecommerce-receipts', Key: Contents[0].Key }));
const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Cliffracer/ECommerce' }));
const now = Date.now();
const { Datapoints } = await cloudwatch.send(
  new GetMetricStatisticsCommand({
    Namespace: 'Cliffracer/ECommerce',
    MetricName: 'OrderValue',
    StartTime: new Date(now - 3_600_000),
    EndTime: new Date(now + 60_000),
    Period: 7_200,
    Statistics: ['Sum'],
  }),
);
const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/cliffracer/ecommerce' }));

console.log(
  JSON.stringify({
    topics: Topics.map(({ TopicArn }) => TopicArn.split(':').at(-1)),
    subscriptions: Subscriptions.map(({ Endpoint }) => Endpoint.split(':').at(-1)).sort(),
    queues: QueueUrls.map((url) => url.split('/').at(-1)).sort(),
    redrive: JSON.parse(Attributes.RedrivePolicy),
    tables: TableNames,
    orders: Items,
    receipts: Contents.map(({ Key }) => Key),
    receipt: JSON.parse(await Body.transformToString()),
    metrics: [...new Set(Metrics.map(({ MetricName }) => MetricName))].sort(),
    value: Datapoints.reduce((sum, point) => sum + point.Sum, 0),
    lines: events.map(({ message }) => JSON.parse(message)),
  }),
);
