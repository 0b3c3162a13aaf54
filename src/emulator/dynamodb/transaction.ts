import { AwsError } from '../core/errors.ts';
import { validationError } from './errors.ts';
import type { Table } from './state.ts';
import type { Item } from './value.ts';

/** API reference: "the aggregate size of the items in the transaction cannot exceed 4 MB". */
export const LARGEST_TRANSACTION = 4 * 1024 * 1024;

export interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: Item;
}

export const NO_REASON: CancellationReason = { Code: 'None' };

/**
 * One reason for each action, in their order, `None` for those that were not at fault. Actions behind one that is not
 * valid are not looked at.
 */
export function cancelled(found: readonly CancellationReason[]): AwsError {
  const invalid = found.findIndex(({ Code }) => Code === 'ValidationError');
  const reasons = found.map((reason, at) => (invalid !== -1 && at > invalid ? NO_REASON : reason));
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { fields: { CancellationReasons: reasons } },
  );
}

export function refuseRepetition(items: readonly { table: Table; key: string | undefined }[]): void {
  const seen = new Map<Table, Set<string>>();
  for (const { table, key } of items) {
    if (key === undefined) continue;
    const keys = seen.get(table) ?? new Set();
    if (keys.has(key)) {
      throw validationError('Transaction request cannot include multiple operations on one item');
    }
    seen.set(table, keys.add(key));
  }
}
