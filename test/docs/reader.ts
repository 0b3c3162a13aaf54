import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { vi } from 'vitest';
import { type ReservedPort, reservePort } from '../../scripts/ports.mjs';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { requestHandler } from '../../src/emulator/request-handler.ts';
import { main } from '../../src/main.ts';
import { collect, systemIn, words } from '../support/session.ts';
import { type Ids, idsIn } from './compare.ts';
import { ROOT } from './page.ts';

/** What a command printed; what went to stderr counts only when it failed, as hints there depend on the machine. */
export interface Printed {
  code: number;
  lines: string[];
}

/** Wide enough for most lines, narrow enough for a page. */
const COLUMNS = 100;
const READERS_HOME = '/home/ada';
const ACCOUNT = '123456789012';
const PORTS = /(?<=--port |-p |127\.0\.0\.1:|localhost:)\d{4}\b/g;
const DEFAULT_PORT = '4566';

/**
 * Somebody who types a page's commands from top to bottom, on a machine where nothing has run yet. Ports that the page names
 * are others here, as is the home directory; what is printed has the page's. Another engine stands in for AWS.
 */
export class Reader {
  readonly #home = mkdtempSync(join(tmpdir(), 'cliffracer-docs-'));
  #directory = this.#home;
  readonly #ports = new Map<string, ReservedPort>();
  readonly #exports: Record<string, string> = {};
  #aws: Emulator | undefined;
  #code = 0;
  #started = false;
  /** Ends the program that runs in the background. */
  #job: (() => Promise<void>) | undefined;

  readonly #realTime: boolean;

  private constructor(realTime: boolean) {
    this.#realTime = realTime;
  }

  /** With `realTime` durations are real, for a page that is written; without, they never change a layout. */
  static async open({ realTime }: { realTime: boolean }): Promise<Reader> {
    const reader = new Reader(realTime);
    // The packages that a reader has installed.
    symlinkSync(join(ROOT, 'node_modules'), join(reader.#home, 'node_modules'));
    await reader.#portFor(DEFAULT_PORT);
    return reader;
  }

  /** Runs a command line as a page shows it; `ids` are those that the page has shown so far. */
  async type(text: string, ids: Ids): Promise<Printed> {
    for (const [port] of text.matchAll(PORTS)) await this.#portFor(port);
    const line = this.#inThisRun(text, ids);
    const lines: string[] = [];
    for (const part of line.split(' && ')) {
      const { code, printed } = await this.#run(part);
      lines.push(...this.#inPage(printed));
      this.#code = code;
      if (code !== 0) break;
    }
    return { code: this.#code, lines };
  }

  /** Writes a file that the page shows, relative to the working directory. */
  write({ name, text }: { name: string; text: string }): void {
    const file = join(this.#directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.#main('down --all');
    this.#aws?.engine.stop();
    for (const port of this.#ports.values()) port.release();
    vi.unstubAllEnvs();
    rmSync(this.#home, { recursive: true, force: true });
  }

  async #run(line: string): Promise<{ code: number; printed: string }> {
    const directory = /^cd (\S+)$/.exec(line)?.[1];
    if (directory !== undefined) {
      this.#directory = join(this.#directory, directory);
      return { code: 0, printed: '' };
    }
    if (line === 'echo $?') return { code: 0, printed: `${this.#code}\n` };
    if (/^export( \w+=\S+)+$/.test(line)) {
      for (const [, name, value] of line.matchAll(/(\w+)=(\S+)/g)) this.#exports[name!] = value!;
      return { code: 0, printed: '' };
    }
    if (line === 'eval "$(cliffracer env)"') {
      const { code, printed } = await this.#main('env --shell bash');
      for (const [, name, value] of printed.matchAll(/^export (\w+)='(.*)'$/gm)) this.#exports[name!] = value!;
      return { code, printed: '' };
    }
    const background = /^cliffracer ([^|>;`$]+) > \/dev\/null &$/.exec(line)?.[1];
    if (background !== undefined) return this.#start(background);
    if (line === 'kill %1') return this.#stop();
    const command = /^cliffracer ([^|>;`$]+)$/.exec(line)?.[1];
    return command === undefined ? this.#bash(line) : this.#main(command);
  }

  /** What is started in the background is at work, and says so, before the reader types on. */
  async #start(line: string): Promise<{ code: number; printed: string }> {
    const controller = new AbortController();
    let ended: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      ended = this.#main(line, controller.signal, resolve).finally(resolve);
    });
    this.#job = async () => {
      controller.abort(new Error('terminated'));
      await ended;
    };
    return { code: 0, printed: '' };
  }

  async #stop(): Promise<{ code: number; printed: string }> {
    await this.#job?.();
    this.#job = undefined;
    return { code: 0, printed: '' };
  }

  async #main(
    line: string,
    signal = new AbortController().signal,
    printing: () => void = () => {},
  ): Promise<{ code: number; printed: string }> {
    const stdout = collect(COLUMNS, printing);
    const stderr = collect(undefined);
    const { now, pass } = this.#realTime ? { now: Date.now, pass: () => {} } : steadyTime();
    const code = await main({
      argv: words(line),
      env: this.#environment(line),
      io: { stdin: new PassThrough(), stdout, stderr },
      clock: {
        now,
        sleep: (ms) => {
          pass(ms);
          return new Promise((done) => setTimeout(done, ms));
        },
      },
      system: systemIn(this.#directory, { stdout, stderr }),
      signal,
      ...(this.#isForAws(line) && { awsRequestHandler: this.#standIn() }),
    });
    return { code, printed: code === 0 ? stdout.text : `${stdout.text}${stderr.text}` };
  }

  #bash(line: string): { code: number; printed: string } {
    const bin = join(this.#home, 'bin');
    mkdirSync(bin, { recursive: true });
    const program = join(bin, 'cliffracer');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'bin/cliffracer.js')}" "$@"\n`);
    chmodSync(program, 0o755);
    const environment = this.#environment(line);
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
      cwd: this.#directory,
      encoding: 'utf8',
      env: {
        ...environment,
        HOME: process.env.HOME,
        CLIFFRACER_HOME: join(this.#home, '.local/state/cliffracer'),
        PATH: `${bin}:${environment.PATH}`,
        AWS_PAGER: '',
      },
    });
    return { code: status ?? 1, printed: status === 0 ? stdout : `${stdout}${stderr}` };
  }

  #environment(line: string): Record<string, string> {
    const port = this.#ports.get(DEFAULT_PORT)!.port;
    this.#started ||= line.startsWith('up');
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.#home,
      SHELL: '/bin/bash',
      NO_COLOR: '1',
      // Where an engine is looked for by default; once one has been started, that one is the default.
      ...((!this.#started || line.startsWith('up')) && { CLIFFRACER_PORT: String(port) }),
      CLIFFRACER_ENGINE: 'embedded',
      AWS_CONFIG_FILE: join(this.#home, 'aws-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(this.#home, 'aws-credentials'),
      ...this.#exports,
    };
  }

  #isForAws(line: string): boolean {
    return line.includes('--target aws') || this.#exports.CLIFFRACER_TARGET === 'aws';
  }

  /** AWS, with a profile `shop`: the credential chain of the SDK looks at the variables of this process. */
  #standIn(): unknown {
    if (this.#aws === undefined) {
      this.#aws = createEmulator({ seed: 1 });
      const keys = `[shop]\naws_access_key_id = ${ACCOUNT}\naws_secret_access_key = secret\n`;
      writeFileSync(join(this.#home, 'aws-config'), '[profile shop]\nregion = eu-west-1\n');
      writeFileSync(join(this.#home, 'aws-credentials'), keys);
      vi.stubEnv('AWS_CONFIG_FILE', join(this.#home, 'aws-config'));
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(this.#home, 'aws-credentials'));
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    }
    return requestHandler(this.#aws);
  }

  async #portFor(port: string): Promise<void> {
    if (!this.#ports.has(port)) this.#ports.set(port, await reservePort());
  }

  #inThisRun(text: string, ids: Ids): string {
    for (const id of idsIn(text)) {
      if (!ids.has(id)) throw new Error(`the page has not shown ${id} before: ${text}`);
    }
    return idsIn(text)
      .reduce((line, id) => line.replaceAll(id, ids.get(id)!), text)
      .replace(PORTS, (port) => String(this.#ports.get(port)!.port));
  }

  #inPage(printed: string): string[] {
    let text = printed.trimEnd().replaceAll(this.#home, READERS_HOME);
    for (const [port, { port: real }] of this.#ports) {
      // A column behind it stays where it is.
      text = text.replace(new RegExp(`\\b${real}\\b( {2,})?`, 'g'), (_, gap = '') => `${port}${gap && ` ${gap}`}`);
    }
    return text === '' ? [] : text.split('\n');
  }
}

/** Time that goes on by a millisecond whenever it is asked for: how busy the machine is changes no duration. */
function steadyTime() {
  let time = Date.now();
  return {
    now: () => time++,
    pass: (ms: number) => {
      time += ms;
    },
  };
}
