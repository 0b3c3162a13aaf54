import { systemLoop } from '../core/host.ts';

/**
 * How long the engine looks for the next request before it sleeps. A processor that has gone to sleep takes longer to
 * wake (some 50 microseconds in a virtual machine) than the engine takes to answer, and a client that sends one request
 * after the other has its next one here before that.
 */
const AWAKE_MS = 0.05;

/** Keeps the event loop turning for a moment after each answer. */
export class Wakefulness {
  #until = 0;
  #turning = false;

  answered(): void {
    this.#until = systemLoop.elapsed() + AWAKE_MS;
    if (this.#turning) return;
    this.#turning = true;
    systemLoop.nextTurn(this.#turn);
  }

  readonly #turn = (): void => {
    if (systemLoop.elapsed() < this.#until) systemLoop.nextTurn(this.#turn);
    else this.#turning = false;
  };
}
