import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { AS_AWS, type Behaviour, differs } from './behaviour.ts';
import { all, refused, same, until } from './expectations.ts';
import { firstMessage, receive, send, withDeadLetters, withQueue } from './queue-trials.ts';

const GUIDE = 'SQS Developer Guide';
const API = 'SQS API Reference';

export const QUEUES: readonly Omit<Behaviour, 'area'>[] = [
  {
    id: 'sqs-long-poll',
    does: 'a long poll ends as soon as a message comes',
    source: `${GUIDE}, Short and long polling`,
    run: (trial) =>
      withQueue(trial, {}, async (queue) => {
        const started = trial.clock.now();
        const polling = receive(queue, { WaitTimeSeconds: 10 });
        await send(queue, 'hello');
        const [message] = await polling;
        if (message === undefined) return differs('the poll ended without the message');
        return trial.clock.now() - started < 8_000 ? AS_AWS : differs('the message came at the end of the poll only');
      }),
  },
  {
    id: 'sqs-visibility',
    does: 'a received message is hidden for the visibility timeout, then comes again and counts',
    source: `${GUIDE}, Visibility timeout`,
    run: (trial) =>
      withQueue(trial, { VisibilityTimeout: '1' }, async (queue) => {
        await send(queue, 'hello');
        const first = await firstMessage(trial, queue);
        const hidden = await receive(queue);
        await trial.clock.sleep(1_100);
        const again = await firstMessage(trial, queue);
        return all(
          same('the first receive count', first?.Attributes?.ApproximateReceiveCount, '1'),
          same('what comes while it is hidden', hidden.length, 0),
          same('the second receive count', again?.Attributes?.ApproximateReceiveCount, '2'),
          same('the message id', again?.MessageId, first?.MessageId),
        );
      }),
  },
  {
    id: 'sqs-visibility-zero',
    does: 'a visibility timeout of 0 makes a message available at once',
    source: `${API}, ChangeMessageVisibility`,
    run: (trial) =>
      withQueue(trial, {}, async (queue) => {
        await send(queue, 'hello');
        const message = await firstMessage(trial, queue);
        const change = { QueueUrl: queue.url, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 };
        await queue.sqs.send(new ChangeMessageVisibilityCommand(change));
        return same('the message', (await firstMessage(trial, queue))?.Body, 'hello');
      }),
  },
  {
    id: 'sqs-dead-letters',
    does: 'the receive after maxReceiveCount moves a message to the dead-letter queue, with id and attributes',
    source: `${GUIDE}, Using dead-letter queues`,
    run: (trial) =>
      withDeadLetters(trial, async (queue, dead) => {
        const attribute = { DataType: 'String', StringValue: 'order_created' };
        const { MessageId } = await send(queue, 'poison', { MessageAttributes: { event_type: attribute } });
        const first = await firstMessage(trial, queue);
        const before = await receive(dead, { VisibilityTimeout: 0 });
        const second = await receive(queue);
        const moved = await firstMessage(trial, dead);
        return all(
          same('the first receive', first?.Body, 'poison'),
          same('what is in the dead-letter queue before the second', before.length, 0),
          same('what the second receive brings', second.length, 0),
          same('what is in the dead-letter queue after it', moved?.Body, 'poison'),
          same('its id', moved?.MessageId, MessageId),
          same('its attribute', moved?.MessageAttributes?.event_type?.StringValue, 'order_created'),
        );
      }),
  },
  {
    id: 'sqs-move-task',
    does: 'a move task brings dead letters back to their source queue',
    source: `${API}, StartMessageMoveTask`,
    run: (trial) =>
      withDeadLetters(trial, async (queue, dead) => {
        await send(queue, 'poison');
        await until(trial, async () => {
          await receive(queue);
          return (await receive(dead, { VisibilityTimeout: 0 })).length > 0 || undefined;
        });
        await queue.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
        const back = await firstMessage(trial, queue, { VisibilityTimeout: 30 });
        const done = await until(trial, async () => {
          const tasks = await queue.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
          return tasks.Results?.[0]?.Status === 'COMPLETED' || undefined;
        });
        return all(same('the message that came back', back?.Body, 'poison'), same('the end of the task', done, true));
      }),
  },
  {
    id: 'sqs-batch-part',
    does: 'a batch of which one entry fails does the rest, and names that entry',
    source: `${API}, DeleteMessageBatch`,
    run: (trial) =>
      withQueue(trial, {}, async (queue) => {
        await send(queue, 'hello');
        const message = await firstMessage(trial, queue);
        const Entries = [
          { Id: 'good', ReceiptHandle: message?.ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'no receipt handle' },
        ];
        const answer = await queue.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
        return all(
          same(
            'what succeeded',
            answer.Successful?.map(({ Id }) => Id),
            ['good'],
          ),
          same(
            'what failed',
            answer.Failed?.map(({ Id, Code }) => `${Id}: ${Code}`),
            ['bad: ReceiptHandleIsInvalid'],
          ),
        );
      }),
  },
  {
    id: 'sqs-batch-empty',
    does: 'an empty batch is refused',
    source: `${API}, SendMessageBatch`,
    run: (trial) =>
      withQueue(trial, {}, ({ sqs, url: QueueUrl }) =>
        refused(
          sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })),
          'EmptyBatchRequest',
          'AWS.SimpleQueueService.EmptyBatchRequest',
        ),
      ),
  },
  {
    id: 'sqs-characters',
    does: 'control characters in a body are refused',
    source: `${API}, SendMessage`,
    run: (trial) => withQueue(trial, {}, (queue) => refused(send(queue, 'a\u0001b'), 'InvalidMessageContents')),
  },
  {
    id: 'sqs-mebibyte',
    does: 'a message may have a mebibyte, and no more',
    source: `${GUIDE}, Message quotas`,
    run: (trial) =>
      withQueue(trial, {}, async (queue) => {
        await send(queue, 'x'.repeat(1_048_576));
        return refused(send(queue, 'x'.repeat(1_048_577)), 'InvalidParameterValue', 'InvalidParameterValueException');
      }),
  },
  {
    id: 'sqs-purge',
    does: 'a purge empties the queue, and is refused for the next 60 seconds',
    source: `${API}, PurgeQueue`,
    run: (trial) =>
      withQueue(trial, {}, async (queue) => {
        await send(queue, 'hello');
        const purge = () => queue.sqs.send(new PurgeQueueCommand({ QueueUrl: queue.url }));
        await purge();
        const left = await until(trial, async () => ((await receive(queue)).length === 0 ? 0 : undefined));
        const again = await refused(purge(), 'PurgeQueueInProgress', 'AWS.SimpleQueueService.PurgeQueueInProgress');
        return all(same('what is left', left, 0), again === AS_AWS ? again : differs('a second purge is accepted'));
      }),
  },
  {
    id: 'sqs-create-again',
    does: 'making a queue again with other attributes is refused',
    source: `${API}, CreateQueue`,
    run: (trial) =>
      withQueue(trial, {}, ({ sqs }) =>
        refused(
          sqs.send(new CreateQueueCommand({ QueueName: trial.name, Attributes: { VisibilityTimeout: '7' } })),
          'QueueNameExists',
          'QueueAlreadyExists',
        ),
      ),
  },
  {
    id: 'sqs-unknown-queue',
    does: 'a queue that does not exist is called so',
    source: `${API}, GetQueueUrl`,
    run: async (trial) =>
      refused(
        (await trial.clients.sqs()).send(new GetQueueUrlCommand({ QueueName: `${trial.name}-none` })),
        'QueueDoesNotExist',
        'AWS.SimpleQueueService.NonExistentQueue',
      ),
  },
  {
    id: 'sqs-encryption',
    does: 'server-side encryption can be switched off and on',
    source: `${GUIDE}, Configuring SSE-SQS`,
    run: (trial) =>
      withQueue(trial, { SqsManagedSseEnabled: 'false' }, async ({ sqs, url: QueueUrl }) => {
        const read = async () => {
          const asked = { QueueUrl, AttributeNames: ['SqsManagedSseEnabled' as const] };
          return (await sqs.send(new GetQueueAttributesCommand(asked))).Attributes?.SqsManagedSseEnabled;
        };
        const before = await read();
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { SqsManagedSseEnabled: 'true' } }));
        return all(same('encryption at first', before, 'false'), same('encryption then', await read(), 'true'));
      }),
  },
];
