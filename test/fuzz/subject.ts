import { type ChildProcess, fork } from 'node:child_process';
import type { Health } from './engine.ts';

/** The engine's process, seen from the one that fuzzes it. */
export class Subject {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(entry: string, seed: number): Promise<Subject> {
    const execArgv = ['--expose-gc', '--enable-source-maps'];
    const child = fork(entry, [String(seed)], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { port } = (await answer(child)) as { port: number };
    return new Subject(child, port);
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How it is, after a collection of garbage; undefined when it does not say so in time. */
  async health(): Promise<Health | undefined> {
    if (!this.alive) return undefined;
    this.#child.send('health');
    return (await answer(this.#child).catch(() => undefined)) as Health | undefined;
  }

  /** Begins to measure how long others wait. */
  async watch(): Promise<void> {
    this.#child.send('watch');
    await answer(this.#child);
  }

  /** Milliseconds of processor time in which nobody was answered, the longest since `watch`. */
  async stalled(): Promise<number> {
    this.#child.send('stalled');
    return ((await answer(this.#child)) as { ms: number }).ms;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

const PATIENCE_MS = 20_000;

function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error('the engine does not answer'))), PATIENCE_MS);
    const onMessage = (message: unknown) => end(() => resolve(message));
    const onExit = (code: number | null) => end(() => reject(new Error(`the engine ended (${code})`)));
    const end = (settle: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      settle();
    };
    child.on('message', onMessage).on('exit', onExit);
  });
}
