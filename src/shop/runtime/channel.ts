/** Gathers what several loops report into one stream, in the order of reporting. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  #error: { reason: unknown } | undefined;

  push(...items: T[]): void {
    this.#waiting.push(...items);
    this.#wake?.();
  }

  /** Ends the stream after what was pushed. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Ends the stream with an error after what was pushed; the first error counts. */
  fail(reason: unknown): void {
    this.#error ??= { reason };
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#waiting.length > 0) yield this.#waiting.shift()!;
      if (this.#error !== undefined) throw this.#error.reason;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
