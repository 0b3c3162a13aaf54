import { describe, expect, test } from 'vitest';
import { lint, RULES } from '../../../src/lab/lint/lint.ts';
import { systemOf } from '../../../src/lab/lint/system.ts';
import { compiled, PLACE, textOf } from '../template/template.ts';

async function findings(text: string, published = new Map<string, Set<string>>()) {
  const { desired, functions, mappings } = await compiled(text);
  return lint(systemOf({ ...PLACE, resources: desired, functions, mappings, published }));
}

const queue = (id: string, properties = '') =>
  `  ${id}: {Type: AWS::SQS::Queue, Properties: {QueueName: ${id}${properties}}}`;
const redrive = (to: string, count = 5) =>
  `, RedrivePolicy: {deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:${to}", maxReceiveCount: ${count}}`;
const FIFO = '.fifo, FifoQueue: true';
const resources = (...lines: string[]) => `Resources:\n${lines.join('\n')}\n`;
const topic = (id: string, properties = '') =>
  `  ${id}: {Type: AWS::SNS::Topic, Properties: {TopicName: ${id}${properties}}}`;
const subscription = (from: string, to: string, properties = '') =>
  `  S${to}: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: "arn:aws:sns:us-east-1:000000000000:${from}", Endpoint: "arn:aws:sqs:us-east-1:000000000000:${to}"${properties}}}`;
const policy = (to: string, statement: string) =>
  `  P${to}: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref ${to}], PolicyDocument: {Statement: [${statement}]}}}`;
const handler = (timeout: number) =>
  `  F: {Type: AWS::Lambda::Function, Properties: {FunctionName: f, Timeout: ${timeout}, Handler: a.b, Runtime: nodejs22.x}}`;
const mapping = (to: string, properties = '') =>
  `  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F, EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:${to}"${properties}}}`;
const bucket = (to: string) =>
  `  B: {Type: AWS::S3::Bucket, Properties: {BucketName: bbb, NotificationConfiguration: {QueueConfigurations: [{Event: "s3:ObjectCreated:*", Queue: "arn:aws:sqs:us-east-1:000000000000:${to}"}]}}}`;
const filtered = (filter: string) =>
  resources(queue('q'), topic('t'), subscription('t', 'q', `, FilterPolicy: ${filter}`));

/** Each code with what is found, and beside it what is not. */
const CASES: readonly [code: string, found: string, detail: string, fine: string][] = [
  ['no-dead-letter-queue', resources(queue('q')), 'no RedrivePolicy', resources(queue('q', redrive('d')), queue('d'))],
  [
    'dead-letter-self',
    resources(queue('q', redrive('q'))),
    'the queue itself',
    resources(queue('q', redrive('d')), queue('d')),
  ],
  [
    'dead-letter-missing',
    resources(queue('q', redrive('d'))),
    'there is no queue d',
    resources(queue('q', redrive('d')), queue('d')),
  ],
  [
    'dead-letter-elsewhere',
    resources(queue('q', redrive('d').replace('us-east-1', 'eu-west-1'))),
    'arn:aws:sqs:eu-west-1:000000000000:d',
    resources(queue('q', redrive('d')), queue('d')),
  ],
  [
    'dead-letter-type',
    resources(queue('q', redrive('d.fifo')), `  D: {Type: AWS::SQS::Queue, Properties: {QueueName: d${FIFO}}}`),
    'standard queue, FIFO dead-letter queue d.fifo',
    resources(queue('q', redrive('d')), queue('d')),
  ],
  [
    'dead-letter-retention',
    resources(queue('q', redrive('d')), queue('d')),
    'keeps messages for 345600 s, q for 345600 s',
    resources(queue('q', redrive('d')), queue('d', ', MessageRetentionPeriod: 1209600')),
  ],
  [
    'dead-letter-refused',
    resources(queue('q', redrive('d')), queue('d', ', RedriveAllowPolicy: {redrivePermission: denyAll}')),
    'does not permit q',
    resources(
      queue('q', redrive('d')),
      queue(
        'd',
        ', RedriveAllowPolicy: {redrivePermission: byQueue, sourceQueueArns: ["arn:aws:sqs:us-east-1:000000000000:q"]}',
      ),
    ),
  ],
  [
    'single-receive',
    resources(queue('q', redrive('d', 1)), queue('d'), handler(5), mapping('q')),
    'maxReceiveCount 1, batches of 10 to f',
    resources(queue('q', redrive('d', 3)), queue('d')),
  ],
  [
    'delay-above-retention',
    resources(queue('q', ', DelaySeconds: 60, MessageRetentionPeriod: 60')),
    'delay 60 s, retention 60 s',
    resources(queue('q', ', DelaySeconds: 60')),
  ],
  ['subscription-without-queue', resources(topic('t'), subscription('t', 'q')), 'there is no queue q', filtered('{}')],
  [
    'no-policy-for-topic',
    resources(queue('q'), topic('t'), subscription('t', 'q')),
    'no policy: subscription t to q',
    resources(
      queue('q'),
      topic('t'),
      subscription('t', 'q'),
      policy(
        'q',
        '{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: "sqs:Send*", Resource: "*", Condition: {ArnLike: {"aws:SourceArn": "arn:aws:sns:*:*:t"}}}',
      ),
    ),
  ],
  [
    'standard-topic-to-fifo-queue',
    resources(
      topic('t'),
      `  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q${FIFO}}}`,
      subscription('t', 'q.fifo').replace('Sq.fifo', 'S'),
    ),
    'standard topic, FIFO queue',
    filtered('{}'),
  ],
  [
    'fifo-topic-to-standard-queue',
    resources(
      '  T: {Type: AWS::SNS::Topic, Properties: {TopicName: t.fifo, FifoTopic: true}}',
      queue('q'),
      subscription('t.fifo', 'q'),
    ),
    'FIFO topic, standard queue',
    filtered('{}'),
  ],
  [
    'filter-never-matches',
    filtered('{price: [{numeric: [">", 10, "<", 5]}]}'),
    'price: no value is in the range',
    filtered('{price: [{numeric: [">", 5, "<", 10]}]}'),
  ],
  [
    'no-raw-delivery',
    filtered('{}'),
    'RawMessageDelivery is not set',
    resources(queue('q'), topic('t'), subscription('t', 'q', ', RawMessageDelivery: true')),
  ],
  [
    'no-policy-for-bucket',
    resources(queue('q'), bucket('q')),
    'does not let bucket bbb in',
    resources(
      queue('q'),
      bucket('q'),
      policy(
        'q',
        '{Effect: Allow, Principal: "*", Action: sqs:SendMessage, Condition: {StringEquals: {"aws:SourceAccount": "000000000000"}}}',
      ),
    ),
  ],
  ['bucket-to-fifo', resources(bucket('q.fifo')), 'notifies q.fifo', resources(bucket('q'))],
  [
    'visibility-below-timeout',
    resources(queue('q', ', VisibilityTimeout: 10'), handler(11), mapping('q')),
    'visibility 10 s, f may take 11 s',
    resources(queue('q', ', VisibilityTimeout: 60'), handler(11), mapping('q')),
  ],
  [
    'visibility-below-six-timeouts',
    resources(queue('q', ', VisibilityTimeout: 60'), handler(10), mapping('q', ', MaximumBatchingWindowInSeconds: 5')),
    'visibility 60 s, f wants 65 s',
    resources(queue('q', ', VisibilityTimeout: 65'), handler(10), mapping('q', ', MaximumBatchingWindowInSeconds: 5')),
  ],
  [
    'mapping-without-queue',
    resources(handler(3), mapping('q')),
    'there is no queue q',
    resources(handler(3), queue('q'), mapping('q')),
  ],
  [
    'batch-window-fifo',
    resources(handler(3), mapping('q.fifo', ', MaximumBatchingWindowInSeconds: 5')),
    'window 5 s',
    resources(handler(3), mapping('q', ', MaximumBatchingWindowInSeconds: 5')),
  ],
  [
    'batch-size-fifo',
    resources(handler(3), mapping('q.fifo', ', BatchSize: 11')),
    'batches of 11',
    resources(handler(3), mapping('q.fifo')),
  ],
  [
    'batch-size-without-window',
    resources(handler(3), mapping('q', ', BatchSize: 11')),
    'batches of 11, no window',
    resources(handler(3), mapping('q', ', BatchSize: 11, MaximumBatchingWindowInSeconds: 1')),
  ],
  [
    'whole-batch-again',
    resources(handler(3), mapping('q')),
    'batches of 10',
    resources(handler(3), mapping('q', ', FunctionResponseTypes: [ReportBatchItemFailures]')),
  ],
];

describe('each code', () => {
  test.each(CASES)('%s', async (code, found, detail, fine) => {
    const hits = (await findings(found)).filter((each) => each.code === code);
    expect(hits).toEqual([expect.objectContaining({ detail: expect.stringContaining(detail) })]);
    expect((await findings(fine)).filter((each) => each.code === code)).toEqual([]);
  });

  test('filter-key-never-sent', async () => {
    const arn = 'arn:aws:sns:us-east-1:000000000000:t';
    const text = filtered('{kind: [a], other: [{exists: false}]}');
    const codes = async (names?: string[]) =>
      (await findings(text, new Map(names === undefined ? [] : [[arn, new Set(names)]]))).filter(
        ({ code }) => code === 'filter-key-never-sent',
      );
    expect(await codes(['type'])).toEqual([expect.objectContaining({ detail: 'never sent: kind' })]);
    expect(await codes(['kind'])).toEqual([]);
    expect(await codes()).toEqual([]);
  });

  test('has a test here', () => {
    const tested = new Set([...CASES.map(([code]) => code), 'filter-key-never-sent']);
    expect(RULES.map(({ code }) => code).filter((code) => !tested.has(code))).toEqual([]);
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
  });
});

describe('a filter policy that can never match', () => {
  test.each([
    ['{a: [{numeric: ["=", 3, ">", 3]}]}', true],
    ['{a: [{numeric: [">=", 3, "<=", 3]}]}', false],
    ['{a: [{numeric: [">", 3, "<", 1]}, x]}', false],
    ['{a: [x], $or: [{a: [y]}, {a: [z]}]}', true],
    ['{a: [x], $or: [{a: [y]}, {b: [z]}]}', false],
    ['{a: [{exists: false}], $or: [{a: [y]}, {a: [{exists: true}]}]}', true],
    ['{a: [{exists: false}], $or: [{a: [y]}, {a: [z]}]}', true],
    ['{a: {b: [x]}, $or: [{a: {b: [x]}}, {c: [z]}]}', false],
    ['{a: [{prefix: x}], b: [1, 2]}', false],
  ])('%s: %s', async (filter, never) => {
    const found = (await findings(filtered(filter))).some(({ code }) => code === 'filter-never-matches');
    expect(found).toBe(never);
  });
});

test.each(['orders.yaml', 'thumbnails.sam.yaml', 'PaymentsStack.template.json'])('%s', async (file) => {
  const found = (await findings(textOf(file))).map(({ code, resource, detail }) => `${code}: ${resource}: ${detail}`);
  expect(found).toMatchSnapshot();
});
