import type { LabWorld } from './world.ts';

/** In which order messages were sent, by the call log: on a clock that stands still their times are all the same. */
export class SendingOrder {
  #next: number;
  #sent = 0;
  readonly #places = new Map<string, number>();

  /** `start`: cursor of the log from which on sendings count. */
  constructor(start: number) {
    this.#next = start;
  }

  async read({ calls }: LabWorld): Promise<void> {
    for (;;) {
      const page = await calls.page({ after: this.#next, limit: 10_000 });
      for (const call of page.calls) {
        for (const effect of call.effects) {
          if (effect.kind === 'message' && effect.change === 'sent') this.#places.set(effect.message_id, this.#sent++);
        }
      }
      if (page.next === this.#next) return;
      this.#next = page.next;
    }
  }

  /** Negative when the message with the first id was sent before the other; 0 when that is not known. */
  compare(one: string, other: string): number {
    const [a, b] = [this.#places.get(one), this.#places.get(other)];
    return a === undefined || b === undefined ? 0 : a - b;
  }
}
