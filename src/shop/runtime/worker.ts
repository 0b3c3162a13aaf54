import { queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import { CliffracerError, type ErrorCode } from '../../errors.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import { SERVICE_MODULES, type Services } from '../../services/registry.ts';
import { Channel } from './channel.ts';
import { type Clock, elapsed } from './clock.ts';
import type { StepError, StepFact } from './facts.ts';
import { stepErrorOf } from './failure.ts';
import { startHeartbeat } from './heartbeat.ts';
import { handleMessages, type StepDeps } from './step.ts';

/** The engine failed a worker, which waits and tries again. */
export interface TroubleFact {
  kind: 'trouble';
  service: ServiceName;
  error: StepError;
  retry_in_ms: number;
}

/** Workers take no further messages, and finish those in hand. */
export interface StoppingFact {
  kind: 'stopping';
  in_hand: number;
}

export type WorkFact = StepFact | TroubleFact | StoppingFact;

export interface WorkDeps {
  ports: Ports;
  clock: Clock;
  services?: Services;
}

export interface WorkOptions {
  services?: readonly ServiceName[];
  /** Receivers for each service, each with up to 10 messages in hand; 1 by default. */
  loops?: number;
  /** First phase: receive no more, finish what is in hand, acknowledge it, end. */
  stop: AbortSignal;
  /** Second phase: end at once; what is in hand will be delivered again. */
  abort?: AbortSignal;
}

const BATCH = 10;
/** The longest that SQS polls. */
const POLL_SECONDS = 20;
const LONGEST_PAUSE_MS = 30_000;
/** An engine without long polling answers an empty queue at once; asking it without pause would keep it busy. */
const EMPTY_PAUSE_MS = 100;
const LONGEST_RETRY_SECONDS = 60;

/** 1, 2, 4 ... seconds: time for what was in the way to pass, without holding up the neighbours. */
export const retryDelay = (attempt: number): number => Math.min(LONGEST_RETRY_SECONDS, 2 ** Math.min(attempt - 1, 10));

/** Runs the services until `stop`; yields what they did as it happens. Rejects on what waiting cannot mend. */
export async function* work(deps: WorkDeps, options: WorkOptions): AsyncGenerator<WorkFact, void, undefined> {
  const facts = new Channel<WorkFact>();
  const crew = new Crew(deps, options, facts);
  const abort = () => facts.close();
  options.abort?.addEventListener('abort', abort);
  if (options.abort?.aborted) abort();
  const running = crew.run().then(
    () => facts.close(),
    (error: unknown) => facts.fail(error),
  );
  try {
    yield* facts;
  } finally {
    crew.dismiss();
    options.abort?.removeEventListener('abort', abort);
    if (!options.abort?.aborted) await running;
  }
}

class Crew {
  readonly #deps: StepDeps;
  readonly #options: WorkOptions;
  readonly #facts: Channel<WorkFact>;
  readonly #dismissed = new AbortController();
  readonly #stop: AbortSignal;
  #inHand = 0;

  constructor(deps: WorkDeps, options: WorkOptions, facts: Channel<WorkFact>) {
    this.#deps = { ...deps, services: deps.services ?? SERVICE_MODULES, retryDelay };
    this.#options = options;
    this.#facts = facts;
    this.#stop = AbortSignal.any([options.stop, this.#dismissed.signal]);
  }

  /** Stops everybody, as when one met what cannot be mended, or nobody listens any more. */
  dismiss(): void {
    this.#dismissed.abort();
  }

  async run(): Promise<void> {
    const announce = () => this.#facts.push({ kind: 'stopping', in_hand: this.#inHand });
    this.#options.stop.addEventListener('abort', announce, { once: true });
    const { services = SERVICES, loops = 1 } = this.#options;
    const working = services.flatMap((service) => Array.from({ length: loops }, () => this.#loop(service)));
    try {
      await Promise.all(working);
    } catch (error) {
      this.dismiss();
      await Promise.allSettled(working);
      throw error;
    } finally {
      this.#options.stop.removeEventListener('abort', announce);
    }
  }

  async #loop(service: ServiceName): Promise<void> {
    let failures = 0;
    while (!this.#stop.aborted) {
      await this.#facts.room(this.#stop);
      try {
        await this.#turn(service);
        failures = 0;
      } catch (error) {
        if (!mayPass(error)) throw error;
        const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(failures++, 10));
        this.#facts.push({ kind: 'trouble', service, error: stepErrorOf(error), retry_in_ms: pause });
        await this.#deps.clock.sleep(pause, this.#stop);
      }
    }
  }

  async #turn(service: ServiceName): Promise<void> {
    const { ports, clock } = this.#deps;
    const start = elapsed(clock);
    const messages = await ports.queues.receive(queueOf(service), {
      max: BATCH,
      waitSeconds: POLL_SECONDS,
      signal: this.#stop,
    });
    if (messages.length > 0) await this.#handle(service, messages);
    else if (elapsed(clock) - start < EMPTY_PAUSE_MS) await clock.sleep(EMPTY_PAUSE_MS, this.#stop);
  }

  async #handle(service: ServiceName, messages: readonly ReceivedMessage[]): Promise<void> {
    const queue = queueOf(service);
    this.#inHand += messages.length;
    const heart = startHeartbeat(this.#deps, () => messages.map(({ receiptHandle }) => ({ queue, receiptHandle })));
    try {
      this.#facts.push(...(await handleMessages(service, messages, this.#deps)));
    } finally {
      await heart.stop();
      this.#inHand -= messages.length;
    }
  }
}

const LASTING: ReadonlySet<ErrorCode> = new Set(['not_provisioned', 'refused', 'invalid_config', 'usage']);

/**
 * Trouble with the engine may pass, a torn or foreign answer included: `run` has heard good ones before it starts workers.
 * Anything that is no CliffracerError is a fault in this program. */
const mayPass = (error: unknown): boolean => error instanceof CliffracerError && !LASTING.has(error.code);
