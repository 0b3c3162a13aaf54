import { type Clock, elapsed } from '../../clock.ts';
import { queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import { CliffracerError, type ErrorCode } from '../../errors.ts';
import type { Ports, ReceivedMessage } from '../../ports.ts';
import { SERVICE_MODULES, type Services } from '../../services/registry.ts';
import type { StepError, StepFact } from './facts.ts';
import { stepErrorOf } from './failure.ts';
import { startHeartbeat } from './heartbeat.ts';
import { KeyLanes } from './key-lanes.ts';
import { MergedStream } from './merged-stream.ts';
import { handleMessages, type StepDeps } from './step.ts';

/** A call of a worker failed; it waits and tries again. */
export interface TroubleFact {
  kind: 'trouble';
  service: ServiceName;
  error: StepError;
  retry_in_ms: number;
}

/** Workers receive no further messages, and finish those in flight. */
export interface StoppingFact {
  kind: 'stopping';
  in_flight: number;
}

export type WorkFact = StepFact | TroubleFact | StoppingFact;

export interface WorkDeps {
  ports: Ports;
  /** Ports for one service each, so that an engine can tell the calls of services at work at the same time. */
  portsOf?: (service: ServiceName) => Ports;
  /** Of this process, where it calls `work` for each service by itself. */
  lanes?: KeyLanes;
  clock: Clock;
  services?: Services;
}

export interface WorkOptions {
  services?: readonly ServiceName[];
  /** Receivers for each service, each with up to 10 messages in flight; 1 by default. */
  loops?: number | undefined;
  /** First phase: receive no more, finish and acknowledge the messages in flight, end. */
  stop: AbortSignal;
  /** Second phase: end at once; messages in flight will be delivered again. */
  abort?: AbortSignal;
}

const BATCH = 10;
/** The longest poll that SQS allows. */
const POLL_SECONDS = 20;
const LONGEST_PAUSE_MS = 30_000;
/** Pause after an empty response of an engine without long polling, which would be polled in a tight loop. */
const EMPTY_PAUSE_MS = 100;
const LONGEST_RETRY_SECONDS = 60;

/** Exponential backoff: 1, 2, 4 ... seconds. */
export const retryDelay = (attempt: number): number => Math.min(LONGEST_RETRY_SECONDS, 2 ** Math.min(attempt - 1, 10));

/** Runs the services until `stop`; yields facts as they happen. Rejects on errors that no retry can fix. */
export async function* work(deps: WorkDeps, options: WorkOptions): AsyncGenerator<WorkFact, void, undefined> {
  const facts = new MergedStream<WorkFact>();
  const loops = new ServiceLoops(deps, options, facts);
  const abort = () => facts.close();
  options.abort?.addEventListener('abort', abort);
  if (options.abort?.aborted) abort();
  const running = loops.run().then(
    () => facts.close(),
    (error: unknown) => facts.fail(error),
  );
  try {
    yield* facts;
  } finally {
    loops.stop();
    options.abort?.removeEventListener('abort', abort);
    if (!options.abort?.aborted) await running;
  }
}

class ServiceLoops {
  readonly #deps: StepDeps;
  readonly #portsOf: (service: ServiceName) => Ports;
  readonly #options: WorkOptions;
  readonly #facts: MergedStream<WorkFact>;
  readonly #stopped = new AbortController();
  readonly #stop: AbortSignal;
  #inFlight = 0;

  constructor(deps: WorkDeps, options: WorkOptions, facts: MergedStream<WorkFact>) {
    this.#deps = {
      ...{ ports: deps.ports, clock: deps.clock, retryDelay },
      ...{ services: deps.services ?? SERVICE_MODULES, lanes: deps.lanes ?? new KeyLanes() },
    };
    this.#portsOf = deps.portsOf ?? (() => deps.ports);
    this.#options = options;
    this.#facts = facts;
    this.#stop = AbortSignal.any([options.stop, this.#stopped.signal]);
  }

  /** Stops all loops, after a lasting error or when the stream is no longer read. */
  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<void> {
    const announce = () => this.#facts.push({ kind: 'stopping', in_flight: this.#inFlight });
    this.#options.stop.addEventListener('abort', announce, { once: true });
    const { services = SERVICES, loops = 1 } = this.#options;
    const working = services.flatMap((service) => {
      const deps = { ...this.#deps, ports: this.#portsOf(service) };
      return Array.from({ length: loops }, () => this.#loop(service, deps));
    });
    try {
      await Promise.all(working);
    } catch (error) {
      this.stop();
      await Promise.allSettled(working);
      throw error;
    } finally {
      this.#options.stop.removeEventListener('abort', announce);
    }
  }

  async #loop(service: ServiceName, deps: StepDeps): Promise<void> {
    let failures = 0;
    while (!this.#stop.aborted) {
      await this.#facts.waitForRoom(this.#stop);
      try {
        await this.#pollOnce(service, deps);
        failures = 0;
      } catch (error) {
        if (!mayPass(error)) throw error;
        const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(failures++, 10));
        this.#facts.push({ kind: 'trouble', service, error: stepErrorOf(error), retry_in_ms: pause });
        await deps.clock.sleep(pause, this.#stop);
      }
    }
  }

  async #pollOnce(service: ServiceName, deps: StepDeps): Promise<void> {
    const { ports, clock } = deps;
    const start = elapsed(clock);
    const messages = await ports.queues.receive(queueOf(service), {
      max: BATCH,
      waitSeconds: POLL_SECONDS,
      signal: this.#stop,
    });
    if (messages.length > 0) await this.#handle(service, messages, deps);
    else if (elapsed(clock) - start < EMPTY_PAUSE_MS) await clock.sleep(EMPTY_PAUSE_MS, this.#stop);
  }

  async #handle(service: ServiceName, messages: readonly ReceivedMessage[], deps: StepDeps): Promise<void> {
    const queue = queueOf(service);
    this.#inFlight += messages.length;
    const heartbeat = startHeartbeat(deps, () => messages.map(({ receiptHandle }) => ({ queue, receiptHandle })));
    try {
      this.#facts.push(...(await handleMessages(service, messages, deps)));
    } finally {
      await heartbeat.stop();
      this.#inFlight -= messages.length;
    }
  }
}

const LASTING: ReadonlySet<ErrorCode> = new Set(['not_provisioned', 'refused', 'invalid_config', 'usage']);

/**
 * Errors of the engine may be temporary, malformed responses included: `run` checks the engine before it starts workers.
 * Anything but a CliffracerError is a bug of this program. */
const mayPass = (error: unknown): boolean => error instanceof CliffracerError && !LASTING.has(error.code);
