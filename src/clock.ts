/** The program's clock; tests have one that they advance themselves. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that pass even while `now` stands still, for durations; `now` where it never does. */
  elapsed?(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const elapsed = (clock: Clock): number => clock.elapsed?.() ?? clock.now();
