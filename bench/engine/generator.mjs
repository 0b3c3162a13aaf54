// The load generator's process, seen from the one that runs the benchmark.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./load.mjs', import.meta.url));
/** An engine may stop answering; that must not be the end of the run. */
const PATIENCE_MS = 30_000;

export class Generator {
  #child;

  /** Operations a second. */
  async run(job) {
    this.#child ??= fork(PROGRAM, [], { execArgv: [] });
    const child = this.#child;
    let timer;
    const answer = new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the load generator ended')));
      timer = setTimeout(() => reject(new Error('no answer')), job.ms + job.warmUpMs + PATIENCE_MS);
      child.send(job);
    });
    try {
      const { result, error } = await answer;
      if (error !== undefined) throw new Error(error);
      return result.operations / result.seconds;
    } catch (error) {
      // What is still under way belongs to the job that failed.
      this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
      child.removeAllListeners();
    }
  }

  stop() {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}
