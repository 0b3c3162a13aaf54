import type { Readable } from 'node:stream';
import type { Environment } from '../environment.ts';

/** A stream that text is written to; a subset of Node's, so that tests can pass their own. */
export interface OutputStream {
  write(text: string): boolean;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  destroyed?: boolean;
  once?(event: 'drain' | 'error' | 'close', run: () => void): unknown;
  on?(event: 'resize', run: () => void): unknown;
  off?(event: 'drain' | 'error' | 'close' | 'resize', run: () => void): unknown;
}

/** The terminal, or what stands in its place. */
export interface Io {
  stdin: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  stdout: OutputStream;
  stderr: OutputStream;
}

const NARROWEST = 40;

/** Columns that a view may fill; a pipe has no width. */
export function widthOf(stream: OutputStream): number {
  return stream.isTTY ? Math.max(NARROWEST, stream.columns ?? 80) : Number.POSITIVE_INFINITY;
}

/**
 * chalk's colour level for a stream: `--no-color` and NO_COLOR (any non-empty value, no-color.org) switch off,
 * FORCE_COLOR (0 to 3, or any other value for 1) wins over both the pipe and NO_COLOR, as in Node itself.
 */
export function colourLevel(stream: OutputStream, env: Environment, noColour: boolean): 0 | 1 | 2 | 3 {
  if (noColour) return 0;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) {
    if (forced === 'false') return 0;
    const level = Number.parseInt(forced, 10);
    return Number.isNaN(level) ? 1 : (Math.max(0, Math.min(3, level)) as 0 | 1 | 2 | 3);
  }
  if (env.NO_COLOR || env.TERM === 'dumb' || !stream.isTTY) return 0;
  return env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit' ? 3 : 1;
}

const SETTLING = ['drain', 'error', 'close'] as const;

/**
 * Resolves once the stream took the text, so that a fast producer does not fill the memory of a slow pipe; also when
 * nobody reads any more, which bin/ hears of.
 */
export function writeText(stream: OutputStream, text: string): Promise<void> {
  if (stream.write(text) || stream.destroyed || stream.once === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      for (const event of SETTLING) stream.off?.(event, done);
      resolve();
    };
    for (const event of SETTLING) stream.once?.(event, done);
  });
}
