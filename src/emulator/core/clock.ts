import type { HostTime } from './host.ts';

/** The engine's clock as plain data: running `offset` milliseconds ahead of the host, or frozen at a moment. */
export interface ClockState {
  offset: number;
  frozenAt: number | undefined;
}

/** The host's clock is corrected by less than this now and then; a longer step back is made up for. */
const SMALL_STEP_MS = 1_000;

export class EngineClock {
  /** The latest time that the running clock has shown. */
  #latest = Number.NEGATIVE_INFINITY;
  state: ClockState = { offset: 0, frozenAt: undefined };
  /** Told whenever the clock was stopped, started or moved, and everything has happened that became due. */
  onSet: () => void = () => {};
  readonly host: HostTime;

  constructor(host: HostTime) {
    this.host = host;
  }

  get frozen(): boolean {
    return this.state.frozenAt !== undefined;
  }

  /** Whether it shows another time than the host's. */
  get turned(): boolean {
    return this.frozen || this.state.offset !== 0;
  }

  /** Never goes back, though the host's clock may be set back: then it stands for a moment, or runs on from where it was. */
  now(): number {
    if (this.state.frozenAt !== undefined) return this.state.frozenAt;
    const now = this.host.now() + this.state.offset;
    const behind = this.#latest - now;
    if (behind <= 0) {
      this.#latest = now;
      return now;
    }
    if (behind > SMALL_STEP_MS) this.state.offset += behind;
    return this.#latest;
  }

  /** Stops at a time, which may lie in the past. */
  freeze(at: number = this.now()): void {
    this.state.frozenAt = at;
    this.#latest = at;
  }

  /** Lets the clock run on from where it stands. */
  resume(): void {
    this.state.offset = this.now() - this.host.now();
    this.state.frozenAt = undefined;
  }

  /** Moves to `at` (never back); a running clock runs on from there. */
  moveTo(at: number): void {
    const ahead = Math.max(at, this.now());
    if (this.frozen) this.state.frozenAt = ahead;
    else this.state.offset = ahead - this.host.now();
    this.#latest = ahead;
  }
}
