import type { Clock } from '../runtime/clock.ts';

/** What an engine whose clock has been turned says in each answer: milliseconds since the epoch, and whether they stand still. */
const HEADER = 'x-cliffracer-clock';

/**
 * The time of where the stack is. An engine's clock may be frozen, or be turned ahead by weeks; what the shop writes down bears that
 * time, as CloudWatch refuses what is too old by its own. The program's clock, as long as no answer says otherwise.
 */
export class ServerClock implements Clock {
  readonly #base: Clock;
  #offset = 0;
  #frozenAt: number | undefined;
  #heard = false;

  constructor(base: Clock) {
    this.#base = base;
  }

  /** Whether an answer has come yet. */
  get heard(): boolean {
    return this.#heard;
  }

  now(): number {
    return this.#frozenAt ?? this.#base.now() + this.#offset;
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
    const [, digits, frozen] = /^(\d{1,15})( frozen)?$/.exec(headers?.[HEADER] ?? '') ?? [];
    this.#frozenAt = frozen === undefined ? undefined : Number(digits);
    this.#offset = digits === undefined || frozen !== undefined ? 0 : Number(digits) - this.#base.now();
  }
}
