import { type Clock, elapsed } from '../../clock.ts';
import { queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import { parseMessage } from '../../domain/parse-event.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import { SERVICE_MODULES, type Services } from '../../services/registry.ts';
import {
  type DrainEnd,
  type DrainFact,
  deadLettered,
  deadLetters,
  type LeftFact,
  type QueueState,
  queueStates,
  type ShownMessage,
  type StepChoice,
  Tally,
} from './drain-facts.ts';
import type { StepFact } from './facts.ts';
import { KeyLanes } from './key-lanes.ts';
import { LeasedMessages } from './leased-messages.ts';
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
  /** Asked before each message, one at a time. */
  decideStep?: (shown: ShownMessage) => Promise<StepChoice>;
}

export interface DrainDeps {
  ports: Ports;
  /** Ports for one service each, so that an engine can tell the calls of services at work at the same time. */
  portsOf?: (service: ServiceName) => Ports;
  clock: Clock;
  /** Instead of the shop's own services. */
  services?: Services;
}

/** Rounds without messages although the queues count some: the counts are approximate on AWS. */
const EMPTY_ROUNDS = 10;
/** Without a dead-letter queue a failing message would be retried for ever; after this many tries it is left to its timeout. */
const TRIES = 10;

/**
 * Handles the messages of the named queues, and those that this causes, until the queues are empty. All queues are read and
 * handled at the same time, in rounds, so that the facts of up to ten messages a queue always have the same order; with `max`
 * or `decideStep` one after the other. A message that fails is visible again at once, so that it reaches its dead-letter
 * queue without waiting.
 */
export async function* drain(deps: DrainDeps, options: DrainOptions = {}): AsyncGenerator<DrainFact, void, undefined> {
  const start = elapsed(deps.clock);
  const run = new Run(deps, options);
  const before = await deadLettered(deps.ports);
  let ended: DrainEnd = 'interrupted';
  try {
    ended = yield* run.rounds();
  } finally {
    await run.leased?.release();
  }
  const queues = run.states ?? (await queueStates(deps.ports));
  const { handled, duplicates, ignored, failed, left } = run.tally;
  yield {
    kind: 'summary',
    ended,
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
  readonly leased: LeasedMessages | undefined;
  readonly #deps: StepDeps;
  readonly #portsOf: (service: ServiceName) => Ports;
  readonly #options: DrainOptions;
  readonly #services: readonly ServiceName[];
  readonly #next: NextQueues;
  #received = 0;
  #quit = false;
  /** Of all queues, as read when they were found empty. */
  states: QueueState[] | undefined;

  constructor(deps: DrainDeps, options: DrainOptions) {
    this.#deps = {
      ports: deps.ports,
      clock: deps.clock,
      services: deps.services ?? SERVICE_MODULES,
      lanes: new KeyLanes(),
      retryDelay: (attempt) => (attempt < TRIES ? 0 : undefined),
    };
    this.#portsOf = deps.portsOf ?? (() => deps.ports);
    this.#options = options;
    this.#services = options.services ?? SERVICES;
    this.leased = options.decideStep && new LeasedMessages(deps);
    this.#next = new NextQueues(this.#services, this.#deps.services);
  }

  async *rounds(): AsyncGenerator<StepFact | LeftFact, DrainEnd, undefined> {
    const oneByOne = this.leased !== undefined || this.#options.max !== undefined;
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

  async *#queueByQueue(empty: number): AsyncGenerator<StepFact | LeftFact> {
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
    if (this.#quit) return 'quit';
    if (this.#options.signal?.aborted) return 'interrupted';
    return this.#left() === 0 ? 'max' : undefined;
  }

  #left(): number {
    return Math.max(0, (this.#options.max ?? Number.POSITIVE_INFINITY) - this.tally.worked);
  }

  async #receive(service: ServiceName, empty: number): Promise<ReceivedMessage[]> {
    const messages = await this.#deps.ports.queues.receive(queueOf(service), {
      max: this.leased === undefined ? Math.min(BATCH, this.#left()) : 1,
      waitSeconds: waitAfter(empty),
      ...(this.#options.signal && { signal: this.#options.signal }),
    });
    this.#received += messages.length;
    return messages;
  }

  async #endWhenEmpty(rounds: number): Promise<DrainEnd | undefined> {
    const all = await queueStates(this.#deps.ports);
    const states = all.filter(({ service }) => this.#services.includes(service));
    const others = (state: QueueState) => state.in_flight - (this.leased?.countIn(state.queue) ?? 0) + state.delayed;
    if (states.some(({ ready }) => ready > 0)) return rounds < EMPTY_ROUNDS ? undefined : 'unsettled';
    // Leased messages are released at the end, which changes the counts.
    if (this.leased === undefined) this.states = all;
    return states.some((state) => others(state) > 0) ? 'in_flight' : 'empty';
  }

  async *#handle(service: ServiceName, messages: readonly ReceivedMessage[]): AsyncGenerator<StepFact | LeftFact> {
    const chosen = this.leased === undefined ? 'handle' : await this.#ask(service, messages[0]!, this.leased);
    if (chosen === 'leave') {
      this.tally.left++;
      yield { kind: 'left', service, queue: queueOf(service), message_id: messages[0]!.messageId };
    }
    if (chosen !== 'handle') return;
    yield* this.#count(await handleMessages(service, messages, this.#deps));
  }

  async #ask(
    service: ServiceName,
    message: ReceivedMessage,
    leased: LeasedMessages,
  ): Promise<'handle' | 'leave' | 'quit' | 'known'> {
    const known = leased.has(message.messageId);
    leased.add(service, message);
    if (known) return 'known';
    const shown = { service, queue: queueOf(service), message, parsed: parseMessage(message) };
    const choice = await this.#options.decideStep!(shown);
    if (choice === 'quit') this.#quit = true;
    if (choice === 'handle') leased.remove(message.messageId);
    return choice;
  }
}
