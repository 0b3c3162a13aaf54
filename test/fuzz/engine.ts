/** The engine under fuzzing, as a process of its own; the fuzzing process asks it how it is. Needs --expose-gc. */
import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { HostTime } from '../../src/emulator/core/host.ts';
import { serve } from '../../src/emulator/http/server.ts';
import { createEmulator } from '../../src/emulator/index.ts';
import type { S3State } from '../../src/emulator/s3/state.ts';
import { START, WITNESS } from './hints.ts';
import { StallWatch } from './stall.ts';

export interface Health {
  heapBytes: number;
  rssBytes: number;
  /** Errors that were the engine's own fault. */
  errors: string[];
  waiting: number;
  timers: number;
  /** Digest of everything that the client who is not fuzzed owns. */
  witness: string;
}

const errors: string[] = [];
const note = (error: unknown) => errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
process.on('uncaughtException', note);
process.on('unhandledRejection', note);

/** Long polls take no more than a moment; the engine's own clock stands still unless it is moved. */
const host: HostTime = {
  now: () => START,
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, 20));
    return () => clearTimeout(timer);
  },
};

const emulator = createEmulator({
  host,
  seed: Number(process.argv[2]),
  frozenAt: START,
  // Small, and so full before anything is measured: what it keeps is no leak.
  calls: { count: 1_000, bytes: 1024 * 1024 },
  onError: (error, { service, operation }) => {
    note(error);
    errors.push(`(in ${service} ${operation})`);
  },
});
const limits = { headersTimeoutMs: 1_000, requestTimeoutMs: 2_000, checkIntervalMs: 100 };
const server = await serve(emulator, { port: 0, limits });

function witness(): string {
  const { state } = emulator.engine;
  const key = `${WITNESS.account}/${WITNESS.region}`;
  const own: unknown[] = [...state.services].map(([service, scopes]) => [service, scopes.get(key)]);
  const { buckets } = (state.services.get('s3')?.get('*') ?? { buckets: new Map() }) as S3State;
  for (const [name, bucket] of buckets) if (bucket.account === WITNESS.account) own.push(name, bucket);
  return createHash('sha256').update(serialize(own)).digest('hex');
}

function health(): Health {
  // What was just thrown away is gone after the second time.
  for (let round = 0; round < 2; round++) globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { waiters, state } = emulator.engine;
  const counts = { waiting: waiters.size, timers: state.timers.length };
  return { heapBytes: heapUsed + external, rssBytes: rss, errors: errors.splice(0), ...counts, witness: witness() };
}

const stalls = new StallWatch();
process.on('message', (message) => {
  if (message === 'health') process.send?.(health());
  else if (message === 'watch') {
    globalThis.gc?.();
    stalls.start();
    process.send?.({});
  } else if (message === 'stalled') process.send?.({ ms: stalls.stop() });
  else process.exit(0);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: server.port });
