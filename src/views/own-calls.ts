import type { OwnCall } from '../own-calls.ts';
import { duration, safe } from './text.ts';

const NAME = 40;

/** `call  SQS ReceiveMessage    ok  3.1 ms`, for `--debug`. */
export function ownCallLine({ name, outcome, duration_ms }: OwnCall, dim: boolean): string {
  const text = `call  ${safe(name).padEnd(NAME)}  ${safe(outcome)}  ${duration(duration_ms)}`;
  return dim ? `\u001b[2m${text}\u001b[22m` : text;
}
