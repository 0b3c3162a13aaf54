import type { CallLog } from '../calls/log.ts';
import { type ClockState, EngineClock } from './clock.ts';
import { CallContext } from './context.ts';
import type { EngineOptions, Interceptor } from './engine-options.ts';
import type { EngineState } from './engine-state.ts';
import type { FaultSource, FaultState } from './faults.ts';
import { systemTime } from './host.ts';
import { type CallRecord, isReading, type Journal, recordOf } from './journal.ts';
import { Notices } from './notices.ts';
import { operationOf } from './operation.ts';
import { DEFAULT_SETTINGS, type EngineSettings } from './settings.ts';
import { type Fired, popTimer, pushTimer, type Timer } from './timers.ts';
import type { Call, Context, Scope, ServiceDefinition, ServiceId } from './types.ts';
import { Waiters } from './waiters.ts';

export type { EngineState } from './engine-state.ts';
export type { Fired } from './timers.ts';

/** The emulator without its wire: services, state, one clock. The only way into the state is `call`. */
export class Engine {
  readonly clock: EngineClock;
  readonly waiters: Waiters;
  readonly services: ReadonlyMap<ServiceId, ServiceDefinition>;
  readonly startedAt: number;
  /** Where ids, delivery order and faults start from. */
  readonly seed: number;
  /** Draws the faults inside operations; undefined draws none. */
  faults: FaultSource | undefined;
  /** Stands between a call and its operation, as fault injection does. */
  interceptor: Interceptor | undefined;
  /** The record of all calls and their effects; undefined keeps none. */
  calls: CallLog | undefined;
  /** Keeps what has to be repeated to get this state again. */
  journal: Journal | undefined;
  readonly notices = new Notices();
  /** True while calls are repeated from a journal: nobody waits then. */
  replaying = false;
  state: EngineState;
  /** The scope of each service that was asked for last: nearly always the next one as well. */
  readonly #latest = new Map<ServiceId, Scope & { within: EngineState; state: unknown }>();
  #disarm: (() => void) | undefined;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(options: EngineOptions) {
    this.clock = new EngineClock(options.host ?? systemTime);
    if (options.frozenAt !== undefined) this.clock.freeze(options.frozenAt);
    this.startedAt = this.clock.now();
    this.waiters = new Waiters(this.clock.host);
    this.services = new Map(options.services.map((service) => [service.id, service]));
    this.seed = options.seed ?? this.startedAt >>> 0;
    this.state = { random: this.seed, sequence: 0, timers: [], services: new Map() };
  }

  /** Runs one operation. Rejects with AwsError for what AWS would refuse; any other error is a fault of the engine. */
  async call(call: Call): Promise<any> {
    return this.run(call);
  }

  /** As `call`, but throws, and answers at once, unless the operation waits or takes turns: then with a promise. */
  run(call: Call): unknown {
    if (this.interceptor === undefined) return this.perform(call);
    return this.interceptor(call, (changed = call) => this.perform(changed));
  }

  /** As `call`, past the faults, and throws. Up to the first wait of the operation this is one synchronous stretch at one time. */
  perform(call: Call): unknown {
    const operation = operationOf(this.services, call);
    const now = this.clock.now();
    this.settle(now);
    if (this.journal !== undefined && !isReading(call.operation)) this.record(call, now);
    return operation(new CallContext(this, call, now), call.input);
  }

  /** Puts a call into the journal, if there is one. */
  record(call: Call, at: number): void {
    if (this.journal !== undefined) this.journal.record(recordOf(call, at, this.state));
  }

  /**
   * Repeats a call from a journal at its time, with the random numbers that it saw; leaves the clock there. How it ends
   * does not matter, for it has ended like that before.
   */
  replay({ at, random, faultRandom, ...call }: CallRecord): void {
    this.replaying = true;
    try {
      this.clock.freeze(at);
      this.settle(at);
      this.state.random = random;
      if (faultRandom !== undefined && this.state.faults !== undefined) this.state.faults.random = faultRandom;
      const result = operationOf(this.services, call)(new CallContext(this, call, at), call.input);
      if (result instanceof Promise) result.catch(() => {});
    } catch {
      // As when it was called.
    } finally {
      this.replaying = false;
    }
  }

  context(call: Omit<Call, 'operation' | 'input'>): Context {
    return new CallContext(this, call);
  }

  /** The state of a service in a scope, made on first use. */
  stateOf(service: ServiceId, { account, region }: Scope): unknown {
    const latest = this.#latest.get(service);
    if (latest?.within === this.state && latest.account === account && latest.region === region) return latest.state;
    const definition = this.services.get(service);
    if (definition === undefined) throw new Error(`no such service: ${service}`);
    const key = definition.scope === 'global' ? '*' : `${account}/${region}`;
    let scopes = this.state.services.get(service);
    if (scopes === undefined) {
      scopes = new Map();
      this.state.services.set(service, scopes);
    }
    let state = scopes.get(key);
    if (state === undefined) {
      state = definition.createState();
      scopes.set(key, state);
    }
    this.#latest.set(service, { account, region, within: this.state, state });
    return state;
  }

  schedule(timer: Omit<Timer, 'sequence'>): void {
    pushTimer(this.state.timers, { ...timer, sequence: this.state.sequence++ });
    if (timer.at < this.#armedFor) this.#arm();
  }

  /** Fires what is due, in order, each at its own time; returns what happened. */
  settle(until: number = this.clock.now()): Fired[] {
    const fired: Fired[] = [];
    const { timers } = this.state;
    if (timers.length > 0 && timers[0]!.at <= until) this.journal?.passed(until);
    while (timers.length > 0 && timers[0]!.at <= until) {
      const happened = this.#fire(popTimer(timers)!);
      if (happened !== undefined) fired.push(happened);
    }
    if (fired.length > 0) this.#arm();
    return fired;
  }

  #fire(timer: Timer): Fired | undefined {
    const { at, service, kind, ref, account, region } = timer;
    const entry = this.replaying ? undefined : this.calls?.own(service, kind, account, region);
    const context = new CallContext(this, { ...timer, log: entry }, at);
    const what = this.services.get(service)?.timers[kind]?.(context, ref);
    if (entry?.effects !== undefined) {
      entry.at = at;
      this.calls!.add(entry);
    }
    return what === undefined ? undefined : { at, service, kind, ref, what };
  }

  /** Moves a clock, frozen or running, ahead to `at`, firing everything on the way. */
  advanceTo(at: number): Fired[] {
    const fired = this.settle(at);
    this.clock.moveTo(at);
    this.#clockSet();
    this.waiters.notifyAll();
    return fired;
  }

  /** Moves the clock to the next timer that does something; empty when there is none. */
  advanceToNext(): Fired[] {
    const { timers } = this.state;
    while (timers.length > 0) {
      const fired = this.advanceTo(timers[0]!.at);
      if (fired.length > 0) return fired;
    }
    return [];
  }

  /** Stops the clock where it stands, after firing what is due. */
  freeze(): Fired[] {
    const now = this.clock.now();
    const fired = this.settle(now);
    this.clock.freeze(now);
    this.#clockSet();
    return fired;
  }

  /** Lets a frozen clock run on from where it stands. */
  resume(): void {
    this.clock.resume();
    this.#clockSet();
  }

  /** Sets the clock as it was kept, but never back before `notBefore`. */
  setClock(state: ClockState, notBefore: number): void {
    this.clock.state = { ...state };
    if (this.clock.now() < notBefore) this.clock.moveTo(notBefore);
    this.#clockSet();
  }

  #clockSet(): void {
    this.journal?.clockSet(this.clock.now(), this.clock.state);
    this.#arm();
    this.clock.onSet();
  }

  /** Sets the rules of fault injection. */
  setFaults(faults: FaultState | undefined): void {
    this.state.faults = faults;
    this.journal?.faultsSet(this.clock.now(), faults);
  }

  get settings(): EngineSettings {
    return this.state.settings ?? DEFAULT_SETTINGS;
  }

  configure(settings: EngineSettings): void {
    const { lenient, delivery } = this.settings;
    if (settings.lenient === lenient && settings.delivery === delivery) return;
    this.journal?.settingsSet(this.clock.now(), settings);
    this.state.settings = settings;
  }

  /** Replaces the whole state but for its settings, as a loaded snapshot does; calls in flight see the new one. */
  restore(state: EngineState): void {
    const next = { ...state, settings: this.state.settings };
    this.journal?.replaced(this.clock.now(), this.clock.state, next);
    this.state = next;
    this.waiters.notifyAll();
    this.#arm();
  }

  stop(): void {
    this.#disarm?.();
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.waiters.notifyAll();
  }

  /** A running clock fires timers also when no call comes in, so that a long poll wakes. */
  #arm(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
    const next = this.state.timers[0];
    if (next === undefined || this.clock.frozen) return;
    this.#armedFor = next.at;
    this.#disarm = this.clock.host.after(next.at - this.clock.now(), () => {
      this.settle();
      this.#arm();
    });
  }
}
