import type { DataLoss } from '../../emulator/persistence/data-loss.ts';
import { CliffracerError, type ErrorCode } from '../../errors.ts';

export type Losses = DataLoss['losses'];

const quoted = (path: string) => (/^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

/** Refuses to start on a directory that has lost something: names every file, what is lost, and how to go on. */
export function dataLost(losses: Losses, directory: string, port: number): CliffracerError {
  const [first, ...others] = losses.map(({ file, what }) => `${file} ${what}`);
  const cause = losses[0]!.cause;
  const copy = quoted(`${directory}-copy`);
  const up = `cliffracer up --port ${port}`;
  const look = `to look at a copy first: cp -a ${quoted(directory)} ${copy} && ${up} --data-dir ${copy} --accept-loss`;
  const goOn = `to go on without what is lost: ${up} --data-dir ${quoted(directory)} --accept-loss`;
  return new CliffracerError(`data_${cause}` satisfies ErrorCode, first!, {
    hint: `${CURES[cause] ?? ''}${goOn}; ${look}`,
    details: others,
  });
}

/** What may bring back what only seems lost. */
const CURES: Partial<Record<Losses[number]['cause'], string>> = {
  file_misplaced: 'give the file its own name again; or ',
  format_newer: 'use the newer version; or ',
  format_older: 'use the older version; or ',
  journal_missing: 'put the file back; or ',
  snapshot_missing: 'put the file back; or ',
};

export const dataInUse = (message: string): CliffracerError =>
  new CliffracerError('data_in_use', message, { hint: 'cliffracer ps; then cliffracer down, or another --data-dir' });

export function dataUnwritable(directory: string, code: string, message: string): CliffracerError {
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new CliffracerError('disk_full', `the data directory ${directory} cannot be written: the disk is full`, {
        hint: 'make room there, or give a --data-dir on another disk',
      })
    : new CliffracerError('data_unwritable', `the data directory ${directory} cannot be used: ${message}`, {
        hint: 'give a --data-dir of your own',
      });
}

export const dataGone = (directory: string, port: number): CliffracerError =>
  new CliffracerError('data_missing', `the data directory ${directory} of the engine that ended is not there`, {
    hint: `put it back; or forget it: cliffracer down --port ${port}`,
  });
