import { createHash } from 'node:crypto';

/** Input and output are AWS's, as operations have them. */
type Input = Record<string, unknown>;
type Answer = (input: Input, uuid: () => string) => object;

const nothing: Answer = () => ({});
const md5 = (body: string | Uint8Array) => createHash('md5').update(body).digest('hex');

const batch =
  (entries: string): Answer =>
  (input) => ({ Successful: (input[entries] as { Id: string }[]).map(({ Id }) => ({ Id })) });

/**
 * Answers of calls that were lost on the way though the client hears otherwise. Only operations whose success can be
 * told without doing anything are here.
 */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'sqs:DeleteMessage': nothing,
  'sqs:DeleteMessageBatch': batch('Entries'),
  'sqs:ChangeMessageVisibility': nothing,
  'sqs:ChangeMessageVisibilityBatch': batch('Entries'),
  'sns:Publish': (_input, uuid) => ({ MessageId: uuid() }),
  'sns:PublishBatch': (input, uuid) => ({
    Successful: (input.PublishBatchRequestEntries as { Id: string }[]).map(({ Id }) => ({ Id, MessageId: uuid() })),
    Failed: [],
  }),
  'dynamodb:PutItem': nothing,
  'dynamodb:UpdateItem': nothing,
  'dynamodb:DeleteItem': nothing,
  'dynamodb:TransactWriteItems': nothing,
  'dynamodb:BatchWriteItem': () => ({ UnprocessedItems: {} }),
  's3:PutObject': ({ Body }) => ({ ETag: `"${md5((Body as Uint8Array | string | undefined) ?? '')}"` }),
  's3:DeleteObject': nothing,
  'cloudwatch:PutMetricData': nothing,
  'logs:PutLogEvents': nothing,
};

/** `service:Operation` of every operation that can be dropped. */
export const DROPPABLE: readonly string[] = Object.keys(ANSWERS);

export function droppedAnswer(service: string, operation: string, input: unknown, uuid: () => string): object {
  return ANSWERS[`${service}:${operation}`]!(input as Input, uuid);
}
