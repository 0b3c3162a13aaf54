import type { FuzzRequest } from './encode.ts';
import { dynamodb, filled, form, type Heavy, logs, s3, sqs } from './heavy-requests.ts';

const event = (message: string) =>
  logs('PutLogEvents', {
    logGroupName: 'heavy',
    logStreamName: 's',
    logEvents: [{ timestamp: Date.UTC(2026, 0, 1), message }],
  });
const MESSAGES = [
  ...[filled('a', 250_000, ''), filled('a', 250_000, '')],
  filled('a ', 900_000, ''),
  `{"a":[${filled('{"b":1}', 900_000)}]}`,
];
const PATTERNS: readonly Heavy[] = [
  ...[
    '%a{1,255}a{1,255}b%',
    `%${'a*'.repeat(200)}b%`,
    '[a, b, ..., c = %a{1,255}a{1,200}b%]',
    '{ $.a[*].b = "c*" && $.a[*].b = %1{1,9}x% }',
  ],
  ...[
    `"${'a'.repeat(500)}b${'a'.repeat(500)}"`,
    `${Array(60)
      .fill('"b"')
      .map((_, n) => `-"${'a'.repeat(n)}c"`)
      .join(' ')
      .slice(0, 1000)}`,
  ],
].map((filterPattern) => ({
  label: `log pattern: ${filterPattern.slice(0, 30)}`,
  needs: () => MESSAGES.map(event),
  request: () => logs('FilterLogEvents', { logGroupName: 'heavy', filterPattern }),
}));
const TESTED: Heavy = {
  label: 'log pattern: TestMetricFilter',
  request: () =>
    logs('TestMetricFilter', {
      filterPattern: '%a{1,255}a{1,255}b%',
      logEventMessages: Array(50).fill('a'.repeat(70_000)),
    }),
};

const many = (count: number, make: (n: number) => FuzzRequest) => () =>
  Array.from({ length: count }, (_, n) => make(n));
const SCANS: readonly Heavy[] = [
  ['contains', { a: 'S' }, 'contains(a, :v)', { ':v': { S: `${'a'.repeat(90_000)}b${'a'.repeat(90_000)}` } }],
  ['conditions', { l: 'L' }, Array(100).fill('contains(l, :v)').join(' OR '), { ':v': { S: 'x' } }],
].map(([label, kind, FilterExpression, ExpressionAttributeValues]) => ({
  label: `DynamoDB scan: ${label}`,
  needs: many(3, (n) => {
    const a = 'a' in (kind as object) ? { S: 'a'.repeat(390_000) } : { L: Array(30_000).fill({ S: 'y' }) };
    return dynamodb('PutItem', {
      TableName: 'heavy',
      Item: { id: { S: `${label}${n}` }, [Object.keys(kind as object)[0]!]: a },
    });
  }),
  request: () => dynamodb('Scan', { TableName: 'heavy', FilterExpression, ExpressionAttributeValues }),
}));

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:heavy';
const subscribe = (policy: object) => {
  const attributes = {
    RawMessageDelivery: 'true',
    FilterPolicyScope: 'MessageBody',
    FilterPolicy: JSON.stringify(policy),
  };
  const entries = Object.entries(attributes).map(
    ([key, value], n) =>
      `&Attributes.entry.${n + 1}.key=${key}&Attributes.entry.${n + 1}.value=${encodeURIComponent(value)}`,
  );
  const endpoint = 'arn:aws:sqs:us-east-1:000000000000:heavy';
  return form(
    'sns',
    `Action=Subscribe&Version=2010-03-31&TopicArn=${TOPIC}&Protocol=sqs&Endpoint=${endpoint}${entries.join('')}`,
  );
};
const FILTERS: readonly Heavy[] = [
  ['prefixes', { a: Array.from({ length: 140 }, (_, n) => ({ prefix: `x${n}` })) }, { a: Array(50_000).fill('a') }],
  ['a wildcard', { a: [{ wildcard: `*${'a'.repeat(60_000)}b${'a'.repeat(60_000)}*` }] }, { a: 'a'.repeat(200_000) }],
].map(([label, policy, message]) => ({
  label: `SNS filter: ${label}`,
  needs: () => [subscribe(policy as object)],
  request: () =>
    form(
      'sns',
      `Action=Publish&Version=2010-03-31&TopicArn=${TOPIC}&Message=${encodeURIComponent(JSON.stringify(message))}`,
    ),
}));

const LIST: Heavy = {
  label: 'S3 list with a delimiter',
  needs: many(1_100, (n) => s3('PUT', `/heavy-bucket/${'d'.repeat(1000)}${n}/k`)),
  request: () => s3('GET', `/heavy-bucket?list-type=2&delimiter=${'d'.repeat(900)}x`),
};

/** Questions whose answer is long to find. */
export const SEARCHES: readonly Heavy[] = [...PATTERNS, TESTED, ...SCANS, ...FILTERS, LIST];

/** What heavy requests are about. */
export const HEAVY_WORLD: readonly FuzzRequest[] = [
  s3('PUT', '/heavy-bucket'),
  dynamodb('CreateTable', {
    TableName: 'heavy',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  }),
  sqs('CreateQueue', { QueueName: 'heavy' }),
  form('sns', 'Action=CreateTopic&Version=2010-03-31&Name=heavy'),
  logs('CreateLogGroup', { logGroupName: 'heavy' }),
  logs('CreateLogStream', { logGroupName: 'heavy', logStreamName: 's' }),
];
