import { safe } from '../views/text.ts';
import type { OutputStream } from './io.ts';

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
  readonly #stream: OutputStream;
  readonly #silent: boolean;
  #outer: Progress | undefined;

  constructor(stream: OutputStream, json: boolean) {
    this.#stream = stream;
    this.#silent = json || !stream.isTTY;
  }

  async start(text: string): Promise<Progress> {
    if (this.#silent) return SILENT;
    const outer = this.#outer;
    if (outer !== undefined) {
      outer.update(text);
      return { update: (next) => outer.update(next), stop() {} };
    }
    const { default: ora } = await import('ora');
    const stream = this.#stream as unknown as NodeJS.WritableStream;
    const spinner = ora({ text: safe(text), stream, discardStdin: false }).start();
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
