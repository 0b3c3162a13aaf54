import { type CancellationReason, cancelled, NO_REASON } from '../dynamodb/transaction.ts';
import type { Batch, BatchInput, Fate } from './batch.ts';

/** BatchWriteItem and BatchGetItem: what fails comes back unprocessed, and the call fails only when all of it does. */
function byTable<Part, Entry extends object>(options: {
  /** The entries of a table in the input, and the table's part of the input with other entries. */
  entriesOf(part: Part): Entry[];
  withEntries(part: Part, entries: Entry[]): unknown;
  operationOf(entry: Entry): string;
  /** Member of the answer that holds what has not been done. */
  unprocessed: string;
  empty: object;
}): Batch {
  const tablesOf = (input: BatchInput) => Object.entries((input.RequestItems ?? {}) as Record<string, Part>);
  const flat = (input: BatchInput) => tablesOf(input).flatMap(([, part]) => options.entriesOf(part));
  const only = (input: BatchInput, isChosen: (index: number) => boolean): Record<string, unknown> => {
    let index = 0;
    const tables = tablesOf(input).map(([table, part]): [string, unknown, number] => {
      const chosen = options.entriesOf(part).filter(() => isChosen(index++));
      return [table, options.withEntries(part, chosen), chosen.length];
    });
    return Object.fromEntries(tables.filter(([, , count]) => count > 0));
  };
  return {
    entries: (input) => flat(input).map(options.operationOf),
    keep: (input, kept) => ({ ...input, RequestItems: only(input, kept) }),
    answer(input, kept, fates) {
      const first = fates[0]?.error;
      if (first !== undefined && fates.every(({ error }) => error !== undefined)) throw first;
      return {
        ...(kept ?? options.empty),
        [options.unprocessed]: only(input, (index) => fates[index]!.error !== undefined),
      };
    },
  };
}

const ACTIONS = new Map([
  ['Put', 'PutItem'],
  ['Update', 'UpdateItem'],
  ['Delete', 'DeleteItem'],
  ['ConditionCheck', 'ConditionCheckItem'],
  ['Get', 'GetItem'],
]);

/** Errors that a transaction reports as reasons (TransactWriteItems, "Cancellation reasons"); others refuse the call. */
const REASONS = new Map([
  ['ConditionalCheckFailedException', 'ConditionalCheckFailed'],
  ['ItemCollectionSizeLimitExceededException', 'ItemCollectionSizeLimitExceeded'],
  ['ProvisionedThroughputExceededException', 'ProvisionedThroughputExceeded'],
  ['ThrottlingException', 'ThrottlingError'],
  ['TransactionConflictException', 'TransactionConflict'],
  ['ValidationException', 'ValidationError'],
]);

const transaction: Batch = {
  allOrNothing: true,
  entries: ({ TransactItems = [] }) =>
    (TransactItems as object[]).map((item) => Object.keys(item).flatMap((name) => ACTIONS.get(name) ?? [])[0] ?? ''),
  keep: (input) => input,
  answer(_input, kept, fates) {
    const struck = fates.find(({ error }) => error !== undefined)?.error;
    if (struck !== undefined) throw REASONS.has(struck.code) ? cancelled(fates.map(reasonOf)) : struck;
    return kept ?? {};
  },
};

function reasonOf({ error }: Fate): CancellationReason {
  return error === undefined ? NO_REASON : { Code: REASONS.get(error.code) ?? error.code, Message: error.message };
}

export const BATCHES_OF_ITEMS: readonly [string, Batch][] = [
  [
    'dynamodb:BatchWriteItem',
    byTable({
      entriesOf: (requests: { PutRequest?: object }[]) => requests,
      withEntries: (_, requests) => requests,
      operationOf: (request) => (request.PutRequest === undefined ? 'DeleteItem' : 'PutItem'),
      unprocessed: 'UnprocessedItems',
      empty: {},
    }),
  ],
  [
    'dynamodb:BatchGetItem',
    byTable({
      entriesOf: ({ Keys = [] }: { Keys?: object[]; ConsistentRead?: boolean }) => Keys,
      withEntries: (part, Keys) => ({ ...part, Keys }),
      operationOf: () => 'GetItem',
      unprocessed: 'UnprocessedKeys',
      empty: { Responses: {} },
    }),
  ],
  ['dynamodb:TransactWriteItems', transaction],
  ['dynamodb:TransactGetItems', transaction],
];
