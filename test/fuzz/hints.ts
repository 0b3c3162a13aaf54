import type { Dice } from './dice.ts';
import { AWKWARD_NAMES } from './weird.ts';

/** Everything that the world is made of before the fuzzing starts (world.ts makes it). */
export const START = Date.UTC(2026, 0, 1);
/** A client who only looks on, in a world of its own. */
export const WITNESS = { account: '999999999999', region: 'eu-west-1' };
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
const QUEUES = ['jobs', 'jobs-dlq', 'orders.fifo'];
const TOPICS = ['events', 'events.fifo'];
const TABLES = ['items', 'wide'];
const BUCKETS = ['fuzz-bucket', 'fuzz-other'];
const GROUPS = ['/fuzz/app', '/fuzz/other'];
const KEYS = ['a', 'a/b', 'dir/1.json', 'ü/😀', 'a+b c', '..', '//', 'x'.repeat(1024)];

export const queueUrl = (name: string) => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;
export const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
export const topicArn = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
const groupArn = (name: string) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;

/** What earlier answers brought, by the member that takes it: receipt handles, tokens, upload ids. */
export class Harvest {
  readonly #found = new Map<string, string[]>();

  add(name: string, value: string): void {
    const list = this.#found.get(name) ?? [];
    this.#found.set(name, list);
    if (list.push(value) > 50) list.shift();
  }

  some(dice: Dice, name: string): string | undefined {
    const list = this.#found.get(name);
    return list === undefined || !dice.chance(0.8) ? undefined : dice.pick(list);
  }
}

const OPERATORS = ['=', '<>', '<', '<=', '>', '>=', '+', '-', '(', ')', ',', '.', '[', ']', '[0]', '[99]'];
const EXPRESSION = [
  ...[...OPERATORS, 'AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE', 'id', 'n', 'm.a', 'tags'],
  ...['#n', '#p', ':v', ':w', ':missing', '#missing', 'attribute_exists(id)', 'attribute_not_exists(#n)', 'size(m)'],
  ...[
    'begins_with(id, :v)',
    'contains(tags, :v)',
    'attribute_type(n, :v)',
    'if_not_exists(n, :w)',
    'list_append(l, :v)',
  ],
];
const LOG_PATTERN = [
  ...[
    '{',
    '}',
    '$.a',
    '$.a[0]',
    '$.*',
    '$["b"]',
    '=',
    '!=',
    '<',
    '*',
    '"x"',
    '1',
    '1e5',
    'IS NULL',
    'NOT EXISTS',
    '&&',
  ],
  ...[
    '||',
    '(',
    ')',
    '[',
    ']',
    'ip',
    ',',
    '...',
    'w1=ERROR',
    '-',
    '?',
    'ERROR',
    '"two words"',
    '%a+%',
    '%(a|b)*c%',
    '%',
  ],
];
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
});
const FILTERS = [
  ...['{"a":["b"]}', '{"a":[{"anything-but":["x"]}]}', '{"n":[{"numeric":[">",0,"<=",5]}]}', '{"a":[{"prefix":"x"}]}'],
  ...[
    '{"a":[{"exists":true}]}',
    '{"$or":[{"a":["b"]},{"c":["d"]}]}',
    '{"a":[{"wildcard":"*a*b*"}]}',
    '{"a":{"b":["c"]}}',
  ],
  ...['{"a":[{"cidr":"10.0.0.0/8"}]}', '{"a":[{"equals-ignore-case":"B"}]}', '{"a":[', '{"a":[{"suffix":1}]}', '[]'],
];

/** Plausible values by the name of the member that takes them. */
const BY_NAME: Readonly<Record<string, (dice: Dice) => unknown>> = {
  QueueUrl: (dice) => queueUrl(dice.pick(QUEUES)),
  QueueName: (dice) => dice.pick([...QUEUES, `q-${dice.int(30)}`]),
  TopicArn: (dice) => topicArn(dice.pick(TOPICS)),
  TargetArn: (dice) => topicArn(dice.pick(TOPICS)),
  ResourceArn: (dice) =>
    dice.pick([topicArn('events'), `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/items`, queueArn('jobs')]),
  ResourceARN: (dice) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${dice.pick(['busy', 'x'])}`,
  resourceArn: (dice) => groupArn(dice.pick(GROUPS)),
  SourceArn: (dice) => queueArn(dice.pick(QUEUES)),
  DestinationArn: (dice) => queueArn(dice.pick(QUEUES)),
  Name: (dice) => dice.pick([...TOPICS, `t-${dice.int(30)}`, 'a']),
  Protocol: (dice) => dice.pick(['sqs', 'sqs', 'http', 'https', 'email', 'lambda', 'sms', 'x']),
  Endpoint: (dice) => dice.pick([queueArn('jobs'), queueArn('orders.fifo'), 'http://127.0.0.1:1/', 'a@b.example', 'x']),
  TableName: (dice) => dice.pick([...TABLES, `table-${dice.int(20)}`]),
  IndexName: (dice) => dice.pick(['by-n', 'by-n', 'local', 'none']),
  Bucket: (dice) => dice.pick([...BUCKETS, `fuzz-bucket-${dice.int(20)}`]),
  CopySource: (dice) => `${dice.pick(BUCKETS)}/${encodeURIComponent(dice.pick(KEYS))}`,
  Prefix: (dice) => dice.pick(['', 'a', 'dir/', 'ü']),
  Delimiter: (dice) => dice.pick(['/', '', 'a', '//']),
  Range: (dice) =>
    dice.pick(['bytes=0-3', 'bytes=-2', 'bytes=5-', 'bytes=9-1', 'bytes=0-0,2-2', 'x', 'bytes=99999999-']),
  PartNumber: (dice) => dice.pick([1, 2, 3, 10_000, 0]),
  Tagging: (dice) => dice.pick(['a=b', 'a=b&c=d', 'a', '=', '%', 'a=b&a=c']),
  ContentMD5: (dice) => dice.pick(['1B2M2Y8AsgTpgAmY7PhCfg==', 'x', 'AAAA']),
  ExpectedBucketOwner: (dice) => dice.pick([ACCOUNT, ACCOUNT, '111111111111']),
  logGroupName: (dice) => dice.pick([...GROUPS, `g-${dice.int(20)}`]),
  logGroupIdentifier: (dice) => dice.pick([...GROUPS, groupArn(GROUPS[0]!)]),
  logStreamName: (dice) => dice.pick(['one', 'two', `s-${dice.int(20)}`]),
  filterPattern: (dice) => dice.pick([dice.soup(LOG_PATTERN), '{ $.a = "x" }', 'ERROR', '[ip, user, ...]', '']),
  timestamp: (dice) => 1_767_225_600_000 - dice.int(10 ** 8),
  startTime: (dice) => dice.pick([0, 1_767_000_000_000]),
  endTime: () => 1_767_300_000_000,
  Namespace: (dice) => dice.pick(['Fuzz', 'Fuzz', 'Other', 'AWS/SQS']),
  MetricName: (dice) => dice.pick(['Load', 'Load', 'Errors']),
  AlarmName: (dice) => dice.pick(['busy', `alarm-${dice.int(10)}`]),
  ExtendedStatistic: (dice) => dice.pick(['p50', 'p99.9', 'tm90', 'TM(10%:90%)', 'PR(1:5)', 'p101', 'x']),
  Period: (dice) => dice.pick([60, 60, 300, 1, 10, 7, 86_400]),
  Expression: (dice) => dice.pick(['m1 * 2', 'SUM(METRICS())', 'x']),
  FilterPolicy: (dice) => dice.pick(FILTERS),
  Policy: (dice) => dice.pick([POLICY, POLICY, '{', '{"Statement":{}}', '""']),
  AttributeName: (dice) => dice.pick(['id', 'n', 'FilterPolicy', 'RawMessageDelivery', 'Policy', 'DisplayName', 'ttl']),
  AttributeValue: (dice) => dice.pick([...FILTERS, 'true', 'false', POLICY, 'x']),
  KeyConditionExpression: (dice) =>
    dice.pick(['id = :v', '#p = :v AND n > :w', 'id = :v AND n BETWEEN :w AND :w', dice.soup(EXPRESSION)]),
  FilterExpression: (dice) =>
    dice.pick(['n > :w', 'attribute_exists(m.a) OR NOT contains(tags, :v)', dice.soup(EXPRESSION)]),
  ConditionExpression: (dice) => dice.pick(['attribute_not_exists(id)', 'n < :w', dice.soup(EXPRESSION)]),
  UpdateExpression: (dice) =>
    dice.pick([
      'SET n = :w',
      'ADD c :w REMOVE m.a',
      'SET l = list_append(if_not_exists(l, :v), :v)',
      dice.soup(EXPRESSION, 20),
    ]),
  ProjectionExpression: (dice) => dice.pick(['id', 'id, #n, m.a[0]', dice.soup(EXPRESSION, 5)]),
  ExpressionAttributeNames: (dice) => ({ '#n': dice.pick(['n', ...AWKWARD_NAMES]), '#p': 'id' }),
  ExpressionAttributeValues: (dice) => ({
    ':v': { S: 'v' },
    ':w': { N: dice.pick(['1', '-5', '1e125', 'x', '9'.repeat(40)]) },
  }),
  Key: (dice) => dice.pick(KEYS),
  Message: (dice) => dice.pick(['hello', '{"default":"x","sqs":"y"}', '{"a":"b","n":3}', 'ü😀']),
  MessageStructure: () => 'json',
  MessageGroupId: (dice) => dice.pick(['g1', 'g2']),
  MessageDeduplicationId: (dice) => `d-${dice.int(20)}`,
  WaitTimeSeconds: (dice) => dice.pick([0, 0, 1, 20]),
  VisibilityTimeout: (dice) => dice.pick([0, 30, 43_200]),
  DelaySeconds: (dice) => dice.pick([0, 0, 5, 900]),
  MaxNumberOfMessages: (dice) => dice.pick([1, 10]),
  DataType: (dice) => dice.pick(['String', 'Number', 'Binary', 'String.x', 'String.Array', 'x']),
  Segment: (dice) => dice.pick([0, 1]),
  TotalSegments: (dice) => dice.pick([1, 2, 4]),
  Item: (dice) => item(dice, true),
  Body: (dice) => dice.bytes(dice.pick([0, 1, 10, 1000])),
  ContentLength: () => undefined,
};

/** Members whose name says something only within one service. */
const BY_SERVICE: Readonly<Record<string, (dice: Dice) => unknown>> = {
  'dynamodb Key': (dice) => item(dice, false),
  'dynamodb AttributeName': (dice) => dice.pick(['id', 'n', 'expires', 'm']),
  'sqs Attributes': (dice) => queueAttributes(dice),
  'sns Attributes': (dice) =>
    dice.pick<unknown>([
      {},
      { RawMessageDelivery: 'true' },
      { FilterPolicy: dice.pick(FILTERS) },
      { FifoTopic: 'true' },
    ]),
  'sns Label': (dice) => dice.word(),
};

function queueAttributes(dice: Dice): Record<string, string> {
  const redrive = JSON.stringify({
    deadLetterTargetArn: queueArn('jobs-dlq'),
    maxReceiveCount: dice.pick([1, 3, '5']),
  });
  return dice.pick<Record<string, string>>([
    {},
    { VisibilityTimeout: dice.pick(['0', '30', 'x', '-1']) },
    { RedrivePolicy: dice.pick([redrive, '{}', '', '{']), DelaySeconds: '0' },
    { FifoQueue: 'true', ContentBasedDeduplication: 'true' },
    { Policy: dice.pick([POLICY, '{', '']) },
  ]);
}

export function hintFor(dice: Dice, service: string, name: string): { value: unknown } | undefined {
  const make = BY_SERVICE[`${service} ${name}`] ?? BY_NAME[name];
  return make === undefined ? undefined : { value: make(dice) };
}

const NUMBER_TEXTS = ['0', '1', '-1.50', '1e10', '9'.repeat(38), '1e-130', 'x', '', '1e999'];

function item(dice: Dice, isWhole: boolean): Record<string, unknown> {
  const made: Record<string, unknown> = { id: { S: dice.pick(['v', 'w', `i-${dice.int(50)}`]) } };
  if (isWhole || dice.chance(0.5)) made.n = { N: String(dice.int(5)) };
  if (!isWhole) return made;
  for (const name of dice.times(dice.int(4), () => dice.pick(['m', 'l', 'tags', 'b', ...AWKWARD_NAMES]))) {
    Object.defineProperty(made, name, {
      value: attributeValue(dice, 3),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return made;
}

export function attributeValue(dice: Dice, depth: number): unknown {
  return dice.weighted<() => unknown>([
    [4, () => ({ S: dice.pick(['v', 'w', '', 'ü', 'x'.repeat(100)]) })],
    [3, () => ({ N: dice.pick(NUMBER_TEXTS) })],
    [1, () => ({ B: dice.bytes(3) })],
    [1, () => ({ BOOL: dice.chance(0.5) })],
    [1, () => ({ NULL: true })],
    [1, () => ({ SS: dice.pick([['a', 'b'], ['a', 'a'], []]) })],
    [1, () => ({ NS: dice.pick([['1', '2'], ['1', '1.0'], ['x']]) })],
    [1, () => ({ BS: [dice.bytes(2)] })],
    [depth, () => ({ M: { a: attributeValue(dice, depth - 1), [dice.pick(AWKWARD_NAMES)]: attributeValue(dice, 0) } })],
    [depth, () => ({ L: dice.times(dice.int(3), () => attributeValue(dice, depth - 1)) })],
    [0.3, () => ({ S: 'a', N: '1' })],
  ])();
}
