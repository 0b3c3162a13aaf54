import { CreateTableCommand, DeleteTableCommand, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, DeleteTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Clients } from './clients.ts';

/** Checks whether an engine enforces filter policies and conditions. Each resolves with what is wrong, or undefined, and removes what it made. */
export async function probeFilterPolicy(clients: Clients, id: string): Promise<string | undefined> {
  const [sns, sqs] = await Promise.all([clients.sns(), clients.sqs()]);
  const name = `cliffracer-health-${id}-filter`;
  const [{ TopicArn }, { QueueUrl }] = await Promise.all([
    sns.send(new CreateTopicCommand({ Name: name })),
    sqs.send(new CreateQueueCommand({ QueueName: name })),
  ]);
  try {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const Policy = JSON.stringify(onlyFrom(TopicArn, Attributes?.QueueArn));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await sns.send(
      new SubscribeCommand({
        ...{ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn },
        Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ kind: ['wanted'] }) },
      }),
    );
    // The unwanted one first: when the wanted one is there, the other would be there as well.
    for (const kind of ['other', 'wanted']) {
      const MessageAttributes = { kind: { DataType: 'String', StringValue: kind } };
      await sns.send(new PublishCommand({ TopicArn, Message: kind, MessageAttributes }));
    }
    const bodies: string[] = [];
    for (let tries = 0; tries < 3 && !bodies.includes('wanted'); tries++) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
      );
      bodies.push(...Messages.map(({ Body }) => Body ?? ''));
    }
    if (bodies.includes('other')) return 'a message that the filter policy leaves out was delivered';
    return bodies.includes('wanted') ? undefined : 'a message that the filter policy lets through was not delivered';
  } finally {
    await Promise.all([sns.send(new DeleteTopicCommand({ TopicArn })), sqs.send(new DeleteQueueCommand({ QueueUrl }))]);
  }
}

/** SNS Developer Guide, Subscribing an Amazon SQS queue: without this the topic may not send. */
const onlyFrom = (topic: string | undefined, queue: string | undefined) => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queue },
      Condition: { ArnEquals: { 'aws:SourceArn': topic } },
    },
  ],
});

export async function probeConditions(clients: Clients, id: string): Promise<string | undefined> {
  const dynamodb = await clients.dynamodb();
  const TableName = `cliffracer-health-${id}-conditions`;
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  try {
    await waitUntilTableExists({ client: dynamodb, maxWaitTime: 30, minDelay: 1 }, { TableName });
    const put = new PutItemCommand({
      TableName,
      Item: { id: { S: id } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
    await dynamodb.send(put);
    const refused = await dynamodb.send(put).then(
      () => false,
      (error: unknown) => isRefusal(error),
    );
    return refused ? undefined : 'a write whose condition does not hold was not refused';
  } finally {
    await dynamodb.send(new DeleteTableCommand({ TableName }));
  }
}

const isRefusal = (error: unknown): boolean =>
  /ConditionalCheckFailed/.test(`${(error as Error).name} ${(error as Error).message}`) ||
  (error instanceof Error && error.cause !== undefined && isRefusal(error.cause));
