import type { HostTime } from './host.ts';

export type WaitEnd = 'notified' | 'timeout' | 'aborted';

/** Calls that wait for something to arrive (long polling). Never part of a snapshot: a waiter is a connection. */
export class Waiters {
  readonly #byKey = new Map<string, Set<(end: WaitEnd) => void>>();
  readonly #host: HostTime;
  /** Requests that have not been answered yet, those that wait here among them. */
  requests = 0;
  /** Those who are told whenever somebody begins to wait. */
  #observers: (() => void)[] = [];

  constructor(host: HostTime) {
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  get size(): number {
    let total = 0;
    for (const waiting of this.#byKey.values()) total += waiting.size;
    return total;
  }

  /** How many wait for a key. */
  count(key: string): number {
    return this.#byKey.get(key)?.size ?? 0;
  }

  /** Calls `begun` once, when the next wait begins, whatever its key; answers a function that cancels it. */
  observe(begun: () => void): () => void {
    this.#observers.push(begun);
    return () => {
      this.#observers = this.#observers.filter((one) => one !== begun);
    };
  }

  notify(key: string): void {
    for (const end of [...(this.#byKey.get(key) ?? [])]) end('notified');
  }

  /** Wakes the one that has waited longest. */
  notifyOne(key: string): void {
    const [end] = this.#byKey.get(key) ?? [];
    end?.('notified');
  }

  /** Ends everybody's wait, as when the state is replaced or the engine stops. */
  notifyAll(): void {
    for (const key of [...this.#byKey.keys()]) this.notify(key);
  }

  /** `ms` of real time bound the wait, so that a poll ends also while the engine's clock is frozen. */
  wait(key: string, ms: number, signal: AbortSignal | undefined): Promise<WaitEnd> {
    if (signal?.aborted) return Promise.resolve('aborted');
    if (ms <= 0) return Promise.resolve('timeout');
    return new Promise((resolve) => {
      const waiting = this.#byKey.get(key) ?? new Set();
      this.#byKey.set(key, waiting);
      const end = (how: WaitEnd) => {
        waiting.delete(end);
        if (waiting.size === 0) this.#byKey.delete(key);
        cancelTimer();
        signal?.removeEventListener('abort', abort);
        resolve(how);
      };
      const abort = () => end('aborted');
      const cancelTimer = this.#host.after(ms, () => end('timeout'));
      signal?.addEventListener('abort', abort);
      waiting.add(end);
      const observers = this.#observers;
      this.#observers = [];
      for (const begun of observers) begun();
    });
  }
}
