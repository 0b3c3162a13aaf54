import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { CliffracerError } from '../errors.ts';
import { awsCodeOf } from './errors.ts';

/** Lets time pass; the program's clock, turned by tests. */
export interface Pauses {
  sleep(ms: number): Promise<void>;
}

/** For callers without a clock of their own, such as scripts. */
export const realPauses: Pauses = { sleep: (ms) => setTimeout(ms) };

/** Engines that load a service at its first use may need many seconds for the first answer. */
export const ANSWER_TIMEOUT_MS = 30_000;

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 2_000;
const LONGEST_SPREAD_MS = 400;

export const pauseMs = (attempt: number): number => Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);

/**
 * A pause of its own for whoever waits with others for the same thing: equal pauses would bring all of them back at the same
 * moment (AWS Architecture Blog, "Exponential Backoff And Jitter"). It is drawn from what the caller asks for, so that the same
 * run has the same pauses.
 */
export function spreadPauseMs(attempt: number, request: string): number {
  const drawn = createHash('md5').update(`${attempt} ${request}`).digest().readUInt32LE() / 2 ** 32;
  return Math.ceil(drawn * Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_SPREAD_MS));
}

/**
 * Asks until there is an answer, with growing pauses, as eventual consistency wants it. The limit counts pauses only, so
 * that a slow engine is not given up between two questions.
 */
export async function eventually<T>(
  what: string,
  limitMs: number,
  pauses: Pauses,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  let waited = 0;
  for (let attempt = 0; ; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (waited >= limitMs) {
      throw new CliffracerError('timeout', `${what} did not happen within ${Math.round(limitMs / 1_000)} s`, {
        retryable: true,
      });
    }
    await pauses.sleep(pauseMs(attempt));
    waited += pauseMs(attempt);
  }
}

const PASSES_WITHIN_MS = 60_000;

/**
 * Retries with growing pauses while AWS answers with one of these codes, as for a concurrent change of the same resource or
 * one not visible yet. The SDK retries throttling itself, but not these.
 */
export async function retryOn<T>(what: string, codes: RegExp, pauses: Pauses, call: () => Promise<T>): Promise<T> {
  let last: unknown;
  const ask = async () => {
    try {
      return { answer: await call() };
    } catch (error) {
      last = error;
      if (codes.test(awsCodeOf(error) ?? '')) return undefined;
      throw error;
    }
  };
  try {
    return (await eventually(what, PASSES_WITHIN_MS, pauses, ask)).answer;
  } catch (error) {
    // What AWS said to the end tells more than that it took too long.
    throw last ?? error;
  }
}
