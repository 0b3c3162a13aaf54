import type { AwsError } from '../core/errors.ts';
import { entryCode } from '../sqs/errors.ts';
import type { Batch, BatchInput } from './batch.ts';
import { BATCHES_OF_ITEMS } from './item-batches.ts';

interface Entry {
  Id: string;
}

/** SQS's and SNS's batches: entries with ids, answered by two lists. */
function listed(operation: string, member: string, service: 'sqs' | 'sns'): Batch {
  const entriesOf = (input: BatchInput) => (input[member] ?? []) as Entry[];
  return {
    part: operation,
    entries: (input) => entriesOf(input).map(() => operation),
    keep: (input, kept) => ({ ...input, [member]: entriesOf(input).filter((_, index) => kept(index)) }),
    answer(input, kept, fates, uuid) {
      const done = new Map(((kept?.Successful ?? []) as Entry[]).map((entry) => [entry.Id, entry]));
      const refused = new Map(((kept?.Failed ?? []) as Entry[]).map((entry) => [entry.Id, entry]));
      const successful: object[] = [];
      const failed: object[] = [];
      for (const [index, { Id }] of entriesOf(input).entries()) {
        const { skipped, error } = fates[index]!;
        if (refused.has(Id)) failed.push(refused.get(Id)!);
        else if (error !== undefined) failed.push(failedEntry(Id, error));
        else if (!skipped) successful.push(done.get(Id)!);
        else successful.push(service === 'sns' ? { Id, MessageId: uuid() } : { Id });
      }
      // SQS leaves out a list that would be empty.
      const isShown = (list: object[]) => service === 'sns' || list.length > 0;
      return { ...(isShown(successful) && { Successful: successful }), ...(isShown(failed) && { Failed: failed }) };
    },
  };
}

const failedEntry = (Id: string, error: AwsError) => ({
  Id,
  SenderFault: (error.status ?? 400) < 500,
  Code: entryCode(error),
  Message: error.message,
});

interface ObjectIdentifier {
  Key: string;
  VersionId?: string;
}

interface Delete {
  Objects?: ObjectIdentifier[];
  Quiet?: boolean;
}

const deleteOf = (input: BatchInput) => (input.Delete ?? {}) as Delete;

const deleteObjects: Batch = {
  entries: (input) => (deleteOf(input).Objects ?? []).map(() => 'DeleteObject'),
  keep(input, kept) {
    const given = deleteOf(input);
    return { ...input, Delete: { ...given, Objects: given.Objects!.filter((_, index) => kept(index)) } };
  },
  answer(input, kept, fates) {
    const { Objects = [], Quiet } = deleteOf(input);
    const deleted = [...((kept?.Deleted ?? []) as ObjectIdentifier[])];
    const errors = [...((kept?.Errors ?? []) as (ObjectIdentifier & { Code: string; Message: string })[])];
    for (const [index, { Key, VersionId }] of Objects.entries()) {
      const { skipped, error } = fates[index]!;
      const named = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
      if (error !== undefined) errors.push({ ...named, Code: error.code, Message: error.message });
      else if (skipped && Quiet !== true) deleted.push(named);
    }
    const failed = new Set(errors.map(({ Key }) => Key));
    return { Deleted: deleted.filter(({ Key }) => !failed.has(Key)), Errors: errors };
  },
};

const BATCHES: ReadonlyMap<string, Batch> = new Map([
  ['sqs:SendMessageBatch', listed('SendMessage', 'Entries', 'sqs')],
  ['sqs:DeleteMessageBatch', listed('DeleteMessage', 'Entries', 'sqs')],
  ['sqs:ChangeMessageVisibilityBatch', listed('ChangeMessageVisibility', 'Entries', 'sqs')],
  ['sns:PublishBatch', listed('Publish', 'PublishBatchRequestEntries', 'sns')],
  ['s3:DeleteObjects', deleteObjects],
  ...BATCHES_OF_ITEMS,
]);

export const batchOf = (service: string, operation: string): Batch | undefined =>
  BATCHES.get(`${service}:${operation}`);
