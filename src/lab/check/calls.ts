import type { Call } from '../calls/call.ts';
import type { RunDelivery } from './model.ts';
import { isAnswered } from './watch.ts';

/** How a delivery ended. */
export function endOf(calls: readonly Call[], messageId: string): RunDelivery['end'] {
  if (!isAnswered(calls, messageId)) return 'unanswered';
  const isDeleted = calls.some(({ effects }) =>
    effects.some((each) => each.kind === 'message' && each.message_id === messageId && each.change === 'deleted'),
  );
  return isDeleted ? 'deleted' : 'returned';
}

/** An SDK's retries of one call count as one: they share its invocation id. */
export function logical(calls: readonly Call[]): Call[] {
  const seen = new Set<string>();
  return calls.filter(({ invocation_id: id }) => {
    if (id === null) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
