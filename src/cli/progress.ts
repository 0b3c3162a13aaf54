import { safe } from '../views/text.ts';
import type { Io } from './io.ts';

/** Says on stderr what is going on while a person waits. */
export interface Progress {
  update(text: string): void;
  stop(): void;
}

const SILENT: Progress = { update() {}, stop() {} };

/**
 * Spinners on a terminal; nothing in a pipe, in CI logs and under `--json`. Work within work shares the one spinner,
 * and leaves it as it found it.
 */
export class ProgressLine {
  readonly #io: Pick<Io, 'stderr'>;
  readonly #options: { json: boolean; colour: boolean };
  #outer: Progress | undefined;

  constructor(io: Pick<Io, 'stderr'>, options: { json: boolean; colour: boolean }) {
    this.#io = io;
    this.#options = options;
  }

  async start(text: string): Promise<Progress> {
    const { json, colour } = this.#options;
    if (json || !this.#io.stderr.isTTY) return SILENT;
    const outer = this.#outer;
    if (outer !== undefined) {
      outer.update(text);
      return { update: (next) => outer.update(next), stop() {} };
    }
    const { default: ora } = await import('ora');
    const stream = this.#io.stderr as unknown as NodeJS.WritableStream;
    const spinner = ora({ text: safe(text), stream, discardStdin: false, ...(!colour && { color: false }) }).start();
    const progress = {
      update: (next: string) => {
        spinner.text = safe(next);
      },
      stop: () => {
        this.#outer = undefined;
        spinner.stop();
      },
    };
    this.#outer = progress;
    return progress;
  }
}
