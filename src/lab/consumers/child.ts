import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { CliffracerError } from '../../errors.ts';

/** A consumer's process. */
export interface Child {
  pid: number;
  /** Resolves when it has ended, with `exit status 1` or `signal: SIGKILL`. */
  exited: Promise<string>;
  /** Sends a signal to it and to what it has started. */
  signal(name: NodeJS.Signals): void;
}

export interface ChildOptions {
  consumer: string;
  command: readonly string[];
  directory: string;
  env: Readonly<Record<string, string>>;
  kill(pid: number, signal: NodeJS.Signals): void;
  clock: { sleep(ms: number): Promise<void> };
  onLine(stream: 'stdout' | 'stderr', text: string): void;
}

/** How long output may come after a process has ended. */
const OUTPUT_MS = 500;

/**
 * Starts a process in a group of its own, so that Ctrl-C at the terminal reaches it through this program alone. Rejects with
 * `consumer_failed` when there is no such program.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { command, directory, env, kill, clock, onLine } = options;
  const [program = '', ...args] = command;
  const child = await spawned(program, args, directory, env, options.consumer);
  const pid = child.pid!;
  const send = (name: NodeJS.Signals) => {
    try {
      kill(-pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<string>((resolve) => {
    child.once('exit', async (code, signal) => {
      // What it has started and left behind would hold its output open.
      send('SIGKILL');
      await Promise.race([closed, clock.sleep(OUTPUT_MS)]);
      resolve(signal === null ? `exit status ${code}` : `signal: ${signal}`);
    });
  });
  readLines(child.stdout!, (text) => onLine('stdout', text));
  readLines(child.stderr!, (text) => onLine('stderr', text));
  return { pid, exited, signal: send };
}

function spawned(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  consumer: string,
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child.once('spawn', () => resolve(child));
    child.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? `not found, run in ${cwd}` : error.message;
      reject(
        new CliffracerError(
          'consumer_failed',
          `consumer ${consumer}: ${JSON.stringify(program)} cannot be started: ${why}`,
          {
            hint: `install ${program}, or fix the command of ${consumer}`,
            cause: error,
          },
        ),
      );
    });
  });
}

/** Longer lines are cut, for whoever prints no line end must not fill the memory. */
const LONGEST_LINE = 16 * 1024;

export function readLines(stream: Readable, tell: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (bytes: Buffer) => {
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line.replace(/\r$/, '').slice(0, LONGEST_LINE));
    if (rest.length > LONGEST_LINE) {
      tell(rest.slice(0, LONGEST_LINE));
      rest = '';
    }
  });
  stream.on('end', () => {
    rest += decoder.end();
    if (rest !== '') tell(rest);
  });
}
