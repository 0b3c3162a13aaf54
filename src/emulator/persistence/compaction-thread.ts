import { parentPort, workerData } from 'node:worker_threads';
import { CompactionDiffers, type CompactionJob, compact } from './compaction.ts';

/** The program of a thread that does one compaction, and how it answers. Started by `thread-compactor.ts`. */
export type CompactionAnswer =
  | { size: number }
  | { failed: { message: string; code: string | undefined; differs: boolean } };

function answer(job: CompactionJob): CompactionAnswer {
  try {
    return { size: compact(job) };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { failed: { message, code, differs: error instanceof CompactionDiffers } };
  }
}

parentPort?.postMessage(answer(workerData as CompactionJob));
