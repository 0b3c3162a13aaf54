import { safe } from '../views/text.ts';
import type { OutputStream } from './io.ts';

/** Says on stderr what is going on while a person waits. */
export interface Progress {
  update(text: string): void;
  stop(): void;
}

const SILENT: Progress = { update() {}, stop() {} };

/** A spinner on a terminal; nothing in a pipe, in CI logs and under `--json`. */
export async function startProgress(stream: OutputStream, json: boolean, text: string): Promise<Progress> {
  if (json || !stream.isTTY) return SILENT;
  const { default: ora } = await import('ora');
  const spinner = ora({
    text: safe(text),
    stream: stream as unknown as NodeJS.WritableStream,
    discardStdin: false,
  }).start();
  return {
    update: (next) => {
      spinner.text = safe(next);
    },
    stop: () => spinner.stop(),
  };
}
