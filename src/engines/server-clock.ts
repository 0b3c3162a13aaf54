import { type TurnedClock, turnedClock } from './turned.ts';

interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The time of where the stack is. An engine's clock may be frozen, or be turned ahead by weeks; what the shop writes down bears that
 * time, as CloudWatch refuses what is too old by its own. The program's clock, as long as no answer says otherwise.
 */
export class ServerClock implements Clock {
  readonly #base: Clock;
  #turned: (TurnedClock & { since: number }) | undefined;
  #heard = false;

  constructor(base: Clock) {
    this.#base = base;
  }

  /** Whether an answer has come yet. */
  get heard(): boolean {
    return this.#heard;
  }

  now(): number {
    const turned = this.#turned;
    if (turned === undefined) return this.#base.now();
    return turned.frozen ? turned.at : turned.at + this.#base.now() - turned.since;
  }

  elapsed(): number {
    return this.#base.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#base.sleep(ms, signal);
  }

  /** Takes the time from an answer's headers. */
  hear(headers: Readonly<Record<string, string | undefined>> | undefined): void {
    this.#heard = true;
    const turned = turnedClock(headers);
    this.#turned = turned && { ...turned, since: this.#base.now() };
  }
}
