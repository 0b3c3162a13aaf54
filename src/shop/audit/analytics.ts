import { CliffracerError } from '../../errors.ts';
import type { LogsPort } from '../../ports.ts';
import { isOutage } from '../runtime/failure.ts';
import type { SeenByAnalytics } from './conservation.ts';
import type { Scope } from './order-snapshots.ts';
import { type SeenEvents, seenByAnalytics } from './seen-events.ts';

/** The log group keeps lines for 14 days; a margin for clocks. */
const KEPT_MS = 13 * 24 * 3_600_000;

export interface Evidence {
  seen: SeenByAnalytics;
  /** A log line may not be searchable yet. */
  readonly early: boolean;
  notes: string[];
}

/** The events that analytics has handled by its log, because it keeps no records. */
export async function analyticsEvidence(
  logs: LogsPort,
  { order, since, now, logDelayMs = 0 }: Scope & { now?: number; logDelayMs?: number },
): Promise<Evidence> {
  const lines = await seenByAnalytics(logs, { order, since }).catch(unreadable);
  if (lines instanceof CliffracerError) {
    const notes = [`what analytics handled is not known: its log cannot be read (${lines.message})`];
    return { seen: () => undefined, early: false, notes };
  }
  return new Lines(lines, now, logDelayMs);
}

function unreadable(error: unknown): CliffracerError {
  if (!(error instanceof CliffracerError) || isOutage(error)) throw error;
  return error;
}

class Lines implements Evidence {
  readonly notes: string[] = [];
  early = false;
  readonly #lines: SeenEvents;
  readonly #now: number | undefined;
  readonly #delayMs: number;

  constructor(lines: SeenEvents, now: number | undefined, delayMs: number) {
    this.#lines = lines;
    this.#now = now;
    this.#delayMs = delayMs;
  }

  readonly seen: SeenByAnalytics = ({ event_id, timestamp }) => {
    if (this.#lines.has(event_id)) return true;
    if (this.#now === undefined) return false;
    const age = this.#now - Date.parse(timestamp);
    if (age > KEPT_MS) return undefined;
    if (age < this.#delayMs) this.early = true;
    return false;
  };
}
