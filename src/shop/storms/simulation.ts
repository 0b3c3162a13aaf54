import type { ReceivedMessage } from '../../ports.ts';
import type { Services } from '../../services/registry.ts';
import type { Actor } from './actor.ts';
import { Arrivals } from './arrivals.ts';
import { CallNames } from './calls.ts';
import type { Dice } from './dice.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { Stage } from './stage.ts';
import { answerOf, type Outcome, struckCall } from './strikes.ts';
import { type TraceFact, traceFact } from './trace.ts';
import { Turns, type Waiting } from './turns.ts';

export interface SimulationOptions {
  stage: Stage;
  plan: FaultPlan;
  services: Services;
  dice: Dice;
  /** Each call takes so long by the engine's clock. */
  callMs: number;
  /** Told of every call in the order in which they are made. */
  trace?: ((fact: TraceFact) => void) | undefined;
  /** Calls and virtual time after which a storm that does not come to rest is broken off. */
  maxCalls: number;
  maxMs: number;
}

const LONGEST_OVERTAKING = 40;
/** Node.js's event loop costs more than a call to the engine, so that not every call takes a turn of it. */
const CALLS_BETWEEN_TURNS = 64;
/** Queues with dead letters give a message out three times; one that comes so often will come for ever. */
const RECEIVES_FOR_EVER = 20;

/**
 * Runs processes one call at a time on a clock that moves only when nothing else can: of all calls that are begun the
 * oldest one is made, and then whoever waited for it runs until it begins the next. Nothing depends on real time, so the
 * same seed gives the same run.
 */
export class Simulation {
  readonly names = new CallNames();
  readonly #options: SimulationOptions;
  readonly #arrivals: Arrivals;
  readonly #turns: Turns;
  readonly #start: number;
  #calls = 0;
  #running = 0;
  #receives = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#arrivals = new Arrivals(options.services);
    this.#turns = new Turns(this.#arrivals);
    this.#start = options.stage.now();
  }

  get calls(): number {
    return this.#calls;
  }

  /** Nobody has anything to do but to wait for messages. */
  get idle(): boolean {
    return this.#turns.idle;
  }

  now(): number {
    return this.#options.stage.now();
  }

  /** A process's call: made when its turn comes. Who is killed meanwhile never hears of it. */
  call(actor: Actor, line: string, name: string, args: readonly unknown[], run: Waiting['run']) {
    return new Promise<unknown>((resolve, reject) => {
      if (!actor.alive) return;
      const call = this.names.call(line, name, args);
      const strike = this.#options.plan.draw(call);
      const settle: Waiting['settle'] = (outcome) =>
        'error' in outcome ? reject(outcome.error) : resolve(outcome.value);
      const waiting: Waiting = { actor, call, run, settle, strike, after: 0 };
      if (call.name === 'queues.receive') this.#poll(waiting, signalOf(args));
      if (strike?.kind === 'delay' || strike?.kind === 'late_write') {
        waiting.after = this.#calls + 1 + Math.floor(strike.chance * LONGEST_OVERTAKING);
      }
      this.#turns.add(waiting);
    });
  }

  /** A receive that may wait does so by the engine's clock, and ends with nothing when it is told to. */
  #poll(waiting: Waiting, signal: AbortSignal | undefined): void {
    const { call, settle } = waiting;
    const [queue, { waitSeconds, max }] = call.args as [string, { waitSeconds: number; max: number }];
    if (waitSeconds > 0) waiting.until = this.now() + waitSeconds * 1000;
    // SQS hands out fewer messages than there are as it likes, so that several receivers have some at the same time.
    const few = 1 + Math.floor(this.#options.dice.draw('few', call.key) ** 2 * max);
    call.args = [queue, { waitSeconds: 0, max: few }];
    if (signal === undefined) return;
    const abort = () => {
      this.#turns.remove(waiting);
      settle({ value: [] });
    };
    waiting.settle = (outcome) => {
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
        this.#turns.awake(sleeper);
        resolve();
      };
      const sleeper = { actor, due: this.now() + ms, wake };
      this.#turns.sleep(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Takes part in the run, which goes on until all tasks are over. */
  start(task: Promise<void>): Promise<void> {
    this.#running++;
    return task.finally(() => this.#running--);
  }

  /** Runs until `rest` says, when nothing but time is left to wait for, that this is the end; or until the limits. */
  async run(rest: () => Promise<boolean>): Promise<'settled' | 'limit'> {
    this.#receives = 0;
    const { maxCalls, maxMs } = this.#options;
    const [lastCall, end] = [this.#calls + maxCalls, this.now() + maxMs];
    for (;;) {
      await quiet(this.#calls);
      if (this.#running === 0) return 'settled';
      if (this.#calls >= lastCall || this.now() >= end || this.#receives >= RECEIVES_FOR_EVER) return 'limit';
      const next = this.#turns.next(this.now(), this.#calls);
      if (next !== undefined) await this.#make(next);
      else if (!this.#turns.wake(this.now())) {
        if (await rest()) return 'settled';
        this.#pass();
      }
    }
  }

  async #make(waiting: Waiting): Promise<void> {
    this.#turns.remove(waiting);
    if (this.#disrupted(waiting)) return;
    this.#calls++;
    this.#advance(this.#options.callMs);
    const { actor, call, strike, run } = waiting;
    let fault: Fault | undefined;
    let outcome: Outcome;
    if (strike === undefined) outcome = await answerOf(run, call.args);
    else {
      const struck = await struckCall(call, strike, run, this.#options.stage);
      outcome = struck.outcome;
      if (struck.detail !== undefined) fault = this.#options.plan.struck(call, strike.kind, struck.detail);
    }
    this.#arrivals.after(call, fault !== undefined);
    if (this.#foundNothing(waiting, outcome)) return;
    this.#tell(waiting, outcome, fault);
    if (outcome !== 'dead') return waiting.settle(outcome);
    this.#turns.forget(actor);
    actor.kill();
  }

  /** A long poll that found nothing goes on; what was found is remembered by its receipt handles. */
  #foundNothing(waiting: Waiting, outcome: Outcome): boolean {
    const { call, until } = waiting;
    if (call.name !== 'queues.receive' || outcome === 'dead' || 'error' in outcome) return false;
    const messages = outcome.value as ReceivedMessage[];
    this.names.received(messages);
    this.#receives = Math.max(this.#receives, ...messages.map(({ receiveCount }) => receiveCount));
    if (messages.length > 0 || until === undefined || this.now() >= until) return false;
    waiting.seen = this.#arrivals.version(call.args[0] as string);
    this.#turns.add(waiting);
    return true;
  }

  /** What befalls the process or the clock instead of the call; true when there is no call any more, or not yet. */
  #disrupted(waiting: Waiting): boolean {
    const { strike, call, actor } = waiting;
    const befall = (kind: FaultKind, detail: string) => {
      waiting.strike = undefined;
      this.#tell(waiting, undefined, this.#options.plan.struck(call, kind, detail));
    };
    switch (strike?.kind) {
      case 'delay':
      case 'late_write':
        befall(strike.kind, '');
        return false;
      case 'pause': {
        const seconds = 31 + Math.floor(strike.chance * 60);
        befall('pause', `for ${seconds} s`);
        actor.asleepUntil = this.now() + seconds * 1000;
        this.#turns.add(waiting);
        return true;
      }
      case 'clock_jump': {
        const seconds = 5 + Math.floor(strike.chance * 300);
        befall('clock_jump', `by ${seconds} s`);
        this.#advance(seconds * 1000);
        return false;
      }
      case 'restart':
        befall('restart', '');
        actor.stop.abort();
        // A poll has been answered by that.
        return call.name === 'queues.receive';
      default:
        return false;
    }
  }

  /** Goes to the next moment at which something can happen. */
  #pass(): void {
    const now = this.now();
    const next = Math.min(this.#turns.nextMoment(now), this.#options.stage.nextTimer() ?? Number.POSITIVE_INFINITY);
    this.#advance(Number.isFinite(next) ? Math.max(1, next - now) : this.#options.maxMs);
  }

  #advance(ms: number): void {
    if (this.#options.stage.advance(ms)) this.#arrivals.everywhere();
  }

  #tell({ actor, call }: Waiting, outcome: Outcome | undefined, fault: Fault | undefined): void {
    const when = { step: this.#calls, at: this.now() - this.#start, actor: actor.name };
    this.#options.trace?.(traceFact(when, call, outcome, fault));
  }
}

/** Lets every promise that can go on go on, until all processes wait for the world. */
const quiet = (calls: number) =>
  new Promise<void>((resolve) => {
    // A tick comes when no promise is left to go on. Signals and messages to the thread need more than that: now and then.
    if (calls % CALLS_BETWEEN_TURNS === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });

const signalOf = (args: readonly unknown[]) => (args[1] as { signal?: AbortSignal }).signal;
