import type { Environment } from '../../environment.ts';
import type { MappingClock } from '../lambda/facts.ts';
import type { PolledQueue } from '../lambda/queue.ts';
import type { Child } from './child.ts';
import type { ConsumerPlace } from './environment.ts';
import type { ConsumerFact } from './facts.ts';

/** A consumer at work. */
export interface Running {
  /** Runs the program as it is on disk now. */
  restart(): void;
  /** Asks it to end, once. */
  stop(): void;
  kill(): void;
  /** Resolves when nothing of it runs any more. */
  ended: Promise<void>;
}

/** What consumers need of the program that runs them. */
export interface ConsumerWorld {
  place: ConsumerPlace;
  /** Passed on to consumers. */
  env: Environment;
  clock: MappingClock;
  /** A negative pid stands for its process group. */
  kill(pid: number, signal: NodeJS.Signals): void;
  /** Random. */
  uuid(): string;
  bytes(count: number): Uint8Array;
  /** Starts the runtime client for handlers in JavaScript. */
  nodeRuntime: readonly string[];
  openQueue(name: string, consumer: string): Promise<PolledQueue>;
  tell(fact: ConsumerFact): void;
  /** A handler is done with these messages, whatever came of them. */
  settled?(messages: readonly string[]): void;
}

/** Asks a process to end; one that somebody has stopped takes no signal before it goes on. */
export function terminate(child: Child): void {
  child.signal('SIGTERM');
  child.signal('SIGCONT');
}
