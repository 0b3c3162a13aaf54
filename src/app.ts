import type { Io } from './cli/io.ts';
import type { Printer } from './cli/print.ts';
import type { Progress } from './cli/progress.ts';
import type { Prompter } from './cli/prompt.ts';
import type { Connection } from './connection.ts';
import type { Setting } from './engines/endpoint.ts';
import type { EngineRecord } from './engines/home.ts';
import type { Environment } from './environment.ts';
import type { ErrorCode } from './errors.ts';
import type { Clock } from './runtime/clock.ts';

/** What the operating system does for us, beside streams and time. */
export interface System {
  execPath: string;
  /** File of the embedded engine's own program. */
  engineEntry: string;
  kill(pid: number, signal: NodeJS.Signals | 0): void;
  /** A random UUID. */
  uuid(): string;
  /** So many random bytes. */
  bytes(count: number): Uint8Array;
}

/** Flags that every command takes. */
export interface Globals {
  json: boolean;
  debug: boolean;
  color: boolean;
  endpointUrl?: string;
  region?: string;
  stack?: string;
}

/** Everything a command may use. Built once in main.ts; costly members are functions that remember their result. */
export interface App {
  readonly io: Io;
  readonly env: Environment;
  readonly globals: Globals;
  readonly clock: Clock;
  readonly system: System;
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly print: Printer;
  readonly prompt: Prompter;
  readonly version: string;
  /** The directory of the program's own files. */
  readonly home: string;
  /** Ends the run with the exit code of `code` after the result has been printed, as for a check that did not hold. */
  fail(code: ErrorCode): void;
  /** Said by a command that watches `signal` and ends by itself; every other is ended at once by Ctrl-C. */
  endsOnSignal(): void;
  progress(text: string): Promise<Progress>;
  endpoint(): Promise<Setting<string> & { record?: EngineRecord }>;
  /** Settles the endpoint for the rest of the run, as `up --port` does. */
  useEndpoint(url: string): ReturnType<App['endpoint']>;
  /** The stack in use, over the SDK. */
  connect(): Promise<Connection>;
}
