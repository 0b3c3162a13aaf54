import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { reservePort } from '../../scripts/ports.mjs';
import { main } from '../../src/main.ts';

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
  json(): any;
}

/** A machine with nothing on PATH but what a test puts there, on which command lines run in real time. */
export class Machine {
  readonly home = mkdtempSync(join(tmpdir(), 'cliffracer-machine-'));
  readonly bin = join(this.home, 'bin');
  readonly #cleanups: (() => unknown)[] = [];
  port = 0;
  env: Record<string, string> = {};

  async open(): Promise<this> {
    mkdirSync(this.bin);
    mkdirSync(join(this.home, 'work'));
    this.port = await this.ownPort();
    // Never the usual port: something else may have it on the machine that runs the tests.
    this.env = { CLIFFRACER_PORT: String(this.port) };
    return this;
  }

  /** A port that is this machine's until it is closed. */
  async ownPort(host?: string): Promise<number> {
    const { port, release } = await reservePort(host);
    this.cleanup(release);
    return port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Writes a file below the machine's home, and returns where it is. */
  file(path: string, text: string): string {
    const file = join(this.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Puts a command on PATH: a script of Node's, so that it runs wherever the tests do. */
  command(name: string, source: string): void {
    const file = this.file(join('bin', name), `#!${process.execPath}\n${source}`);
    chmodSync(file, 0o755);
  }

  read(path: string): string {
    const file = join(this.home, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  cleanup(run: () => unknown): void {
    this.#cleanups.push(run);
  }

  async run(line: string, env: Record<string, string> = {}, signal = new AbortController().signal): Promise<Result> {
    const [stdout, stderr] = [collect(), collect()];
    const code = await main({
      argv: line.split(' ').filter(Boolean),
      env: { HOME: this.home, CLIFFRACER_HOME: join(this.home, 'state'), PATH: this.bin, ...this.env, ...env },
      io: { stdin: new PassThrough(), stdout, stderr },
      clock: { now: () => Date.now(), sleep },
      system: {
        execPath: process.execPath,
        engineEntry: fileURLToPath(new URL('../../dist/engine.js', import.meta.url)),
        kill: (pid, signalName) => void process.kill(pid, signalName),
        run: () => Promise.reject(new Error('no program is run here')),
        cwd: () => join(this.home, 'work'),
        nodeVersion: process.versions.node,
        importModule: (file) => import(pathToFileURL(file).href),
        onSignal: () => () => {},
        atExit: () => {},
        endOnHangup: () => {},
        uuid: () => crypto.randomUUID(),
        bytes: (count) => new Uint8Array(count).fill(7),
      },
      signal,
    });
    return { code, stdout: stdout.text, stderr: stderr.text, json: () => JSON.parse(stdout.text) };
  }

  async close(): Promise<void> {
    await this.run('down --all').catch(() => undefined);
    for (const run of this.#cleanups.reverse()) await run();
    rmSync(this.home, { recursive: true, force: true });
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

function collect() {
  const stream = {
    text: '',
    write(text: string) {
      stream.text += text;
      return true;
    },
  };
  return stream;
}

/** Source of a server that says of itself what LocalStack does. */
export const HEALTH = {
  services: {
    sns: 'available',
    sqs: 'running',
    dynamodb: 'available',
    s3: 'available',
    cloudwatch: 'available',
    logs: 'available',
  },
  edition: 'community',
  version: '4.14.0',
};
