import { CliffracerError } from '../../errors.ts';
import type { Call } from './call.ts';
import type { CallLog, CallSelection } from './port.ts';

/** What happens while calls are followed; `dropped` were not kept until they could be read. */
export type FollowedCalls =
  | { kind: 'calls'; calls: Call[] }
  | { kind: 'dropped'; dropped: number }
  | { kind: 'engine_ended' };

const WAIT_MS = 20_000;
const PAGE = 2_000;

export interface FollowOptions extends CallSelection {
  /** How many of the calls before to begin with. */
  last: number;
}

/** Calls as they come, until `signal` aborts or the engine ends. */
export async function* followCalls(
  log: CallLog,
  { last, ...selection }: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<FollowedCalls, void, undefined> {
  const start = await log.page({ ...selection, last: true, limit: Math.max(1, last) });
  if (last > 0 && start.calls.length > 0) yield { kind: 'calls', calls: start.calls };
  let after = start.next;
  while (!signal.aborted) {
    let page: Awaited<ReturnType<CallLog['page']>>;
    try {
      page = await log.page({ ...selection, after, limit: PAGE, wait: WAIT_MS }, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CliffracerError) || error.code !== 'engine_unreachable') throw error;
      yield { kind: 'engine_ended' };
      return;
    }
    if (page.dropped > 0) yield { kind: 'dropped', dropped: page.dropped };
    if (page.calls.length > 0) yield { kind: 'calls', calls: page.calls };
    // A new engine at the same address counts from one again.
    after = page.next;
  }
}
