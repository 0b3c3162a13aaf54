import { describe, expect, test } from 'vitest';
import { compiled, refusal } from './template.ts';

const resources = (text: string) => `Resources:\n${text.replace(/^/gm, '  ')}`;

describe('what is wrong is named with its path', () => {
  test.each([
    [
      'Jobs: {Type: AWS::SQS::Queue, Properties: {Visibility: 3}}',
      'unsupported',
      'Resources.Jobs.Properties.Visibility: property is not known here',
    ],
    ['Jobs: {Type: AWS::Glue::Job}', 'unsupported', 'Resources.Jobs: resource type AWS::Glue::Job is not known'],
    [
      'Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: soon}}',
      'invalid_input',
      'Resources.Jobs.Properties.DelaySeconds: takes a number, not "soon"',
    ],
    [
      'Jobs: {Type: AWS::SQS::Queue, Properties: {FifoQueue: 3}}',
      'invalid_input',
      'Resources.Jobs.Properties.FifoQueue: takes a flag, not 3',
    ],
    [
      'Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: "a b"}}',
      'invalid_input',
      '"a b" is no name of a resource of type AWS::SQS::Queue',
    ],
    ['Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: a.fifo}}', 'invalid_input', 'a FIFO name ends with .fifo'],
    ['Jobs: {Typ: AWS::SQS::Queue}', 'invalid_input', 'Resources.Jobs: has no Type'],
    [
      'Jobs: {Type: AWS::SQS::Queue, DependsOn: Nothing}',
      'invalid_input',
      'Resources.Jobs.DependsOn: there is no resource Nothing',
    ],
    [
      'T: {Type: AWS::SNS::Topic}\nS: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref T, Protocol: email, Endpoint: x}}',
      'unsupported',
      'Resources.S.Properties.Protocol: Protocol email',
    ],
    [
      'T: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], BillingMode: PAY_PER_REQUEST}}',
      'invalid_input',
      'AttributeDefinitions do not have id',
    ],
    [
      'T: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}, BillingMode: PAY_PER_REQUEST, KeySchema: []}}',
      'unsupported',
      'Resources.T.Properties.StreamSpecification',
    ],
    [
      'B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: []}}}',
      'unsupported',
      'Resources.B.Properties.NotificationConfiguration.LambdaConfigurations',
    ],
    [
      'P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [http://localhost:4566/000000000000/other], PolicyDocument: {}}}',
      'invalid_input',
      'Resources.P: queue other is not made by this template',
    ],
    [
      'A: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}\nB: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}',
      'invalid_input',
      'queue q is also what A makes',
    ],
    [
      'F: {Type: AWS::Serverless::Function, Properties: {Events: {Get: {Type: Api}}}}',
      'unsupported',
      'Resources.F.Properties.Events.Get: events of type Api',
    ],
    ['"Fn::ForEach::Qs": [I, [a], {}]', 'unsupported', 'Resources.Fn::ForEach::Qs: is not known here'],
  ])('%s', async (text, code, line) => {
    const found = await refusal(compiled(resources(text)));
    expect([found.code, found.lines[0]]).toEqual([code, expect.stringContaining(line)]);
  });

  test('cycles name every member', async () => {
    const dlq = (id: string, other: string) =>
      `${id}: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt ${other}.Arn, maxReceiveCount: 1}}}`;
    const found = await refusal(compiled(resources(`${dlq('A', 'B')}\n${dlq('B', 'C')}\n${dlq('C', 'A')}`)));
    expect(found.lines[0]).toContain('needs itself: A -> B -> C -> A');
  });

  test('names that refer to each other are named', async () => {
    const named = (id: string, other: string) =>
      `${id}: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Ref ${other}}}`;
    const found = await refusal(compiled(resources(`${named('A', 'B')}\n${named('B', 'A')}`)));
    expect(found.lines.join()).toContain('A -> B -> A');
  });

  test('all unknown parts are named at once', async () => {
    const found = await refusal(compiled(resources('A: {Type: AWS::X::Y}\nB: {Type: AWS::X::Z}')));
    expect(found.lines).toHaveLength(2);
    expect(found.hint).toContain('--skip-unknown');
  });
});

describe('with skipUnknown', () => {
  test('what needs something unknown is left out too, and listed', async () => {
    const text = resources(
      'Api: {Type: AWS::X::Api}\nJobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Api}}\nOther: {Type: AWS::SQS::Queue, Properties: {Nope: 1}}',
    );
    const { desired, leftOut } = await compiled(text, { skipUnknown: true });
    expect(desired.map(({ name }) => name)).toEqual([expect.stringMatching(/^shop-Other-[A-Z0-9]{12}$/)]);
    expect(leftOut.map(({ path }) => path)).toEqual([
      'Resources.Api',
      'Resources.Jobs.Properties.QueueName.Ref',
      'Resources.Other.Properties.Nope',
    ]);
  });

  test('a mistake is still refused', async () => {
    const text = resources('Jobs: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: soon}}');
    expect((await refusal(compiled(text, { skipUnknown: true }))).code).toBe('invalid_input');
  });
});
