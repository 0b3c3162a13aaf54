import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePort } from '../scripts/ports.mjs';

const BIN = join(import.meta.dirname, '..', 'bin', 'cliffracer.js');

/** The built program with a home and a port of its own. */
export class Program {
  home = mkdtempSync(join(tmpdir(), 'cliffracer-bench-'));
  endpoint = '';
  #port;

  async open() {
    this.#port = await reservePort();
    this.endpoint = `http://127.0.0.1:${this.#port.port}`;
    return this;
  }

  spawn(args, stderr = 'inherit') {
    const { PATH } = process.env;
    const own = { HOME: this.home, CLIFFRACER_HOME: this.home, AWS_ENDPOINT_URL: this.endpoint };
    const env = { PATH, ...own, CLIFFRACER_ENGINE: 'embedded' };
    return spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', stderr] });
  }

  /** Milliseconds from start to end of a run of Node.js, and what it printed. */
  node(args) {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = this.spawn(args);
      let stdout = '';
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve({ ms: performance.now() - started, stdout });
        else reject(new Error(`node ${args.join(' ')} ended with ${code}`));
      });
    });
  }

  /** A command that runs until it is stopped; `ended` rejects when it ends by itself. */
  start(line, onText) {
    const child = this.spawn([BIN, ...line.split(' ')], 'ignore');
    child.stdout.setEncoding('utf8').on('data', onText);
    let stopped = false;
    const ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => (stopped ? resolve() : reject(new Error(`${line} ended with ${code}`))));
    });
    const stop = () => {
      stopped = true;
      child.kill('SIGINT');
      return ended;
    };
    return { ended, stop };
  }

  run(line) {
    return this.node([BIN, ...line.split(' ')]);
  }

  async close() {
    await this.run('down --all');
    rmSync(this.home, { recursive: true, force: true });
    this.#port.release();
  }
}
