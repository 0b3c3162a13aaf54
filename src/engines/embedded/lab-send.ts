import { createHash } from 'node:crypto';
import { CliffracerError } from '../../errors.ts';
import type { Sending } from '../../lab/check/world.ts';
import { jsonCall, queryCall, type RawCall, rawCall } from '../raw-call.ts';

export interface SendPlace {
  endpoint: string;
  region: string;
}

const TIMEOUT_MS = 10_000;
const digest = (body: string) => createHash('sha256').update(body).digest('hex');
const ACCOUNT = '000000000000';

/** Sends a message to a queue, or publishes it on a topic; answers its id. */
export async function sendMessage({ endpoint, region }: SendPlace, message: Sending): Promise<string> {
  const to = message.topic ?? message.queue ?? '';
  const call = message.topic === undefined ? sending(to, message) : publishing(to, message, region);
  const { body, status } = await rawCall(endpoint, region, call, TIMEOUT_MS);
  const id = /"MessageId":\s*"([^"]+)"/.exec(body)?.[1] ?? /<MessageId>([^<]+)</.exec(body)?.[1];
  if (id !== undefined) return id;
  const why = /"message":\s*"([^"]+)"/i.exec(body)?.[1] ?? /<Message>([^<]+)</.exec(body)?.[1] ?? `HTTP ${status}`;
  throw new CliffracerError(status < 500 ? 'invalid_input' : 'aws_error', `${to} takes no message: ${why}`, {
    hint: `see what there is: cliffracer ${message.topic === undefined ? 'queue' : 'topic'} list`,
  });
}

/** Writes an item, in DynamoDB's JSON, under a name of its own: it is nothing that a user did. */
export async function putItem({ endpoint, region }: SendPlace, table: string, item: object): Promise<void> {
  const { headers, ...call } = jsonCall('dynamodb', '1.0', 'DynamoDB_20120810.PutItem', {
    TableName: table,
    Item: item,
  });
  const named = { ...call, headers: { ...headers, 'user-agent': 'app/cliffracer-check' } };
  const { status } = await rawCall(endpoint, region, named, TIMEOUT_MS);
  if (status !== 200) throw new CliffracerError('aws_error', `${table} takes no item: HTTP ${status}`);
}

/** SQS takes the name alone for the address of a queue. */
const sending = (queue: string, { body, attributes = {}, group, delay }: Sending): RawCall =>
  jsonCall('sqs', '1.0', 'AmazonSQS.SendMessage', {
    ...{ QueueUrl: queue, MessageBody: body },
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
    ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: digest(body) }),
    ...(delay !== undefined && { DelaySeconds: delay }),
  });

function publishing(topic: string, { body, attributes = {}, group }: Sending, region: string): RawCall {
  const entries = Object.entries(attributes).flatMap(([name, value], index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    return [
      [`${entry}.Name`, name],
      [`${entry}.Value.DataType`, 'String'],
      [`${entry}.Value.StringValue`, value],
    ] as const;
  });
  return queryCall('sns', {
    ...{ Action: 'Publish', Version: '2010-03-31', TopicArn: `arn:aws:sns:${region}:${ACCOUNT}:${topic}` },
    ...{ Message: body, ...Object.fromEntries(entries) },
    ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: digest(body) }),
  });
}
