import type { AwsError } from '../core/errors.ts';

/** What the rules make of one entry of a batch. */
export interface Fate {
  /** The entry is left out of what the operation acts on. */
  skipped: boolean;
  /** With what it fails; without an error a skipped entry is answered as if it had succeeded. */
  error: AwsError | undefined;
}

/** Input or answer of an operation, as AWS has it. */
export type BatchInput = Record<string, unknown>;

/** How an operation is made of entries, each of which is a call of another operation. */
export interface Batch {
  /** The operation that each entry stands for, in their order. */
  entries(input: BatchInput): string[];
  /** The operation of every entry, where it is always the same. */
  part?: string;
  /** All of it happens or nothing does: any skipped entry keeps the whole call from acting. */
  allOrNothing?: boolean;
  /** The input with only some of its entries. */
  keep(input: BatchInput, kept: (index: number) => boolean): BatchInput;
  /** The answer to the whole batch from the one to the entries that were kept; undefined when none were. May throw. */
  answer(input: BatchInput, kept: BatchInput | undefined, fates: readonly Fate[], uuid: () => string): object;
}
