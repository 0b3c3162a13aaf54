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
import { LeasedMessages } from './leased-messages.ts';
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
  clock: Clock;
  /** Instead of the shop's own services. */
  services?: Services;
}

const BATCH = 10;
/** Rounds without messages although the queues count some: the counts are approximate on AWS. */
const EMPTY_ROUNDS = 10;
/** Without a dead-letter queue a failing message would be retried for ever; after this many tries it is left to its timeout. */
const TRIES = 10;

/**
 * Handles the messages of the named queues, round robin, and those that this causes, until the queues are empty. A message
 * that fails is visible again at once, so that it reaches its dead-letter queue without waiting.
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

class Run {
  readonly tally = new Tally();
  readonly leased: LeasedMessages | undefined;
  readonly #deps: StepDeps;
  readonly #options: DrainOptions;
  readonly #services: readonly ServiceName[];
  #quit = false;
  /** Of all queues, as read when they were found empty. */
  states: QueueState[] | undefined;

  constructor(deps: DrainDeps, options: DrainOptions) {
    this.#deps = {
      ports: deps.ports,
      clock: deps.clock,
      services: deps.services ?? SERVICE_MODULES,
      retryDelay: (attempt) => (attempt < TRIES ? 0 : undefined),
    };
    this.#options = options;
    this.#services = options.services ?? SERVICES;
    this.leased = options.decideStep && new LeasedMessages(deps);
  }

  async *rounds(): AsyncGenerator<StepFact | LeftFact, DrainEnd, undefined> {
    let empty = 0;
    for (;;) {
      let received = 0;
      for (const service of this.#services) {
        const end = this.#endNow();
        if (end !== undefined) return end;
        const messages = await this.#receive(service, empty);
        received += messages.length;
        if (messages.length > 0) yield* this.#handle(service, messages);
      }
      empty = received === 0 ? empty + 1 : 0;
      const end = this.#endNow() ?? (empty === 0 ? undefined : await this.#endWhenEmpty(empty));
      if (end !== undefined) return end;
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

  /** Polls long only after a round without messages. */
  #receive(service: ServiceName, empty: number): Promise<ReceivedMessage[]> {
    return this.#deps.ports.queues.receive(queueOf(service), {
      max: this.leased === undefined ? Math.min(BATCH, this.#left()) : 1,
      waitSeconds: empty === 0 ? 0 : 1,
      ...(this.#options.signal && { signal: this.#options.signal }),
    });
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
    for (const fact of await handleMessages(service, messages, this.#deps)) {
      this.tally.add(fact);
      yield fact;
    }
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
