import type { Call } from './call.ts';
import type { CallLog } from './port.ts';

const MOST_LOADS = 10_000;

/**
 * The calls without those that a loaded snapshot undid, as far as the calls tell: a message that is sent or received once more
 * under the same id, in the same attempt, was put back to before the first time. An engine that loads a snapshot draws the same
 * ids again. Calls in the order of the log.
 */
export async function withoutUndone(log: CallLog, calls: readonly Call[]): Promise<Call[]> {
  const marks = calls.flatMap(marksOf);
  if (new Set(marks).size === marks.length) return [...calls];
  const { calls: own } = await log.page({ caller: 'engine', service: 'engine', last: true, limit: MOST_LOADS });
  const loads = own.filter(({ operation }) => operation === 'LoadSnapshot').map(({ seq }) => seq);
  return present(calls, loads);
}

function present(calls: readonly Call[], loads: readonly number[]): Call[] {
  let kept: Call[] = [];
  let seen = new Map<string, number>();
  for (const call of calls) {
    const load = loads.findLast((seq) => seq < call.seq) ?? 0;
    const first = Math.min(...marksOf(call).map((mark) => seen.get(mark) ?? Number.POSITIVE_INFINITY));
    if (first < load) {
      kept = kept.filter(({ seq }) => seq < first || seq > load);
      seen = new Map(kept.flatMap((each) => marksOf(each).map((mark) => [mark, each.seq] as const)));
    }
    for (const mark of marksOf(call)) seen.set(mark, call.seq);
    kept.push(call);
  }
  return kept;
}

/** What happens to a message once: it is sent, and received in each attempt. */
const marksOf = ({ effects }: Call): string[] =>
  effects.flatMap((effect) => {
    if (effect.kind !== 'message') return [];
    const { change, queue, message_id, receives } = effect;
    if (change === 'sent') return [`${message_id} sent`];
    return change === 'received' ? [`${message_id} ${queue} ${receives}`] : [];
  });
