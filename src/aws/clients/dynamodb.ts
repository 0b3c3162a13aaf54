import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Settings } from '../settings.ts';

/**
 * Endpoints with the account in their name exist on AWS only, and save nothing here; and the document client refuses to
 * keep handlers.
 */
export function dynamodbClient(settings: Settings): DynamoDBClient {
  const client = new DynamoDBClient({ ...settings, cacheMiddleware: false, accountIdEndpointMode: 'disabled' });
  if (settings.endpoint !== undefined) takeTurns(client);
  return client;
}

const WRITE = /^(Put|Update|Delete|BatchWrite|TransactWrite)Item/;

/**
 * moto undoes a cancelled transaction by putting whole tables back as they were when it began, and with them whatever was
 * written meanwhile: there, and only there, writes wait for each other. Its server names itself in every answer.
 */
function takeTurns(client: DynamoDBClient): void {
  let needed = false;
  let last: Promise<unknown> = Promise.resolve();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!needed || !WRITE.test(commandName)) return next(args);
        const turn = last.then(() => next(args));
        last = turn.catch(() => undefined);
        return turn;
      },
    { step: 'initialize', name: 'takeTurns' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { headers?: Record<string, string> };
      if (/^Werkzeug\//.test(headers?.server ?? '')) needed = true;
      return answer;
    },
    { step: 'deserialize', name: 'knowServer', priority: 'low' },
  );
}
