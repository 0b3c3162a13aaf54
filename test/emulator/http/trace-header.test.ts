import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.ts';

const HEADER = 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1';
const OTHER = 'Root=1-5759e988-bd862e3fe1be46a994272793';
const Policy = JSON.stringify({
  Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' },
});
const QueueUrl = 'http://localhost:4566/000000000000/q';
const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t';

function clients() {
  const emulator = createEmulator({ seed: 1 });
  const send = async (headers: Record<string, string>, body: string) => {
    const { status, body: answer } = await emulator.handle({
      ...{ method: 'POST', url: '/', body: Buffer.from(body) },
      headers: { host: 'localhost:4566', ...headers },
    });
    expect(status, String(answer)).toBe(200);
    return String(answer);
  };
  const json = { 'content-type': 'application/x-amz-json-1.0' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    sqs: async (operation: string, input: object, headers: Record<string, string> = {}) =>
      JSON.parse(
        (await send({ ...json, ...headers, 'x-amz-target': `AmazonSQS.${operation}` }, JSON.stringify(input))) || '{}',
      ),
    sns: (input: Record<string, string>, headers: Record<string, string> = {}) =>
      send({ ...form, ...headers }, new URLSearchParams({ Version: '2010-03-31', ...input }).toString()),
  };
}

/** The trace header of every message in the queue. */
async function headersIn({ sqs }: ReturnType<typeof clients>): Promise<string[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['AWSTraceHeader'] };
  const { Messages = [] } = await sqs('ReceiveMessage', input);
  return Messages.map((message: any) => message.Attributes?.AWSTraceHeader);
}

const traced = { 'x-amzn-trace-id': HEADER };

// SQS Developer Guide and X-Ray Developer Guide, Amazon SQS and AWS X-Ray: the header becomes the attribute
// AWSTraceHeader. LocalStack's AWS-validated test_publish_sqs_from_sns_with_xray_propagation.
describe('the header X-Amzn-Trace-Id', () => {
  it('becomes AWSTraceHeader of what SendMessage and SendMessageBatch send, where none is given', async () => {
    const world = clients();
    await world.sqs('CreateQueue', { QueueName: 'q' });
    await world.sqs('SendMessage', { QueueUrl, MessageBody: 'a' }, traced);
    const own = { AWSTraceHeader: { DataType: 'String', StringValue: OTHER } };
    const Entries = [
      { Id: '1', MessageBody: 'b' },
      { Id: '2', MessageBody: 'c', MessageSystemAttributes: own },
    ];
    await world.sqs('SendMessageBatch', { QueueUrl, Entries }, traced);
    await world.sqs('SendMessage', { QueueUrl, MessageBody: 'd' });
    expect(await headersIn(world)).toEqual([HEADER, HEADER, OTHER, undefined]);
  });

  it('goes through SNS with Publish and PublishBatch', async () => {
    const world = clients();
    await world.sqs('CreateQueue', { QueueName: 'q', Attributes: { Policy } });
    await world.sns({ Action: 'CreateTopic', Name: 't' });
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:q';
    await world.sns({ Action: 'Subscribe', TopicArn, Protocol: 'sqs', Endpoint });
    await world.sns({ Action: 'Publish', TopicArn, Message: 'a' }, traced);
    const entry = 'PublishBatchRequestEntries.member.1';
    const batch = { Action: 'PublishBatch', TopicArn, [`${entry}.Id`]: '1', [`${entry}.Message`]: 'b' };
    await world.sns(batch, traced);
    await world.sns({ Action: 'Publish', TopicArn, Message: 'c' });
    expect(await headersIn(world)).toEqual([HEADER, HEADER, undefined]);
  });

  it.each(['x'.repeat(1025), 'Root=\u0007'])('is left out when it is none (%#)', async (header) => {
    const world = clients();
    await world.sqs('CreateQueue', { QueueName: 'q' });
    await world.sqs('SendMessage', { QueueUrl, MessageBody: 'a' }, { 'x-amzn-trace-id': header });
    expect(await headersIn(world)).toEqual([undefined]);
  });
});
