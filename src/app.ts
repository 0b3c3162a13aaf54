import type { Io } from './cli/io.ts';
import type { Printer } from './cli/print.ts';
import type { Progress } from './cli/progress.ts';
import type { Prompter } from './cli/prompt.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Setting } from './engines/endpoint.ts';
import type { ProjectFile } from './engines/project-file.ts';
import type { Environment } from './environment.ts';
import type { ErrorCode } from './errors.ts';
import type { HelpPart } from './views/help.ts';

/** What the operating system does for us, beside streams and time. */
export interface System {
  execPath: string;
  /** File of the embedded engine's own program. */
  engineEntry: string;
  /** A negative pid stands for its process group. */
  kill(pid: number, signal: NodeJS.Signals | 0): void;
  /**
   * Runs a program in the terminal, with signals passed on to it; resolves with its exit code, 128 and the signal's number
   * where one ended it. Rejects when it cannot be started.
   */
  run(command: string, args: readonly string[], env: Record<string, string>): Promise<number>;
  /** The working directory. */
  cwd(): string;
  /** Version of Node.js, without the `v`. */
  nodeVersion: string;
  /** Loads a module from a file of the user's. */
  importModule(file: string): Promise<object>;
  /** Runs on a signal, in place of what the system does then; what it returns takes that back. */
  onSignal(signal: NodeJS.Signals, run: () => void): () => void;
  /** Calls `run` when the process ends, however it does. */
  atExit(run: () => void): void;
  /** From now on a terminal that goes away ends the run as Ctrl-C does, instead of at once. */
  endOnHangup(): void;
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
  /** `local` or `aws`; checked where it is used. */
  target?: string;
  profile?: string;
  account?: string;
  /** Where region and stack came from, when no flag gave them. */
  origins?: { region?: string; stack?: string };
}

/** Everything a command may use. Built once in main.ts; costly members are functions that remember their result. */
export interface App {
  readonly io: Io;
  readonly env: Environment;
  readonly globals: Globals;
  readonly clock: Clock;
  readonly system: System;
  /** Takes the place of the network to AWS; only a test, whose engine stands in for AWS, sets it. */
  readonly awsRequestHandler?: unknown;
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly print: Printer;
  readonly prompt: Prompter;
  readonly version: string;
  /** The directory of the program's own files. */
  readonly home: string;
  /** Ends the run with the exit code of `code` after the result has been printed, as for a check that did not hold. */
  fail(code: ErrorCode): void;
  /** Ends the run with the exit code of another program. */
  exitWith(code: number): void;
  /** Said by a command that watches `signal` and ends by itself; every other is ended at once by Ctrl-C. */
  endsOnSignal(): void;
  /** Writes a part of a command's help. */
  showHelp(part: HelpPart): void;
  progress(text: string): Promise<Progress>;
  /** The local engine's endpoint; refused where the target is AWS. */
  endpoint(): Promise<Setting<string>>;
  /** The project file in force; throws `invalid_config` when it is wrong. */
  project(): Promise<ProjectFile | undefined>;
  /** Settles the endpoint for the rest of the run, as `up --port` does. */
  useEndpoint(url: string): ReturnType<App['endpoint']>;
  /** The stack in use, over the SDK. */
  connect(): Promise<Connection>;
}
