import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Settings } from '../settings.ts';

/** Endpoints with the account in their name exist on AWS only, and save nothing here. */
export function dynamodbClient(settings: Settings): DynamoDBClient {
  const client = new DynamoDBClient({ ...settings, accountIdEndpointMode: 'disabled' });
  if (settings.endpoint !== undefined) serializeWrites(client);
  return client;
}

const WRITE = /^(Put|Update|Delete|BatchWrite|TransactWrite)Item/;

/**
 * moto rolls a cancelled transaction back by restoring whole tables, which undoes other writes made meanwhile. On moto, known
 * by its Server header, writes are sent one after the other.
 */
function serializeWrites(client: DynamoDBClient): void {
  let needed = false;
  let last: Promise<unknown> = Promise.resolve();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!needed || !WRITE.test(commandName)) return next(args);
        const write = last.then(() => next(args));
        last = write.catch(() => undefined);
        return write;
      },
    { step: 'initialize', name: 'serializeWrites' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { headers?: Record<string, string> };
      if (/^Werkzeug\//.test(headers?.server ?? '')) needed = true;
      return answer;
    },
    { step: 'deserialize', name: 'detectMoto', priority: 'low' },
  );
}

export const dynamodbCommands = {
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  DeleteItem: DeleteItemCommand,
  BatchGetItem: BatchGetItemCommand,
  BatchWriteItem: BatchWriteItemCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  Scan: ScanCommand,
  Query: QueryCommand,
};
