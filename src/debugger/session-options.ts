import type { Breakpoint } from './breakpoint.ts';

export interface SessionOptions {
  breakpoints: readonly Breakpoint[];
  /** Runs without a stop until this holds; `ends`: the session is over then. */
  until?: { breakpoint: Breakpoint; ends: boolean };
  /** Ends after so many messages. */
  max?: number;
  /** A person says what is done, and sees what a stop shows; else flags do, for every stop alike. */
  asks: boolean;
  signal: AbortSignal;
  /** Milliseconds of real time. */
  elapsed(): number;
}
