import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Milliseconds of processor time that this thread has used. Linux tells them of each thread; elsewhere the whole
 * process has to do. A machine that is busy with other things does not lengthen them, as it does the time on a clock.
 */
function processorClock(): () => number {
  let file: number;
  try {
    file = openSync('/proc/thread-self/schedstat', 'r');
    closeSync(file);
  } catch {
    return () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
  }
  const bytes = Buffer.alloc(64);
  file = openSync('/proc/thread-self/schedstat', 'r');
  return () => {
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return Number.parseInt(bytes.toString('latin1', 0, length), 10) / 1e6;
  };
}

/** Measures how long the event loop's longest turn was: for so long no other client was answered. */
export class StallWatch {
  readonly #now = processorClock();
  #longest = 0;
  #at = 0;
  #watching = false;

  start(): void {
    this.#longest = 0;
    this.#at = this.#now();
    if (this.#watching) return;
    this.#watching = true;
    setImmediate(this.#turn);
  }

  /** Milliseconds of processor time. */
  stop(): number {
    this.#note();
    this.#watching = false;
    return this.#longest;
  }

  #note(): void {
    const now = this.#now();
    this.#longest = Math.max(this.#longest, now - this.#at);
    this.#at = now;
  }

  readonly #turn = (): void => {
    if (!this.#watching) return;
    this.#note();
    setImmediate(this.#turn);
  };
}
