import { Connection, type Outcome } from './connection.ts';
import type { FuzzRequest } from './encode.ts';
import { complaint } from './verify.ts';

/** What a phase of the run came to. */
export interface Tally {
  name: string;
  requests: number;
  byClass: { '2xx': number; '3xx': number; '4xx': number; '501': number; closed: number };
  /** Operations that were called, and those that succeeded at least once. */
  called: Set<string>;
  succeeded: Set<string>;
  slowestMs: number;
  slowest: string;
  /** How long a request kept everybody else waiting: milliseconds of processor time, where it was measured. */
  stalls: { label: string; ms: number }[];
  /** Everything that must not be: hangs, crashes, answers of 500, answers that cannot be read. */
  failures: string[];
}

export function newTally(name: string): Tally {
  const byClass = { '2xx': 0, '3xx': 0, '4xx': 0, '501': 0, closed: 0 };
  return {
    name,
    requests: 0,
    byClass,
    called: new Set(),
    succeeded: new Set(),
    slowestMs: 0,
    slowest: '',
    stalls: [],
    failures: [],
  };
}

export const HANG_MS = 10_000;

/** Sends as many requests as asked over a few connections; `next` makes each, `seen` hears of its answer. */
export async function sendAll(
  port: number,
  tally: Tally,
  options: { count: number; connections: number },
  next: () => { bytes: Buffer; request: FuzzRequest },
  seen: (request: FuzzRequest, outcome: Outcome) => void = () => {},
): Promise<void> {
  let left = options.count;
  const worker = async () => {
    const connection = new Connection(port, HANG_MS);
    while (left-- > 0 && tally.failures.length < 20) {
      const { bytes, request } = next();
      const started = performance.now();
      const outcome = await connection.send(bytes, request.method === 'HEAD');
      record(tally, request, bytes, outcome, performance.now() - started);
      seen(request, outcome);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: options.connections }, worker));
}

export function record(tally: Tally, request: FuzzRequest, bytes: Buffer, outcome: Outcome, ms: number): void {
  tally.requests++;
  if (ms > tally.slowestMs) [tally.slowestMs, tally.slowest] = [ms, request.label];
  const operation = request.label.split(' ', 2).join(' ');
  tally.called.add(operation);
  if ('hung' in outcome) {
    tally.failures.push(`${request.label}: no answer within ${HANG_MS} ms: ${excerpt(bytes)}`);
  } else if ('closed' in outcome) tally.byClass.closed++;
  else {
    const { status } = outcome.response;
    if (status < 300) tally.byClass['2xx']++;
    else if (status < 400) tally.byClass['3xx']++;
    else if (status < 500) tally.byClass['4xx']++;
    else if (status === 501) tally.byClass['501']++;
    if (status < 400) tally.succeeded.add(operation);
    const wrong = complaint(outcome.response, request.method === 'HEAD');
    if (wrong !== undefined) tally.failures.push(`${request.label}: ${wrong}\n    ${excerpt(bytes)}`);
  }
}

const excerpt = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1', 0, 1500));
