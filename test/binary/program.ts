import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn as spawnInTerminal } from '@lydell/node-pty';
import { type ReservedPort, reservePort } from '../../scripts/ports.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The program as it is installed. */
export const BIN = join(ROOT, 'bin', 'cliffracer.js');

/** How long anything may take on a loaded machine before the test gives up; nothing ever waits for it to pass. */
const DEADLINE_MS = 60_000;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  json(): any;
}

/** Text that grows, with waits for what it comes to hold. */
class Transcript {
  text = '';
  #ended: string | undefined;
  readonly #waiting = new Set<() => void>();

  add(text: string): void {
    this.text += text;
    for (const check of this.#waiting) check();
  }

  end(why: string): void {
    this.#ended = why;
    for (const check of this.#waiting) check();
  }

  /** Resolves with where `wanted` ends in the plain text from `from` on; rejects when it cannot come any more. */
  until(wanted: string | RegExp, from = 0, plain = (text: string) => text): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(deadline);
        this.#waiting.delete(check);
        act();
      };
      const fail = (why: string) => settle(() => reject(new Error(`${why}: waited for ${wanted} in:\n${this.text}`)));
      const check = () => {
        const end = endOf(wanted, plain(this.text).slice(from));
        if (end !== undefined) settle(() => resolve(from + end));
        else if (this.#ended !== undefined) fail(this.#ended);
      };
      const deadline = setTimeout(() => fail(`nothing within ${DEADLINE_MS} ms`), DEADLINE_MS);
      this.#waiting.add(check);
      check();
    });
  }
}

function endOf(wanted: string | RegExp, text: string): number | undefined {
  const found = typeof wanted === 'string' ? { index: text.indexOf(wanted), 0: wanted } : wanted.exec(text);
  return found === null || found.index === -1 ? undefined : found.index + found[0].length;
}

/** A run with its streams in pipes. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #stdout = new Transcript();
  readonly #stderr = new Transcript();

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#stdout.add(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#stderr.add(text));
    this.ended = new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${args.join(' ')} did not end within ${DEADLINE_MS} ms:\n${this.#stdout.text}`));
      }, DEADLINE_MS);
      child.on('error', reject);
      child.on('close', (code, signal) => {
        clearTimeout(deadline);
        const [stdout, stderr] = [this.#stdout.text, this.#stderr.text];
        for (const each of [this.#stdout, this.#stderr]) each.end(`ended with ${signal ?? code}`);
        resolve({ code, signal, stdout, stderr, json: () => JSON.parse(stdout) });
      });
    });
  }

  /** What stdout holds so far. */
  get text(): string {
    return this.#stdout.text;
  }

  async until(wanted: string | RegExp): Promise<void> {
    await this.#stdout.until(wanted);
  }

  async untilError(wanted: string): Promise<void> {
    await this.#stderr.until(wanted);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

// Escape sequences of a terminal (ECMA-48): colours, cursor movements, modes, titles.
const SEQUENCES = /\u001b(\[[0-?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[@-Z\\-_=>78])/g;
const withoutSequences = (text: string) => text.replace(SEQUENCES, '');

/** A run in a real terminal. */
export class Terminal {
  readonly #pty: IPty;
  readonly #screen = new Transcript();
  readonly ended: Promise<number>;
  #seen = 0;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, size = { cols: 110, rows: 50 }) {
    this.#pty = spawnInTerminal(command, [...args], { ...size, name: 'xterm-256color', env, cwd: ROOT });
    this.#pty.onData((text) => this.#screen.add(text));
    this.ended = new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.kill();
        reject(new Error(`${args.join(' ')} did not end within ${DEADLINE_MS} ms:\n${this.#screen.text}`));
      }, DEADLINE_MS);
      this.#pty.onExit(({ exitCode }) => {
        clearTimeout(deadline);
        this.#screen.end(`ended with ${exitCode}`);
        resolve(exitCode);
      });
    });
  }

  /** Everything that was ever written to the terminal, escape sequences included. */
  get raw(): string {
    return this.#screen.text;
  }

  /**
   * Waits for text that was written after what was waited for before, and after the last keys: a question that was answered is
   * shown once more, and must not be taken for the next one.
   */
  async until(wanted: string | RegExp): Promise<void> {
    this.#seen = await this.#screen.until(wanted, this.#seen, withoutSequences);
  }

  keys(...keys: readonly string[]): void {
    this.#seen = withoutSequences(this.#screen.text).length;
    for (const key of keys) this.#pty.write(key);
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** As when its window is closed: the system sends SIGHUP, and nothing can be written to it any more. */
  hangUp(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  kill(): void {
    try {
      this.#pty.kill('SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

export const ENTER = '\r';
export const SPACE = ' ';
export const DOWN = '\u001b[B';
export const CTRL_C = '\u0003';
/** Empties the line that is being typed. */
export const CTRL_U = '\u0015';
export const ESCAPE = '\u001b';
export const UP = '\u001b[A';

/** One user's machine: a home directory, a port of its own, and everything that runs there. */
export class Sandbox {
  readonly home = mkdtempSync(join(tmpdir(), 'cliffracer-binary-'));
  readonly #running: Running[] = [];
  readonly #terminals: Terminal[] = [];
  #port: ReservedPort | undefined;

  async open(): Promise<this> {
    if (!existsSync(join(ROOT, 'dist', 'main.js'))) throw new Error('there is no dist/: npm run build');
    this.#port = await reservePort();
    return this;
  }

  get port(): number {
    if (this.#port === undefined) throw new Error('the sandbox is not open');
    return this.#port.port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the program finds around it: nothing of the machine's own settings but the way to programs. */
  environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
    const { PATH, TMPDIR, SystemRoot } = process.env;
    const own = { HOME: this.home, CLIFFRACER_HOME: join(this.home, 'state'), AWS_ENDPOINT_URL: this.endpoint };
    // On a machine with LocalStack's image, `up` would start that.
    const engine = { CLIFFRACER_ENGINE: 'embedded' };
    return {
      PATH,
      ...(TMPDIR && { TMPDIR }),
      ...(SystemRoot && { SystemRoot }),
      ...own,
      ...engine,
      TERM: 'xterm-256color',
      ...more,
    };
  }

  start(args: readonly string[], env: Record<string, string> = {}): Running {
    return this.command(process.execPath, [BIN, ...args], env);
  }

  /** Any program in this sandbox. */
  command(command: string, args: readonly string[], env: Record<string, string> = {}): Running {
    const running = new Running(command, args, this.environment(env));
    this.#running.push(running);
    return running;
  }

  run(line: string, env: Record<string, string> = {}): Promise<Ended> {
    return this.start(line.split(' ').filter(Boolean), env).ended;
  }

  /** Runs what a test stands on; it fails at once where that did not succeed. */
  async ready(line: string, env: Record<string, string> = {}): Promise<Ended> {
    const ended = await this.run(line, env);
    if (ended.code !== 0) throw new Error(`${line} ended with ${ended.signal ?? ended.code}: ${ended.stderr}`);
    return ended;
  }

  terminal(line: string, env: Record<string, string> = {}, size?: { cols: number; rows: number }): Terminal {
    return this.shell(`exec "$0" "$1" ${line}`, env, size);
  }

  /** A line of shell in a terminal, where "$0" "$1" is the program. */
  shell(script: string, env: Record<string, string> = {}, size?: { cols: number; rows: number }): Terminal {
    const terminal = new Terminal('/bin/sh', ['-c', script, process.execPath, BIN], this.environment(env), size);
    this.#terminals.push(terminal);
    return terminal;
  }

  /** Ends whatever was started here, engines included, and removes the directory. */
  async close(): Promise<void> {
    for (const terminal of this.#terminals) terminal.kill();
    for (const running of this.#running) running.kill('SIGKILL');
    await Promise.allSettled(this.#running.map(({ ended }) => ended));
    await new Running(process.execPath, [BIN, 'down', '--all'], this.environment()).ended;
    rmSync(this.home, { recursive: true, force: true });
    this.#port?.release();
  }
}
