import { nextRandom } from '../../hash.ts';
import type { CallLog } from '../calls/log.ts';
import type { EngineClock } from './clock.ts';
import type { Effect, EffectSink } from './effects.ts';
import type { EngineState } from './engine-state.ts';
import { AwsError } from './errors.ts';
import type { FaultDecision, FaultSource } from './faults.ts';
import type { Notices } from './notices.ts';
import { nextUuid } from './random.ts';
import type { EngineSettings } from './settings.ts';
import type { Timer } from './timers.ts';
import type { Call, Caller, Context, Scope, ServiceDefinition, ServiceId } from './types.ts';
import type { Waiters } from './waiters.ts';

/** What a call asks of the engine that it is in. */
interface CallEngine {
  readonly clock: Pick<EngineClock, 'now'>;
  readonly waiters: Waiters;
  readonly services: ReadonlyMap<ServiceId, ServiceDefinition>;
  readonly faults: FaultSource | undefined;
  readonly calls: CallLog | undefined;
  readonly notices: Notices;
  readonly replaying: boolean;
  readonly state: EngineState;
  readonly settings: EngineSettings;
  stateOf(service: ServiceId, scope: Scope): unknown;
  record(call: Call, at: number): void;
  schedule(timer: Omit<Timer, 'sequence'>): void;
  settle(until: number): void;
}

/** The one implementation of {@link Context}: a view of the engine for the length of a call. */
export class CallContext implements Context {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly caller: Caller | undefined;
  readonly traceHeader: string | undefined;
  now: number;
  readonly #engine: CallEngine;
  readonly #call: Pick<Call, 'signal' | 'client'>;
  readonly #service: ServiceId;
  readonly #operation: string;
  readonly #log: EffectSink | undefined;
  #requestId: string | undefined;
  #state: unknown;
  #within: EngineState | undefined;

  constructor(
    engine: CallEngine,
    call: Omit<Call, 'operation' | 'input'> & { operation?: string },
    now: number = engine.clock.now(),
  ) {
    this.#engine = engine;
    this.#service = call.service;
    this.#operation = call.operation ?? '';
    this.account = call.account;
    this.region = call.region;
    this.endpoint = call.endpoint ?? 'http://127.0.0.1:4566';
    this.#call = call;
    this.#log = call.log;
    this.caller = call.caller;
    this.traceHeader = call.traceHeader;
    this.now = now;
  }

  get signal(): AbortSignal | undefined {
    return this.#call.signal ?? this.#call.client?.signal;
  }

  /** Looked up once, and again when the whole state has been replaced meanwhile. */
  get state(): any {
    if (this.#within !== this.#engine.state) {
      this.#state = this.#engine.stateOf(this.#service, this);
      this.#within = this.#engine.state;
    }
    return this.#state;
  }

  get requestId(): string {
    this.#requestId ??= this.uuid();
    return this.#requestId;
  }

  uuid(): string {
    return nextUuid(this.#engine.state);
  }

  random(): number {
    return nextRandom(this.#engine.state);
  }

  schedule(at: number, kind: string, ref: string): void {
    this.#engine.schedule({ at, service: this.#service, account: this.account, region: this.region, kind, ref });
  }

  notify(key: string): void {
    const { waiters } = this.#engine;
    if (!waiters.isEmpty) waiters.notify(this.#key(key));
  }

  notifyOne(key: string): void {
    const { waiters } = this.#engine;
    if (!waiters.isEmpty) waiters.notifyOne(this.#key(key));
  }

  async wait(key: string, until: number) {
    // A call that is repeated has its later tries in the journal as calls of their own.
    if (this.#engine.replaying) return 'aborted';
    const end = await this.#engine.waiters.wait(this.#key(key), until - this.#engine.clock.now(), this.signal);
    this.now = this.#engine.clock.now();
    this.#engine.settle(this.now);
    return end;
  }

  resumeAs(input: unknown): void {
    const { account, region, endpoint, caller, now } = this;
    const call = { service: this.#service, operation: this.#operation, account, region, endpoint, input };
    this.#engine.record(caller === undefined ? call : { ...call, caller }, now);
  }

  async call(target: { service: ServiceId; operation: string; input: unknown } & Partial<Scope>, sourceArn: string) {
    return this.perform(target, sourceArn);
  }

  perform(
    target: { service: ServiceId; operation: string; input: unknown } & Partial<Scope>,
    sourceArn: string,
  ): unknown {
    const service = this.#engine.services.get(target.service);
    const operation = service?.operations[target.operation];
    if (operation === undefined)
      throw new AwsError('UnknownOperationException', `no such operation: ${target.operation}`);
    const nested: Call = {
      service: target.service,
      operation: target.operation,
      input: target.input,
      account: target.account ?? this.account,
      region: target.region ?? this.region,
      endpoint: this.endpoint,
      client: this,
      traceHeader: this.traceHeader,
      caller: { service: this.#service, sourceArn, sourceAccount: this.account },
      log: this.#log,
    };
    // A timer that fires on the way of a moving clock acts at its own time, and so does what it calls.
    return operation(new CallContext(this.#engine, nested, this.now), target.input);
  }

  internal(service: ServiceId, name: string, input: unknown): unknown {
    const operation = this.#engine.services.get(service)?.internal?.[name];
    if (operation === undefined) return undefined;
    const { account, region, endpoint, now } = this;
    return operation(new CallContext(this.#engine, { service, account, region, endpoint }, now), input);
  }

  effect(effect: Effect, bytes?: number): void {
    this.#log?.effect(effect, bytes);
  }

  ownEffect(name: string, effect: Effect): void {
    const { calls } = this.#engine;
    if (this.#log === undefined || calls === undefined) return;
    const entry = calls.own(this.#service, name, this.account, this.region);
    entry.at = this.now;
    entry.effect(effect);
    calls.add(entry);
  }

  get logged(): boolean {
    return this.#log !== undefined;
  }

  fault(point: string): FaultDecision | undefined {
    const decision = this.#engine.faults?.(this.#service, this.#operation, point);
    if (decision?.rule !== undefined) this.#log?.struck(decision.rule);
    return decision;
  }

  get settings(): EngineSettings {
    return this.#engine.settings;
  }

  notice(text: string): void {
    if (!this.#engine.replaying) this.#engine.notices.add(text);
  }

  #key(key: string): string {
    return `${this.#service}/${this.account}/${this.region}/${key}`;
  }
}
