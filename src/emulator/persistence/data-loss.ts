/** Why something that was acknowledged cannot be had from a data directory, one word for each cause. */
export type LossCause =
  | 'snapshot_damaged'
  | 'snapshot_missing'
  | 'journal_damaged'
  | 'journal_truncated'
  | 'journal_missing'
  | 'entry_unknown'
  | 'file_misplaced'
  | 'format_newer'
  | 'format_older';

export interface Loss {
  cause: LossCause;
  /** The file that is damaged, missing, or in the wrong place. */
  file: string;
  /** What is wrong with it, and what is lost by that, in a sentence without an end. */
  what: string;
}

/** The data directory has lost something that was acknowledged; nothing in it was changed. */
export class DataLoss extends Error {
  override readonly name = 'DataLoss';
  readonly code = 'DATA_LOSS';
  readonly directory: string;
  readonly losses: readonly Loss[];

  constructor(directory: string, losses: readonly Loss[]) {
    super(losses.map(({ file, what }) => `${file} ${what}`).join('; '));
    this.directory = directory;
    this.losses = losses;
  }
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** "17 acknowledged calls are lost" */
export const lostCalls = (count: number): string =>
  `${plural(count, 'acknowledged call')} ${count === 1 ? 'is' : 'are'} lost`;
