/** Unread items above which writers have to wait. */
const CAPACITY = 1_000;

/** Merges the facts of several loops into one stream, in the order in which they are pushed. */
export class MergedStream<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #writers: (() => void)[] = [];
  #closed = false;
  #error: { reason: unknown } | undefined;

  push(...items: T[]): void {
    this.#waiting.push(...items);
    this.#wake?.();
  }

  /**
   * Backpressure: resolves when the reader has caught up, when the stream is closed, and at the signal.
   */
  async waitForRoom(signal: AbortSignal): Promise<void> {
    while (this.#waiting.length >= CAPACITY && !this.#closed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        signal.addEventListener('abort', wake, { once: true });
        this.#writers.push(wake);
      });
    }
  }

  /** Ends the stream after what was pushed. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
    this.#wakeWriters();
  }

  /** Ends the stream with an error after what was pushed; the first error counts. */
  fail(reason: unknown): void {
    this.#error ??= { reason };
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#waiting.length > 0) {
        yield this.#waiting.shift()!;
        if (this.#waiting.length < CAPACITY) this.#wakeWriters();
      }
      if (this.#error !== undefined) throw this.#error.reason;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #wakeWriters(): void {
    for (const wake of this.#writers.splice(0)) wake();
  }
}
