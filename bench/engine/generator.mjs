// The load generator's process, seen from the one that runs the benchmark.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export class Generator {
  #child = fork(fileURLToPath(new URL('./load.mjs', import.meta.url)), [], { execArgv: [] });

  /** Operations a second. */
  async run(job) {
    const { result, error } = await new Promise((resolve, reject) => {
      this.#child.once('message', resolve);
      this.#child.once('exit', () => reject(new Error('the load generator ended')));
      this.#child.send(job);
    });
    this.#child.removeAllListeners('exit');
    if (error !== undefined) throw new Error(error);
    return result.operations / result.seconds;
  }

  stop() {
    this.#child.disconnect();
  }
}
