import { CliffracerError } from '../../errors.ts';
import type { CallLog } from '../calls/port.ts';
import { historyOf } from '../why/history.ts';
import type { DeliveryReport } from '../why/report.ts';
import { type Failure, type Knowledge, NO_KNOWLEDGE, type Tell } from './knowledge.ts';

/** Calls about one message; its last delivery is among the latest. */
const MOST_CALLS = 1_000;

const ENDS: Readonly<Record<string, string>> = {
  returned: 'gave it back',
  timed_out: 'did not delete it in time',
};

/**
 * What the engine's call log tells of any message: in its last delivery, the call that was refused, or how that ended. Nothing
 * on an engine without such a log.
 */
export function callLogKnowledge(log: Pick<CallLog, 'page'>): Knowledge {
  const telling: Tell = async ({ messageId }) => {
    const { calls } = await log.page({ message: messageId, present: true, limit: MOST_CALLS, last: true });
    const { deliveries, dead_lettered } = historyOf(messageId, calls);
    const gaveUp = dead_lettered.at(-1);
    const before = deliveries.filter(({ queue }) => queue === gaveUp?.from);
    return { labels: {}, failure: gaveUp === undefined ? undefined : failureOf(before.at(-1), gaveUp) };
  };
  return {
    tell: NO_KNOWLEDGE.tell,
    async withLog(options) {
      try {
        await log.page({ last: true, limit: 1 });
        return telling;
      } catch (error) {
        if (error instanceof CliffracerError && error.code === 'unsupported') return NO_KNOWLEDGE.withLog(options);
        throw error;
      }
    },
  };
}

function failureOf(last: DeliveryReport | undefined, { receives, at }: { receives: number; at: string }): Failure {
  if (last === undefined) return { attempts: receives };
  const { caller, end, errors, ended_at } = last;
  const told = { attempts: receives, at: ended_at ?? at };
  const refused = errors.at(-1);
  if (refused === undefined)
    return { code: end ?? 'timed_out', message: `${caller} ${ENDS[end ?? 'timed_out']}`, ...told };
  const why = refused.error === null ? '' : `: ${refused.error}`;
  return { code: refused.outcome, message: `${refused.operation} of ${caller}${why}`, ...told };
}
