import { type Clock, elapsed } from '../../clock.ts';
import { queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import { SERVICE_MODULES, type Services } from '../../services/registry.ts';
import {
  type DrainEnd,
  type DrainFact,
  deadLettered,
  deadLetters,
  type QueueState,
  queueStates,
  Tally,
} from './drain-facts.ts';
import type { StepFact } from './facts.ts';
import { KeyLanes } from './key-lanes.ts';
import { NextQueues } from './next-queues.ts';
import { BATCH, receiveMany } from './receive-many.ts';
import { handleMessages, type StepDeps } from './step.ts';

export interface DrainOptions {
  /** Those whose queues are emptied; all by default. */
  services?: readonly ServiceName[];
  /** Stops after so many messages. */
  max?: number | undefined;
  /** Stops between two batches. */
  signal?: AbortSignal;
}

export interface DrainDeps {
  ports: Ports;
  /** Ports for one service each, so that an engine can tell the calls of services at work at the same time. */
  portsOf?: (service: ServiceName) => Ports;
  clock: Clock;
  /** Those of these queues that give nothing out because they are held, by their full names; none where queues cannot be. */
  heldOf?(queues: readonly string[]): Promise<string[]>;
  /** Instead of the shop's own services. */
  services?: Services;
}

/** Rounds without messages although the queues count some: the counts are approximate on AWS. */
const EMPTY_ROUNDS = 10;
/** Without a dead-letter queue a failing message would be retried for ever; after this many tries it is left to its timeout. */
const TRIES = 10;

/** A message that fails is visible again at once. */
export const drainRetryDelay = (attempt: number): number | undefined => (attempt < TRIES ? 0 : undefined);

/**
 * Handles the messages of the named queues, and those that this causes, until the queues are empty. All queues are read and
 * handled at the same time, in rounds, so that the facts of up to ten messages a queue always have the same order; with `max`
 * one after the other. A message that fails is visible again at once, so that it reaches its dead-letter
 * queue without waiting.
 */
export async function* drain(deps: DrainDeps, options: DrainOptions = {}): AsyncGenerator<DrainFact, void, undefined> {
  const start = elapsed(deps.clock);
  const run = new Run(deps, options);
  const before = await deadLettered(deps.ports);
  const ended = yield* run.rounds();
  const queues = run.states ?? (await queueStates(deps.ports));
  const { handled, duplicates, ignored, failed, left } = run.tally;
  yield {
    kind: 'summary',
    ended,
    ...(run.held.length > 0 && { held: run.held }),
    handled,
    duplicates,
    ignored,
    failed,
    left,
    dead_lettered: Math.max(0, deadLetters(queues) - before),
    queues,
    duration_ms: elapsed(deps.clock) - start,
  };
}

/** Seconds to poll, after so many rounds without messages. */
const waitAfter = (empty: number) => (empty === 0 ? 0 : 1);

class Run {
  readonly tally = new Tally();
  readonly #deps: StepDeps;
  readonly #heldOf: DrainDeps['heldOf'];
  readonly #portsOf: (service: ServiceName) => Ports;
  readonly #options: DrainOptions;
  readonly #services: readonly ServiceName[];
  readonly #next: NextQueues;
  #received = 0;
  /** Of all queues, as read when they were found empty. */
  states: QueueState[] | undefined;
  /** Queues that are held, when that ended it. */
  held: string[] = [];

  constructor(deps: DrainDeps, options: DrainOptions) {
    this.#deps = {
      ports: deps.ports,
      clock: deps.clock,
      services: deps.services ?? SERVICE_MODULES,
      lanes: new KeyLanes(),
      retryDelay: drainRetryDelay,
    };
    this.#heldOf = deps.heldOf;
    this.#portsOf = deps.portsOf ?? (() => deps.ports);
    this.#options = options;
    this.#services = options.services ?? SERVICES;
    this.#next = new NextQueues(this.#services, this.#deps.services);
  }

  async *rounds(): AsyncGenerator<StepFact, DrainEnd, undefined> {
    const oneByOne = this.#options.max !== undefined;
    let empty = 0;
    for (;;) {
      const before = this.#received;
      yield* oneByOne ? this.#queueByQueue(empty) : this.#together(empty);
      if (this.#received > before) empty = 0;
      else if (!oneByOne && !this.#next.all) continue;
      else empty++;
      const end = this.#endNow() ?? (empty === 0 ? undefined : await this.#endWhenEmpty(empty));
      if (end !== undefined) return end;
    }
  }

  async *#queueByQueue(empty: number): AsyncGenerator<StepFact> {
    for (const service of this.#services) {
      if (this.#endNow() !== undefined) return;
      const messages = await this.#receive(service, empty);
      if (messages.length > 0) yield* this.#handle(service, messages);
    }
  }

  /** What was received is handled, and what was handled is told, before an error ends it. */
  async *#together(empty: number): AsyncGenerator<StepFact> {
    const { signal } = this.#options;
    const waitSeconds = waitAfter(empty);
    const errors: unknown[] = [];
    const handling = this.#next.round().map(async (service) => {
      const ports = this.#portsOf(service);
      const { messages, error } = await receiveMany(ports.queues, queueOf(service), { waitSeconds, signal });
      if (error !== undefined) errors.push(error);
      this.#received += messages.length;
      this.#next.received(service, messages.length);
      return messages.length === 0 ? [] : handleMessages(service, messages, { ...this.#deps, ports });
    });
    for (const result of await Promise.allSettled(handling)) {
      if (result.status === 'rejected') errors.push(result.reason);
      else yield* this.#count(result.value);
    }
    if (errors.length > 0) throw errors[0];
  }

  *#count(facts: readonly StepFact[]): Generator<StepFact> {
    for (const fact of facts) {
      this.tally.add(fact);
      this.#next.handled(fact);
      yield fact;
    }
  }

  #endNow(): DrainEnd | undefined {
    if (this.#options.signal?.aborted) return 'interrupted';
    return this.#left() === 0 ? 'max' : undefined;
  }

  #left(): number {
    return Math.max(0, (this.#options.max ?? Number.POSITIVE_INFINITY) - this.tally.worked);
  }

  async #receive(service: ServiceName, empty: number): Promise<ReceivedMessage[]> {
    const messages = await this.#portsOf(service).queues.receive(queueOf(service), {
      max: Math.min(BATCH, this.#left()),
      waitSeconds: waitAfter(empty),
      ...(this.#options.signal && { signal: this.#options.signal }),
    });
    this.#received += messages.length;
    return messages;
  }

  async #endWhenEmpty(rounds: number): Promise<DrainEnd | undefined> {
    const all = await queueStates(this.#deps.ports);
    const states = all.filter(({ service }) => this.#services.includes(service));
    const ready = states.filter((state) => state.ready > 0);
    if (ready.length > 0) {
      // Once is enough: nothing but another command ends a hold.
      const held = rounds === 1 ? await this.#heldOf?.(ready.map(({ queue }) => queue)) : undefined;
      if (held?.length === ready.length) {
        this.held = held;
        return 'held';
      }
      return rounds < EMPTY_ROUNDS ? undefined : 'unsettled';
    }
    this.states = all;
    return states.some(({ in_flight, delayed }) => in_flight + delayed > 0) ? 'in_flight' : 'empty';
  }

  async *#handle(service: ServiceName, messages: readonly ReceivedMessage[]): AsyncGenerator<StepFact> {
    yield* this.#count(await handleMessages(service, messages, { ...this.#deps, ports: this.#portsOf(service) }));
  }
}
