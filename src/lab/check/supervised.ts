import { CliffracerError } from '../../errors.ts';
import { type Child, type ChildOptions, startChild } from '../consumers/child.ts';

/** A consumer that runs as a process, and is started again whenever it ends, as a supervisor does. */
export interface SupervisedCommand {
  /** Rejects when the program cannot be run, or ends again and again without getting anywhere. */
  failed: Promise<never>;
  /** Says that the consumer got somewhere: ends before that do not count any more. */
  progressed(): void;
  /** Asks it to end, then makes it. */
  stop(): Promise<void>;
}

export interface SuperviseOptions extends Pick<ChildOptions, 'directory' | 'env' | 'kill'> {
  name: string;
  clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** Runs between an end and the next start. */
  beforeRestart(): Promise<void>;
}

/** Time between the request to end and the end. */
const GRACE_MS = 3_000;
const PAUSE_MS = 100;
/** Ends in a row without any progress. */
const MOST_ENDS = 5;

export function superviseCommand(command: readonly string[], options: SuperviseOptions): SupervisedCommand {
  const { name, clock, beforeRestart } = options;
  const program = command[0] ?? '';
  const stopping = new AbortController();
  let ends = 0;
  let lastLine = '';
  let child: Child | undefined;
  const onLine = (_stream: string, text: string) => {
    if (text.trim() !== '') lastLine = text;
  };
  const failed = (async (): Promise<never> => {
    while (!stopping.signal.aborted) {
      child = await startChild({ ...options, consumer: name, command, onLine }).catch(() => {
        throw new CliffracerError('invalid_input', `${JSON.stringify(program)} cannot be started`);
      });
      const reason = await child.exited;
      if (!stopping.signal.aborted && ++ends >= MOST_ENDS) {
        throw new CliffracerError('not_settled', `${program} ends again and again, ${reason}: ${lastLine}`);
      }
      await beforeRestart();
      await clock.sleep(PAUSE_MS, stopping.signal);
    }
    return new Promise<never>(() => {});
  })();
  return {
    failed,
    progressed() {
      ends = 0;
    },
    async stop() {
      stopping.abort();
      if (child === undefined) return;
      child.signal('SIGTERM');
      const exited = new AbortController();
      const gone = child.exited.then(() => exited.abort());
      await clock.sleep(GRACE_MS, exited.signal);
      if (!exited.signal.aborted) child.signal('SIGKILL');
      await gone;
    },
  };
}
