import type { HostTime } from './host.ts';

/** The engine's clock as plain data: running `offset` milliseconds ahead of the host, or frozen at a moment. */
export interface ClockState {
  offset: number;
  frozenAt: number | undefined;
}

export class EngineClock {
  state: ClockState = { offset: 0, frozenAt: undefined };
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

  now(): number {
    return this.state.frozenAt ?? this.host.now() + this.state.offset;
  }

  freeze(at: number = this.now()): void {
    this.state.frozenAt = at;
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
  }
}
