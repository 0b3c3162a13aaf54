import type { Actor } from './actor.ts';
import type { Call } from './calls.ts';
import type { InjectedFault } from './fault-plan.ts';
import type { QueueVersions } from './queue-versions.ts';

/** A call that was started and not executed yet. */
export interface PendingCall {
  actor: Actor;
  call: Call;
  run(args: readonly unknown[]): Promise<unknown>;
  settle(outcome: { value: unknown } | { error: unknown }): void;
  injected: InjectedFault | undefined;
  /** Other calls go first until this many have been executed. */
  notBefore: number;
  /** A long poll: when it ends, and the version of the queue at its last attempt. */
  pollUntil?: number;
  seenVersion?: number;
}

interface Sleeper {
  actor: Actor;
  due: number;
  wake(): void;
}

/** Decides what runs next: pending calls, long polls and sleeping processes. */
export class Scheduler {
  readonly #versions: QueueVersions;
  #pending: PendingCall[] = [];
  #sleepers: Sleeper[] = [];

  constructor(versions: QueueVersions) {
    this.#versions = versions;
  }

  add(pending: PendingCall): void {
    this.#pending.push(pending);
  }

  remove(pending: PendingCall): void {
    this.#pending = this.#pending.filter((other) => other !== pending);
  }

  sleep(sleeper: Sleeper): void {
    this.#sleepers.push(sleeper);
  }

  awake(sleeper: Sleeper): void {
    this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
  }

  /** Drops everything of a process that was killed. */
  forget(actor: Actor): void {
    this.#pending = this.#pending.filter((other) => other.actor !== actor);
    this.#sleepers = this.#sleepers.filter((other) => other.actor !== actor);
  }

  /** Whether every process waits for messages. */
  get idle(): boolean {
    return this.#sleepers.length === 0 && this.#pending.every(({ pollUntil }) => pollUntil !== undefined);
  }

  /** The oldest call that may run; a delayed one when there are no others. */
  next(now: number, calls: number): PendingCall | undefined {
    let overtaken: PendingCall | undefined;
    for (const pending of this.#pending) {
      if (pending.actor.asleepUntil > now || this.#isIdlePoll(pending, now)) continue;
      if (pending.notBefore <= calls) return pending;
      if (overtaken === undefined || pending.notBefore < overtaken.notBefore) overtaken = pending;
    }
    return overtaken;
  }

  #isIdlePoll({ pollUntil, seenVersion, call }: PendingCall, now: number): boolean {
    return pollUntil !== undefined && pollUntil > now && seenVersion === this.#versions.version(call.args[0] as string);
  }

  /** Wakes one process whose sleep is over. */
  wake(now: number): boolean {
    const sleeper = this.#sleepers.find(({ due, actor }) => due <= now && actor.asleepUntil <= now);
    sleeper?.wake();
    return sleeper !== undefined;
  }

  /** When the next sleep or long poll ends. */
  nextMoment(now: number): number {
    return Math.min(
      ...this.#sleepers.map(({ due, actor }) => Math.max(due, actor.asleepUntil)),
      ...this.#pending.map(({ pollUntil = now + 1, actor }) => Math.max(pollUntil, actor.asleepUntil)),
    );
  }
}
