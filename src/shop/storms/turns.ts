import type { Actor } from './actor.ts';
import type { Arrivals } from './arrivals.ts';
import type { Call } from './calls.ts';
import type { Strike } from './fault-plan.ts';

/** A call that has been begun and waits for its turn. */
export interface Waiting {
  actor: Actor;
  call: Call;
  run(args: readonly unknown[]): Promise<unknown>;
  settle(outcome: { value: unknown } | { error: unknown }): void;
  strike: Strike | undefined;
  /** Overtaken until so many calls have been made. */
  after: number;
  /** A long poll: when it ends, and what it has seen of its queue. */
  until?: number;
  seen?: number;
}

interface Sleeper {
  actor: Actor;
  due: number;
  wake(): void;
}

/** Everybody who waits: for a turn, for a message, or for time to pass. */
export class Turns {
  readonly #arrivals: Arrivals;
  #waiting: Waiting[] = [];
  #sleepers: Sleeper[] = [];

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  remove(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
  }

  sleep(sleeper: Sleeper): void {
    this.#sleepers.push(sleeper);
  }

  awake(sleeper: Sleeper): void {
    this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
  }

  /** Who is dead waits for nothing. */
  forget(actor: Actor): void {
    this.#waiting = this.#waiting.filter((other) => other.actor !== actor);
    this.#sleepers = this.#sleepers.filter((other) => other.actor !== actor);
  }

  /** Nobody has anything to do but to wait for messages. */
  get idle(): boolean {
    return this.#sleepers.length === 0 && this.#waiting.every(({ until }) => until !== undefined);
  }

  /** The oldest call whose turn it is; one that is to be overtaken goes when there are no others. */
  next(now: number, calls: number): Waiting | undefined {
    let held: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.actor.asleepUntil > now || this.#pollsInVain(waiting, now)) continue;
      if (waiting.after <= calls) return waiting;
      if (held === undefined || waiting.after < held.after) held = waiting;
    }
    return held;
  }

  #pollsInVain({ until, seen, call }: Waiting, now: number): boolean {
    return until !== undefined && until > now && seen === this.#arrivals.version(call.args[0] as string);
  }

  /** Wakes one whose time has come. */
  wake(now: number): boolean {
    const sleeper = this.#sleepers.find(({ due, actor }) => due <= now && actor.asleepUntil <= now);
    sleeper?.wake();
    return sleeper !== undefined;
  }

  /** When somebody who waits for time to pass has waited long enough. */
  nextMoment(now: number): number {
    return Math.min(
      ...this.#sleepers.map(({ due, actor }) => Math.max(due, actor.asleepUntil)),
      ...this.#waiting.map(({ until = now + 1, actor }) => Math.max(until, actor.asleepUntil)),
    );
  }
}
