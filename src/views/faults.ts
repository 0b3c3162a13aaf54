import type { View } from './context.ts';
import { table } from './table.ts';
import { plural, safe } from './text.ts';

export interface FaultRow {
  id: number;
  rule: string;
  /** Calls and entries of batches that it could have struck, and how many it did. */
  seen: number;
  struck: number;
  /** Calls that it could not strike, by `service:Operation`; of a rule that could strike none so far. */
  missed: Readonly<Record<string, number>>;
  remaining: number | null;
  rate: number;
}

export const faultsView: View<{ faults: readonly FaultRow[] }> = ({ faults }, context) =>
  faults.length === 0
    ? 'No faults: every call does what it should.'
    : [
        table(
          [
            { title: 'id', text: (row: FaultRow) => String(row.id), align: 'right' },
            { title: 'rule', text: (row) => row.rule, wraps: true },
            { title: 'seen', text: (row) => String(row.seen), align: 'right' },
            { title: 'struck', text: (row) => String(row.struck), align: 'right' },
            {
              title: 'left',
              text: (row) => (row.remaining === null ? 'no end' : String(row.remaining)),
              align: 'right',
            },
          ],
          faults,
          context,
        ),
        ...faults.flatMap(unstruck),
      ].join('\n');

const MOST_NAMED = 5;

/** Says of a rule that could strike nothing which calls there were instead. */
function unstruck({ id, missed }: FaultRow): string[] {
  const calls = Object.entries(missed).sort(([, a], [, b]) => b - a);
  if (calls.length === 0) return [];
  const named = calls.slice(0, MOST_NAMED).map(([name, count]) => `  ${safe(name)}, ${plural(count, 'call')}`);
  const more = calls.length > MOST_NAMED ? [`  and ${plural(calls.length - MOST_NAMED, 'more operation')}`] : [];
  return [`Rule ${id} could strike none of the calls so far:`, ...named, ...more];
}

export const removedFaultsView: View<{ removed: readonly FaultRow[] }> = ({ removed }) =>
  removed.length === 0
    ? 'There were no faults.'
    : removed.map(({ rule, struck }) => `removed: ${safe(rule)} (${plural(struck, 'strike')})`).join('\n');
