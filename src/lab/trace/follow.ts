import type { CallLog } from '../calls/port.ts';
import { type CallTrace, messagesOf, type TraceDelivery } from './model.ts';
import { readTrace } from './read.ts';

export type TraceFact = ({ kind: 'step' } & Omit<TraceDelivery, 'calls'>) | ({ kind: 'trace' } & CallTrace);

const WAIT_MS = 20_000;
/** Between two looks, as each reads all that is connected. */
const PAUSE_MS = 300;

interface Pauses {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Each delivery that has ended, as it ends, until no message is missing or `signal` aborts; then the whole trace. Rejects with
 * `not_found`.
 */
export async function* followTrace(
  log: CallLog,
  id: string,
  { clock, signal }: { clock: Pauses; signal: AbortSignal },
): AsyncGenerator<TraceFact, void, undefined> {
  const told = new Set<string>();
  let { next: after } = await log.page({ after: 'now', limit: 1 });
  for (;;) {
    const trace = await readTrace(log, id);
    for (const delivery of endedIn(trace)) {
      const { calls: _, ...step } = delivery;
      if (!told.has(step.id)) yield { kind: 'step', ...step };
      told.add(step.id);
    }
    if (signal.aborted || trace.missing.length === 0) {
      yield { kind: 'trace', ...trace };
      return;
    }
    try {
      ({ next: after } = await log.page({ after, limit: 10_000, wait: WAIT_MS }, signal));
      await clock.sleep(PAUSE_MS, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

const endedIn = (trace: CallTrace): TraceDelivery[] =>
  [...messagesOf(trace)]
    .flatMap(({ deliveries }) => deliveries)
    .filter(({ end }) => end !== null)
    .sort((a, b) => a.after_ms - b.after_ms);
