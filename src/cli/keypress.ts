import { emitKeypressEvents } from 'node:readline';
import type { Io } from './io.ts';

interface Key {
  name?: string;
  ctrl?: boolean;
}

type Keyboard = Io['stdin'] & { setRawMode?(raw: boolean): unknown };

/** Reads single keys, without Enter. Keys that were pressed ahead are kept for the next question. */
export class Keypresses {
  readonly #stdin: Keyboard;
  readonly #ahead: string[] = [];

  constructor(stdin: Keyboard) {
    this.#stdin = stdin;
  }

  /**
   * The next key that is among `keys`, where Enter is the first of them and Ctrl-D is `q`; undefined once `given up` aborts.
   * `interrupted` on Ctrl-C, and when the terminal goes away.
   */
  async read(keys: readonly string[], givenUp: AbortSignal): Promise<string | undefined | 'interrupted'> {
    while (this.#ahead.length > 0) {
      const key = this.#ahead.shift()!;
      if (key === INTERRUPT || keys.includes(key)) return key;
    }
    if (givenUp.aborted) return undefined;
    return new Promise((resolve) => {
      let answered = false;
      const end = (answer: string | undefined) => {
        if (answered) return;
        answered = true;
        // What else came in the same piece is kept, so the listener goes only after it.
        queueMicrotask(() => {
          this.#stdin.off('keypress', onKey).off('end', onEnd).off('error', onEnd);
          givenUp.removeEventListener('abort', onAbort);
          this.#stdin.setRawMode?.(false);
          this.#stdin.pause();
          resolve(answer);
        });
      };
      const onKey = (text: string | undefined, { name, ctrl }: Key) => {
        const key = keyOf(text, name, ctrl, keys[0]!);
        if (key === undefined) return;
        if (answered) this.#ahead.push(key);
        else if (key === INTERRUPT || keys.includes(key)) end(key);
      };
      const onEnd = () => end(INTERRUPT);
      const onAbort = () => end(undefined);
      emitKeypressEvents(this.#stdin);
      this.#stdin.on('keypress', onKey).once('end', onEnd).once('error', onEnd);
      givenUp.addEventListener('abort', onAbort, { once: true });
      this.#stdin.setRawMode?.(true);
      this.#stdin.resume();
    });
  }
}

const INTERRUPT = 'interrupted';

function keyOf(
  text: string | undefined,
  name: string | undefined,
  ctrl: boolean | undefined,
  enter: string,
): string | undefined {
  if (ctrl) return name === 'c' ? INTERRUPT : name === 'd' ? 'q' : undefined;
  if (name === 'return' || name === 'enter') return enter;
  return text?.toLowerCase();
}
