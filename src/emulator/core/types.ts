import type { Effect, EffectSink } from './effects.ts';
import type { AwsError } from './errors.ts';
import type { FaultDecision } from './faults.ts';
import type { EngineSettings } from './settings.ts';

export type ServiceId = 'sns' | 'sqs' | 'dynamodb' | 's3' | 'cloudwatch' | 'logs' | 'sts';

/** Which world a call acts in: accounts and regions are separate worlds. */
export interface Scope {
  /** 12 digits. */
  account: string;
  region: string;
}

export interface Caller {
  service: string;
  sourceArn: string;
  /** Of the resource that `sourceArn` names; an ARN of S3 does not say it. */
  sourceAccount?: string;
}

/**
 * What an operation may use besides its input. `state` is the service's plain data for the scope (Map, Set, array,
 * object, Buffer, string, number, bigint; no class instances, no functions), so that snapshots need no code per service.
 * Everything in one synchronous stretch is atomic: operations run one at a time between awaits.
 */
export interface Context<S = any> extends Scope {
  state: S;
  /** Engine time in milliseconds since the epoch; may stand still or jump, never goes back. */
  now: number;
  requestId: string;
  /** `http://127.0.0.1:4566`, as the client addressed the engine (for queue URLs and the like). */
  endpoint: string;
  /** Aborted when the client goes away. */
  signal: AbortSignal | undefined;
  /** Where the call came from: a client's principal, or an AWS service acting for a resource (SNS delivering to SQS). */
  caller: Caller | undefined;
  /** X-Ray's trace header, as the client sent it; calls within this one bear it too. */
  traceHeader: string | undefined;
  settings: EngineSettings;
  /** A fresh UUID from the seeded generator. */
  uuid(): string;
  /** Next number in [0, 1) from the seeded generator. */
  random(): number;
  /** Asks for the service's timer handler `kind` to be called with `ref` at engine time `at`. */
  schedule(at: number, kind: string, ref: string): void;
  /** Wakes everybody who waits for `key` (scoped to service, account and region). */
  notify(key: string): void;
  /** Wakes the one who has waited longest: for what only one can have. Who leaves some of it wakes the next. */
  notifyOne(key: string): void;
  /** Resolves on `notify(key)` or `notifyOne(key)`, when engine time reaches `until`, or when the client goes away; `now` is then current. */
  wait(key: string, until: number): Promise<'notified' | 'timeout' | 'aborted'>;
  /**
   * Says, right before acting again after a wait, as which input that counts: a repeat of this call from here on.
   * Whoever waits in a loop calls it each time round, with an input that does not wait.
   */
  resumeAs(input: unknown): void;
  /** Runs an operation of another service (or another scope of this one) within this call, as a service principal. */
  call(
    target: { service: ServiceId; operation: string; input: unknown } & Partial<Scope>,
    sourceArn: string,
  ): Promise<any>;
  /** As `call`, but answers at once: for operations that do not wait, so that the whole call stays atomic. */
  perform(
    target: { service: ServiceId; operation: string; input: unknown } & Partial<Scope>,
    sourceArn: string,
  ): unknown;
  /**
   * Asks another service for what it offers to services only, or tells it something, in the same account and region; undefined when
   * the engine does not have that service.
   */
  internal(service: ServiceId, name: string, input: unknown): unknown;
  /**
   * Reports a change to the call log, right where it is made. `bytes` is what keeping it costs beyond a small constant
   * (the items before and after).
   */
  effect(effect: Effect, bytes?: number): void;
  /**
   * Reports what the engine does by itself within a call, as an entry of its own in the call log: at once, while the call may
   * go on waiting. `name` says what it did.
   */
  ownEffect(name: string, effect: Effect): void;
  /** Whether somebody keeps effects: what is costly to report need not be put together otherwise. */
  readonly logged: boolean;
  /** What the fault rules say about a named point inside an operation (`duplicate`, `reorder`, `drop`). */
  fault(point: string): FaultDecision | undefined;
  /** Writes a sentence to the engine's log, once for each text: for what happens without anybody being told. */
  notice(text: string): void;
}

export type Operation<S = any> = (context: Context<S>, input: any) => unknown;

/**
 * Called when a timer is due; returns a short description of what happened ("visibility of message ... ended, ready again"),
 * or undefined when nothing did (the timer had gone stale, as for a message deleted meanwhile).
 */
export type TimerHandler<S = any> = (context: Context<S>, ref: string) => string | undefined;

/** A member of an input that the engine does not act on. docs/coverage.md lists them all. */
export interface Gap {
  operations: readonly string[];
  /** Path in the input, as `MetricDataQueries.Expression`: lists add nothing to it. It stands for all members below it too. */
  member: string;
  /** The feature that it belongs to, or why nothing has to be done for it. */
  about: string;
  /**
   * The error for a value that is refused; undefined for one that is taken. `inside` when the operation itself refuses, because it
   * depends on more than the value. A gap without it is accepted and has no effect.
   */
  refuse?: ((value: unknown) => AwsError | undefined) | 'inside';
}

export interface ServiceDefinition<S = any> {
  id: ServiceId;
  /** S3's bucket names are shared by all accounts and regions; every other service is a world per account and region. */
  scope: 'regional' | 'global';
  createState(): S;
  operations: Record<string, Operation<S>>;
  timers: Record<string, TimerHandler<S>>;
  /** What other services may ask, by `internal`, and no client. */
  internal?: Record<string, Operation<S>>;
  /** What the control interface does to the state; no client and no fault reaches it. */
  control?: Record<string, Operation<S>>;
  /** What the operations refuse, by `refusing`, or accept without effect. */
  gaps?: readonly Gap[];
}

/** A decoded call, whatever protocol it came in. */
export interface Call extends Scope {
  service: ServiceId;
  operation: string;
  input: unknown;
  endpoint?: string;
  signal?: AbortSignal | undefined;
  /** Whose `signal` it is when there is none above: a server makes one only for a call that asks. */
  client?: { readonly signal?: AbortSignal | undefined };
  caller?: Caller;
  /** X-Ray's trace header. */
  traceHeader?: string | undefined;
  /** Where its effects are noted down; undefined when nobody keeps them. */
  log?: EffectSink | undefined;
}
