import { emitKeypressEvents, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Io } from './io.ts';

/** A lone Esc is told from the beginning of an arrow key by what follows within this time. */
const ESCAPE_MS = 50;

/** Runs a question whose signal aborts when the person presses Esc, or with `outer`. */
export async function untilEscape<T>(
  stdin: Io['stdin'],
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<{ answer: T } | 'escaped'> {
  const leave = new AbortController();
  const onKey = (_text: unknown, key: { name?: string } | undefined) => {
    if (key?.name === 'escape') leave.abort();
  };
  // Once a stream has a decoder of keys, readline takes it as it is; its own waits 500 ms.
  emitKeypressEvents(stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface);
  stdin.on('keypress', onKey);
  try {
    return { answer: await run(AbortSignal.any([outer, leave.signal])) };
  } catch (error) {
    if (leave.signal.aborted && !outer.aborted) return 'escaped';
    throw error;
  } finally {
    stdin.off('keypress', onKey);
  }
}

const COLOURS = /\u001b\[[\d;]*m/g;

/** The stream without colours: the library of prompts paints whatever NO_COLOR says. */
export function withoutColours(stream: Io['stderr']): NodeJS.WritableStream {
  const plain = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      stream.write(String(chunk).replace(COLOURS, ''));
      done();
    },
  });
  const columns = { get: () => stream.columns };
  return Object.defineProperties(plain, { isTTY: { value: true }, columns });
}
