import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { System } from '../../src/app.ts';
import type { Choice, Prompter } from '../../src/cli/prompt.ts';
import { needsTerminal } from '../../src/cli/prompt.ts';
import { type HttpServer, serve } from '../../src/emulator/http/server.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { Snapshots } from '../../src/emulator/persistence/snapshots.ts';
import { requestHandler } from '../../src/emulator/request-handler.ts';
import { main } from '../../src/main.ts';
import { notPermitted, recorded } from './operations.ts';

/** 2026-01-01T12:00:00Z: where every session's clock starts. */
export const START = Date.UTC(2026, 0, 1, 12);

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  /** stdout as one JSON document. */
  json(): any;
  /** stdout as one JSON object a line. */
  lines(): any[];
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Answers to prompts, in order, where an error is thrown (as on Esc); an unexpected prompt or an answer that nobody asked for fails the run. */
  answers?: unknown[];
  /** Runs as in a terminal of this width. */
  terminal?: number | undefined;
  signal?: AbortSignal;
  /** The session's engine stands in for AWS: what would go to AWS ends in it, and no endpoint is configured. */
  aws?: true;
  /** Told what stdout holds after each write. */
  watch?(stdout: string): void;
}

/** Splits a command line as a shell would, quotes included. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3]!);
}

interface Provisioned {
  snapshots: Snapshots;
  now: number;
  ids: number;
}

let provisioned: Promise<Provisioned> | undefined;

async function provisionOnce(): Promise<Provisioned> {
  const session = await new Session().engine();
  const { code, stderr } = await session.run('provision --json');
  if (code !== 0) throw new Error(stderr);
  const kept = session.kept();
  await session.close();
  return kept;
}

/** A fresh engine over HTTP and a fresh home directory, in which command lines run one after the other. */
export class Session {
  readonly home = mkdtempSync(join(tmpdir(), 'cliffracer-test-'));
  now = START;
  #ids = 0;
  #server: HttpServer | undefined;
  emulator: Emulator | undefined;
  /** Operations that the program has called, as `sqs.ReceiveMessage`. */
  readonly operations = new Set<string>();

  /** Starts an engine on a port of its own, with its clock at the session's. */
  async engine(): Promise<this> {
    const emulator = createEmulator({
      seed: 1,
      host: { now: () => this.now, after: (ms, run) => realAfter(ms, run) },
    });
    this.emulator = recorded(emulator, this.operations);
    this.#server = await serve(this.emulator, { port: 0 });
    return this;
  }

  /** As `engine()`, and after `provision`, which is done once and then copied: it costs more than most commands. */
  async provisioned(): Promise<this> {
    await this.engine();
    provisioned ??= provisionOnce();
    const { snapshots, now, ids } = await provisioned;
    this.emulator!.engine.restore(snapshots.state('provisioned')!);
    this.now = now;
    this.#ids = ids;
    return this;
  }

  /** What `provisioned()` gives to sessions: the engine's state, and how far clock and ids have come. */
  kept(): Provisioned {
    const snapshots = new Snapshots(this.emulator!.engine);
    snapshots.save('provisioned');
    return { snapshots, now: this.now, ids: this.#ids };
  }

  get endpoint(): string {
    return this.#server === undefined ? 'http://127.0.0.1:9' : `http://127.0.0.1:${this.#server.port}`;
  }

  async run(line: string, options: RunOptions = {}): Promise<Outcome> {
    const stdout = collect(options.terminal, options.watch);
    const stderr = collect(options.terminal);
    const answers = [...(options.answers ?? [])];
    const code = await main({
      argv: words(line),
      env: {
        HOME: this.home,
        CLIFFRACER_HOME: join(this.home, 'state'),
        ...(options.aws ? {} : { AWS_ENDPOINT_URL: this.endpoint }),
        ...options.env,
      },
      io: { stdin: new PassThrough(), stdout, stderr },
      clock: {
        now: () => this.now++,
        sleep: async (ms) => {
          this.now += ms;
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
      system: {
        ...systemIn(this.home, { stdout, stderr }),
        uuid: () => `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}`,
        bytes: (count) => new Uint8Array(count).fill(++this.#ids),
      },
      signal: options.signal ?? new AbortController().signal,
      prompt: scripted(answers, options.answers !== undefined),
      ...(options.aws && { awsRequestHandler: requestHandler(this.emulator!) }),
    });
    if (answers.length > 0) throw new Error(`nobody asked for these answers: ${JSON.stringify(answers)}`);
    return {
      code,
      stdout: stdout.text,
      stderr: stderr.text,
      json: () => JSON.parse(stdout.text),
      lines: () =>
        stdout.text
          .trimEnd()
          .split('\n')
          .map((text) => JSON.parse(text)),
    };
  }

  async close(): Promise<void> {
    await this.#server?.close();
    rmSync(this.home, { recursive: true, force: true });
    const excess = notPermitted(this.operations);
    if (excess.length > 0) throw new Error(`src/shop/stack/permissions.ts lacks ${excess.join(', ')}`);
  }
}

/** Waits of the engine end in real time only where the test lets them: long polls are cut short. */
function realAfter(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.min(ms, 5));
  return () => clearTimeout(timer);
}

type Streams = Parameters<typeof runProgram>[3];

/** The system as bin/ has it, with a working directory and streams of its own. */
export const systemIn = (home: string, streams: Streams): System => ({
  execPath: process.execPath,
  engineEntry: fileURLToPath(new URL('../../dist/engine.js', import.meta.url)),
  kill: (pid, signal) => void process.kill(pid, signal),
  run: (command, args, env) => runProgram(command, args, env, streams),
  cwd: () => home,
  nodeVersion: process.versions.node,
  importModule: (file) => import(pathToFileURL(file).href),
  onSignal: () => () => {},
  atExit: () => {},
  endOnHangup: () => {},
  uuid: () => crypto.randomUUID(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
});

/** As bin/ runs programs, with the session's streams. */
function runProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  streams: { stdout: { write(text: string): boolean }; stderr: { write(text: string): boolean } },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (text) => streams.stdout.write(String(text)));
    child.stderr.on('data', (text) => streams.stderr.write(String(text)));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}

/** A stream that keeps what is written: a terminal of so many columns, or a pipe. */
export function collect(columns: number | undefined, watch?: (text: string) => void) {
  const stream = {
    text: '',
    isTTY: columns !== undefined,
    columns: columns ?? 80,
    write(text: string) {
      stream.text += text;
      watch?.(stream.text);
      return true;
    },
  };
  return stream;
}

function scripted(answers: unknown[], available: boolean): Prompter {
  const next = (message: string, flag: string): any => {
    if (!available) throw needsTerminal(flag);
    if (answers.length === 0) throw new Error(`unexpected prompt: ${message}`);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const pick = <T>(answer: unknown, choices: readonly Choice<T>[]): T => {
    const chosen = choices.find(({ value, name }) => value === answer || name === answer);
    if (chosen === undefined) throw new Error(`no such choice: ${JSON.stringify(answer)}`);
    return chosen.value;
  };
  return {
    available,
    select: async ({ message, choices, flag }) => pick(next(message, flag), choices),
    search: async ({ message, source, flag }) => {
      const answer = next(message, flag);
      return pick(answer, await source(''));
    },
    checkbox: async ({ message, choices, flag }) =>
      (next(message, flag) as unknown[]).map((answer) => pick(answer, choices)),
    key: async ({ message, flag, keys }) => {
      const key = String(next(message, flag));
      if (!keys.some((each) => each.key === key)) throw new Error(`${key} is none of the keys of ${message}`);
      return key;
    },
    input: async ({ message, flag, validate }) => {
      const answer = String(next(message, flag));
      const verdict = validate?.(answer) ?? true;
      if (verdict !== true) throw new Error(`${message}: ${verdict}`);
      return answer;
    },
    confirm: async ({ message, flag }) => next(message, flag) as boolean,
  };
}
