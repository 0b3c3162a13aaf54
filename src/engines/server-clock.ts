import { type EngineTime, parseClockHeader } from './clock-header.ts';

interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The engine's time, which may be frozen or weeks ahead. What the shop writes has this time, because CloudWatch refuses what
 * is too old by its own clock. The program's clock until a response says otherwise.
 */
export class ServerClock implements Clock {
  readonly #base: Clock;
  #engineTime: (EngineTime & { since: number }) | undefined;
  #observed = false;

  constructor(base: Clock) {
    this.#base = base;
  }

  /** Whether a response was observed yet. */
  get observed(): boolean {
    return this.#observed;
  }

  now(): number {
    const time = this.#engineTime;
    if (time === undefined) return this.#base.now();
    return time.frozen ? time.at : time.at + this.#base.now() - time.since;
  }

  elapsed(): number {
    return this.#base.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#base.sleep(ms, signal);
  }

  /** Takes the time from the headers of a response. */
  observe(headers: Readonly<Record<string, string | undefined>> | undefined): void {
    this.#observed = true;
    const time = parseClockHeader(headers);
    this.#engineTime = time && { ...time, since: this.#base.now() };
  }
}
