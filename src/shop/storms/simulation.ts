import type { ReceivedMessage } from '../../ports.ts';
import type { Services } from '../../services/registry.ts';
import type { Actor } from './actor.ts';
import { CallNames } from './calls.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Fault, FaultKind } from './faults.ts';
import { applyFault, type Outcome, outcomeOf } from './injected-faults.ts';
import { QueueVersions } from './queue-versions.ts';
import { type PendingCall, Scheduler } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { TestBed } from './test-bed.ts';
import { type TraceFact, traceFact } from './trace.ts';

export interface SimulationOptions {
  testBed: TestBed;
  plan: FaultPlan;
  services: Services;
  random: SeededRandom;
  /** Duration of each call by the engine's clock. */
  callMs: number;
  /** Told of every call in the order in which they are made. */
  trace?: ((fact: TraceFact) => void) | undefined;
  /** Limits on calls and on the engine's time, for storms that do not settle. */
  maxCalls: number;
  maxMs: number;
}

const LONGEST_OVERTAKING = 40;
/** A turn of Node.js's event loop costs more than a call to the engine, so it is taken only after this many calls. */
const CALLS_BETWEEN_TURNS = 64;
/** Queues with a dead-letter queue deliver a message three times; one received this often would be delivered for ever. */
const ENDLESS_RECEIVES = 20;

/**
 * Runs simulated processes one call at a time. It executes the oldest pending call and lets its process run until that
 * starts the next call; when no call can run it advances the clock. Nothing depends on real time, so the same seed gives the
 * same run.
 */
export class Simulation {
  readonly names = new CallNames();
  readonly #options: SimulationOptions;
  readonly #versions: QueueVersions;
  readonly #scheduler: Scheduler;
  readonly #start: number;
  #calls = 0;
  #running = 0;
  #receives = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#versions = new QueueVersions(options.services);
    this.#scheduler = new Scheduler(this.#versions);
    this.#start = options.testBed.now();
  }

  get calls(): number {
    return this.#calls;
  }

  /** Whether every process waits for messages. */
  get idle(): boolean {
    return this.#scheduler.idle;
  }

  now(): number {
    return this.#options.testBed.now();
  }

  /** Schedules a call of a process. It never settles when the process is killed before. */
  call(actor: Actor, caller: string, name: string, args: readonly unknown[], run: PendingCall['run']) {
    return new Promise<unknown>((resolve, reject) => {
      if (!actor.alive) return;
      const call = this.names.call(caller, name, args);
      const injected = this.#options.plan.draw(call);
      const settle: PendingCall['settle'] = (outcome) =>
        'error' in outcome ? reject(outcome.error) : resolve(outcome.value);
      const pending: PendingCall = { actor, call, run, settle, injected, notBefore: 0 };
      if (call.name === 'queues.receive') this.#poll(pending, signalOf(args));
      if (injected?.kind === 'delay' || injected?.kind === 'late_write') {
        pending.notBefore = this.#calls + 1 + Math.floor(injected.chance * LONGEST_OVERTAKING);
      }
      this.#scheduler.add(pending);
    });
  }

  /** Makes a receive a long poll by the engine's clock, which the signal ends without messages. */
  #poll(pending: PendingCall, signal: AbortSignal | undefined): void {
    const { call, settle } = pending;
    const [queue, { waitSeconds, max }] = call.args as [string, { waitSeconds: number; max: number }];
    if (waitSeconds > 0) pending.pollUntil = this.now() + waitSeconds * 1000;
    // SQS may return fewer messages than there are, so that several receivers have some at the same time.
    const atMost = 1 + Math.floor(this.#options.random.draw('few', call.key) ** 2 * max);
    call.args = [queue, { waitSeconds: 0, max: atMost }];
    if (signal === undefined) return;
    const abort = () => {
      this.#scheduler.remove(pending);
      settle({ value: [] });
    };
    pending.settle = (outcome) => {
      signal.removeEventListener('abort', abort);
      settle(outcome);
    };
    signal.addEventListener('abort', abort, { once: true });
  }

  sleep(actor: Actor, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (!actor.alive) return;
      if (signal?.aborted) return resolve();
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        this.#scheduler.awake(sleeper);
        resolve();
      };
      const sleeper = { actor, due: this.now() + ms, wake };
      this.#scheduler.sleep(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Adds a task; `run` goes on until all tasks have ended. */
  start(task: Promise<void>): Promise<void> {
    this.#running++;
    return task.finally(() => this.#running--);
  }

  /** Runs until `rest` resolves with true when only time is left to wait for, or until the limits. */
  async run(rest: () => Promise<boolean>): Promise<'settled' | 'limit'> {
    this.#receives = 0;
    const { maxCalls, maxMs } = this.#options;
    const [lastCall, end] = [this.#calls + maxCalls, this.now() + maxMs];
    for (;;) {
      await settled(this.#calls);
      if (this.#running === 0) return 'settled';
      if (this.#calls >= lastCall || this.now() >= end || this.#receives >= ENDLESS_RECEIVES) return 'limit';
      const next = this.#scheduler.next(this.now(), this.#calls);
      if (next !== undefined) await this.#execute(next);
      else if (!this.#scheduler.wake(this.now())) {
        if (await rest()) return 'settled';
        this.#advanceToNextEvent();
      }
    }
  }

  async #execute(pending: PendingCall): Promise<void> {
    this.#scheduler.remove(pending);
    if (this.#applyProcessFault(pending)) return;
    this.#calls++;
    this.#advance(this.#options.callMs);
    const { actor, call, injected, run } = pending;
    let fault: Fault | undefined;
    let outcome: Outcome;
    if (injected === undefined) outcome = await outcomeOf(run, call.args);
    else {
      const faulty = await applyFault(call, injected, run, this.#options.testBed);
      outcome = faulty.outcome;
      if (faulty.detail !== undefined) fault = this.#options.plan.struck(call, injected.kind, faulty.detail);
    }
    this.#versions.afterCall(call, fault !== undefined);
    if (this.#keepsPolling(pending, outcome)) return;
    this.#trace(pending, outcome, fault);
    if (outcome !== 'dead') return pending.settle(outcome);
    this.#scheduler.forget(actor);
    actor.kill();
  }

  /** Whether a long poll without messages goes on; remembers the messages of one that ends. */
  #keepsPolling(pending: PendingCall, outcome: Outcome): boolean {
    const { call, pollUntil } = pending;
    if (call.name !== 'queues.receive' || outcome === 'dead' || 'error' in outcome) return false;
    const messages = outcome.value as ReceivedMessage[];
    this.names.received(messages);
    this.#receives = Math.max(this.#receives, ...messages.map(({ receiveCount }) => receiveCount));
    if (messages.length > 0 || pollUntil === undefined || this.now() >= pollUntil) return false;
    pending.seenVersion = this.#versions.version(call.args[0] as string);
    this.#scheduler.add(pending);
    return true;
  }

  /** Applies faults of the process or the clock; true when the call is not executed now. */
  #applyProcessFault(pending: PendingCall): boolean {
    const { injected, call, actor } = pending;
    const record = (kind: FaultKind, detail: string) => {
      pending.injected = undefined;
      this.#trace(pending, undefined, this.#options.plan.struck(call, kind, detail));
    };
    switch (injected?.kind) {
      case 'delay':
      case 'late_write':
        record(injected.kind, '');
        return false;
      case 'pause': {
        const seconds = 31 + Math.floor(injected.chance * 60);
        record('pause', `for ${seconds} s`);
        actor.asleepUntil = this.now() + seconds * 1000;
        this.#scheduler.add(pending);
        return true;
      }
      case 'clock_jump': {
        const seconds = 5 + Math.floor(injected.chance * 300);
        record('clock_jump', `by ${seconds} s`);
        this.#advance(seconds * 1000);
        return false;
      }
      case 'restart':
        record('restart', '');
        actor.stop.abort();
        // The signal has ended the poll.
        return call.name === 'queues.receive';
      default:
        return false;
    }
  }

  /** Advances the clock to the next sleep, long poll or timer that ends. */
  #advanceToNextEvent(): void {
    const now = this.now();
    const next = Math.min(
      this.#scheduler.nextMoment(now),
      this.#options.testBed.nextTimer() ?? Number.POSITIVE_INFINITY,
    );
    this.#advance(Number.isFinite(next) ? Math.max(1, next - now) : this.#options.maxMs);
  }

  #advance(ms: number): void {
    if (this.#options.testBed.advance(ms)) this.#versions.bumpAll();
  }

  #trace({ actor, call }: PendingCall, outcome: Outcome | undefined, fault: Fault | undefined): void {
    const when = { step: this.#calls, at: this.now() - this.#start, actor: actor.name };
    this.#options.trace?.(traceFact(when, call, outcome, fault));
  }
}

/** Resolves when no promise can make progress without a call or the clock. */
const settled = (calls: number) =>
  new Promise<void>((resolve) => {
    // A tick comes after all promises. Signals and messages to the thread need a turn of the event loop now and then.
    if (calls % CALLS_BETWEEN_TURNS === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });

const signalOf = (args: readonly unknown[]) => (args[1] as { signal?: AbortSignal }).signal;
