import { deadLetterQueueOf, queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import type { Ports } from '../../ports.ts';
import type { StepFact } from './facts.ts';

export interface QueueState {
  service: ServiceName;
  queue: string;
  ready: number;
  in_flight: number;
  delayed: number;
  dead_lettered: number;
}

/**
 * Why a drain ended: empty; max (the limit was reached); quit and interrupted (by a person); in_flight (messages are in
 * flight with other receivers, or delayed); held (what is ready is in queues that are held); unsettled (the engine counts
 * messages, but returns none).
 */
export type DrainEnd = 'empty' | 'max' | 'quit' | 'interrupted' | 'in_flight' | 'held' | 'unsettled';

export interface DrainSummary {
  kind: 'summary';
  ended: DrainEnd;
  /** Full names of queues that are held and have messages, when that ended it. */
  held?: string[];
  handled: number;
  duplicates: number;
  ignored: number;
  /** Deliveries that ended in an error; a message that fails three times counts three times. */
  failed: number;
  /** By a person who stepped. */
  left: number;
  /** Messages added to the dead-letter queues meanwhile. */
  dead_lettered: number;
  queues: QueueState[];
  duration_ms: number;
}

export type DrainFact = StepFact | DrainSummary;

export class Tally {
  handled = 0;
  duplicates = 0;
  ignored = 0;
  failed = 0;
  left = 0;

  get worked(): number {
    return this.handled + this.duplicates + this.ignored + this.failed;
  }

  add({ outcome }: StepFact): void {
    switch (outcome) {
      case 'handled':
        this.handled++;
        break;
      case 'duplicate':
        this.duplicates++;
        break;
      case 'ignored':
        this.ignored++;
        break;
      case 'failed':
      case 'poison':
        this.failed++;
        break;
      default:
        outcome satisfies never;
    }
  }
}

/** Depths of the services' queues and their dead-letter queues. */
export async function queueStates(ports: Ports, services: readonly ServiceName[] = SERVICES): Promise<QueueState[]> {
  return Promise.all(
    services.map(async (service) => {
      const queue = queueOf(service);
      const [depth, dead] = await Promise.all([
        ports.queues.depth(queue),
        ports.queues.depth(deadLetterQueueOf(service)),
      ]);
      const { ready, inFlight: in_flight, delayed } = depth;
      return { service, queue, ready, in_flight, delayed, dead_lettered: dead.ready + dead.inFlight + dead.delayed };
    }),
  );
}

/** Messages in all dead-letter queues. */
export async function deadLettered(ports: Ports): Promise<number> {
  const depths = await Promise.all(SERVICES.map((service) => ports.queues.depth(deadLetterQueueOf(service))));
  return depths.reduce((sum, { ready, inFlight, delayed }) => sum + ready + inFlight + delayed, 0);
}

export const deadLetters = (states: readonly QueueState[]): number =>
  states.reduce((sum, { dead_lettered }) => sum + dead_lettered, 0);
