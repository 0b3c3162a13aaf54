import type { View } from './context.ts';
import { table } from './table.ts';
import { plural, safe } from './text.ts';

export interface FaultRow {
  id: number;
  rule: string;
  hits: number;
  remaining: number | null;
  rate: number;
}

export const faultsView: View<{ faults: readonly FaultRow[] }> = ({ faults }, context) =>
  faults.length === 0
    ? 'No faults: every call does what it should.'
    : table(
        [
          { title: 'id', text: (row: FaultRow) => String(row.id), align: 'right' },
          { title: 'rule', text: (row) => row.rule },
          { title: 'hits', text: (row) => String(row.hits), align: 'right' },
          { title: 'left', text: (row) => (row.remaining === null ? 'no end' : String(row.remaining)), align: 'right' },
        ],
        faults,
        context,
      );

export const removedFaultsView: View<{ removed: readonly FaultRow[] }> = ({ removed }) =>
  removed.length === 0
    ? 'There were no faults.'
    : removed.map(({ rule, hits }) => `removed: ${safe(rule)} (${plural(hits, 'hit')})`).join('\n');
