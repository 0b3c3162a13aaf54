import { stat } from 'node:fs/promises';
import { openRegular } from '../state-files.ts';

const CHUNK = 64 * 1024;

/** The last lines of a file, read from its end and not from before `from`. */
export async function lastLines(file: string, count: number, from = 0): Promise<string[]> {
  const handle = await openRegular(file);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    let text = '';
    let at = size;
    while (at > from && newlines(text) <= count) {
      const length = Math.min(CHUNK, at - from);
      at -= length;
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, at);
      text = buffer.toString('utf8') + text;
    }
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(-count);
  } finally {
    await handle.close();
  }
}

const newlines = (text: string) => text.split('\n').length - 1;

interface Pauses {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const POLL_MS = 200;

/** Lines as they are added to a file, until the signal. A file that becomes shorter is read from its start. */
export async function* newLines(file: string, clock: Pauses, signal: AbortSignal): AsyncGenerator<string> {
  let at = (await stat(file).catch(() => undefined))?.size ?? 0;
  let rest = Buffer.alloc(0);
  while (!signal.aborted) {
    const size = (await stat(file).catch(() => undefined))?.size ?? 0;
    if (size < at) at = 0;
    if (size === at) {
      await clock.sleep(POLL_MS, signal);
      continue;
    }
    const added = await readRange(file, at, Math.min(size, at + CHUNK));
    if (added.length === 0) await clock.sleep(POLL_MS, signal);
    at += added.length;
    rest = Buffer.concat([rest, added]);
    const end = rest.lastIndexOf(10);
    if (end === -1) continue;
    yield* rest.subarray(0, end).toString('utf8').split('\n');
    rest = rest.subarray(end + 1);
  }
}

async function readRange(file: string, from: number, to: number): Promise<Buffer> {
  const handle = await openRegular(file);
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
