import { Worker } from 'node:worker_threads';
import { CompactionDiffers, type Compactor } from './compaction.ts';
import type { CompactionAnswer } from './compaction-thread.ts';

/** Runs each compaction in a thread of its own, whose program is `entry`: `compaction-thread.ts`, bundled. */
export function threadCompactor(entry: string): Compactor {
  return (job) => {
    const worker = new Worker(entry, { workerData: job, execArgv: [] });
    // A stopping engine does not wait for it.
    worker.unref();
    const done = new Promise<number>((resolve, reject) => {
      worker.once('message', (answer: CompactionAnswer) => {
        if ('size' in answer) resolve(answer.size);
        else reject(errorOf(answer.failed));
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the compaction ended without an answer (exit ${code})`)));
    });
    return { done, cancel: () => void worker.terminate() };
  };
}

function errorOf({ message, code, differs }: Extract<CompactionAnswer, { failed: object }>['failed']): Error {
  return differs ? new CompactionDiffers(message) : Object.assign(new Error(message), { code });
}
