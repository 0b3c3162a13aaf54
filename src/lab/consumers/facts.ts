import type { InvocationError, MappingFact } from '../lambda/facts.ts';

/** What happens to consumers while they run. */
export type ConsumerFact = { consumer: string } & (
  | MappingFact
  /** A process was started. */
  | { kind: 'started'; pid: number }
  | { kind: 'line'; stream: 'stdout' | 'stderr'; text: string }
  /** A process ended by itself; `restartMs` until it is started again. */
  | { kind: 'exited'; reason: string; restartMs?: number }
  /** A function's process failed outside of an invocation. */
  | { kind: 'failed'; error: InvocationError }
  /** A file changed, and what runs it is started anew. */
  | { kind: 'changed'; file: string }
);

/** Facts from many places as one stream. */
export class FactStream<T> {
  readonly #facts: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #failure: { error: unknown } | undefined;

  readonly tell = (fact: T): void => {
    this.#facts.push(fact);
    this.#wake?.();
  };

  /** Ends the stream behind what was told, with an error if there is one. */
  end(failure?: { error: unknown }): void {
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      yield* this.#facts.splice(0);
      if (this.#facts.length > 0) continue;
      if (this.#ended) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
