import type { Call } from '../calls/call.ts';
import type { RunDelivery } from './model.ts';
import { isAnswered } from './watch.ts';
import type { LabWorld } from './world.ts';

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

/** All calls from a cursor of the log on, without receives that brought nothing. */
export async function callsAfter(world: LabWorld, start: number): Promise<Call[]> {
  const found: Call[] = [];
  for (let next = start; ; ) {
    const page = await world.calls.page({ after: next, limit: 10_000 });
    found.push(...page.calls.filter((call) => call.operation !== 'ReceiveMessage' || call.effects.length > 0));
    if (page.next === next) return found;
    next = page.next;
  }
}
