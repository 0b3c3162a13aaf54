import { Engine } from '../core/engine.ts';
import { installFaults } from '../faults/source.ts';
import { allServices } from '../services.ts';
import { DirectoryFiles } from './directory-files.ts';
import type { JournalEnd, SnapshotHeader } from './file-header.ts';
import { type FileFunctions, systemFiles } from './files.ts';
import { recover } from './recovery.ts';
import { writeSnapshotFile } from './snapshot-file.ts';

/** Plain data: it goes to another thread. */
export interface CompactionJob {
  directory: string;
  /** Where the last journal to include ends, and the state that has to come of it. */
  end: JournalEnd;
  header: Omit<SnapshotHeader, 'at' | 'clock'>;
  /** Generations below this one go when the snapshot is there. */
  removeBelow: number;
}

/** Runs a job somewhere where it holds nobody up. */
export type Compactor = (job: CompactionJob) => {
  /** Resolves with the size of the snapshot that was written. */
  done: Promise<number>;
  cancel(): void;
};

/** The files do not lead to the state that the engine has. */
export class CompactionDiffers extends Error {
  override readonly name = 'CompactionDiffers';
}

/** Writes the next snapshot from the files alone: the last snapshot and the journals since. The engine goes on meanwhile. */
export function compact(
  { directory, end, header, removeBelow }: CompactionJob,
  files: FileFunctions = systemFiles,
): number {
  const engine = new Engine({ services: allServices });
  installFaults(engine);
  const names = new DirectoryFiles(files, directory);
  const found = recover(engine, { files, names, upTo: end.generation });
  const { sequence, timers } = engine.state;
  const [loss] = found.losses;
  if (loss !== undefined) throw new CompactionDiffers(`${loss.file} ${loss.what}`);
  if (found.mended) throw new CompactionDiffers(found.notices.join('; '));
  if (sequence !== end.sequence || timers.length !== end.timers || found.differs) {
    throw new CompactionDiffers('repeating the journal did not lead to the state of the engine');
  }
  const { at, clock } = found;
  const path = names.path('snapshot', header.generation);
  const size = writeSnapshotFile(files, path, { ...header, at, clock }, engine.state);
  names.removeBelow(removeBelow);
  return size;
}

/** In this thread, a moment later: for an engine inside of another program. */
export const inThisThread =
  (files: FileFunctions): Compactor =>
  (job) => {
    let cancelled = false;
    const cancel = () => {
      cancelled = true;
    };
    const done = Promise.resolve().then(() => {
      if (cancelled) throw new Error('cancelled');
      return compact(job, files);
    });
    return { done, cancel };
  };
