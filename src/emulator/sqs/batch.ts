import { AwsError } from '../core/errors.ts';
import { entryCode } from './errors.ts';

const MAX_ENTRIES = 10;

/** Rejects a batch as a whole for what is wrong with its entries' ids (SQS API, SendMessageBatch, Errors). */
export function checkBatch(entries: readonly { Id: string }[], entryShape: string): void {
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${entryShape} in the request.`);
  }
  if (entries.length > MAX_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) {
      throw new AwsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. ' +
          'It can be at most 80 letters long.',
      );
    }
    if (ids.has(Id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
  }
}

/**
 * Runs entry by entry; what fails is reported beside what succeeds. A list that would be empty is left out, as SQS does
 * in JSON: clients tell by that whether anything has failed.
 */
export function runBatch<Entry extends { Id: string }>(
  entries: readonly Entry[],
  run: (entry: Entry) => object | undefined,
): { Successful?: object[]; Failed?: object[] } {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const SenderFault = (error.status ?? 400) < 500;
      failed.push({ Id: entry.Id, SenderFault, Code: entryCode(error), Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}
