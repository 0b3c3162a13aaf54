import type { View } from './context.ts';
import { table } from './table.ts';
import { safe, time } from './text.ts';

export interface SnapshotRow {
  name: string;
  taken_at: string;
  bytes: number;
}

export const snapshotsView: View<{ snapshots: readonly SnapshotRow[] }> = ({ snapshots }, context) =>
  snapshots.length === 0
    ? 'No snapshots. Take one: cliffracer snapshot save NAME'
    : table(
        [
          { title: 'name', text: (row: SnapshotRow) => row.name, shrinks: 10 },
          { title: 'taken', text: (row) => time(row.taken_at, context) },
          { title: 'size', text: (row) => size(row.bytes), align: 'right' },
        ],
        snapshots,
        context,
      );

const size = (bytes: number) =>
  bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;

export const savedSnapshotView: View<{ snapshot: SnapshotRow }> = ({ snapshot }) =>
  `Saved ${safe(snapshot.name)} (${size(snapshot.bytes)}).`;
export const loadedSnapshotView: View<{ loaded: string }> = ({ loaded }) =>
  `The engine is as it was in ${safe(loaded)}.`;
export const deletedSnapshotView: View<{ deleted: string }> = ({ deleted }) => `Deleted ${safe(deleted)}.`;

export interface DifferenceView {
  from: string;
  to: string | null;
  totals: readonly { service: string; kind: string; added: number; removed: number; changed: number }[];
  differences: readonly { service: string; path: string; change: string; before?: string; after?: string }[];
  truncated: boolean;
}

const SIGNS = { added: ['+', 'green'], removed: ['-', 'red'], changed: ['~', 'yellow'] } as const;

export const differenceView: View<DifferenceView> = ({ from, to, totals, differences, truncated }, context) => {
  const { paint } = context;
  const title = paint.bold(`From ${safe(from)} to ${to === null ? 'the present' : safe(to)}`);
  if (totals.length === 0) return `${title}\nNothing differs.`;
  const lines = differences.map(({ service, path, change, before, after }) => {
    const [sign, colour] = SIGNS[change as keyof typeof SIGNS] ?? ['?', 'dim'];
    const values = [before, after].filter((value) => value !== undefined).map((value) => safe(value));
    return `${paint[colour](sign)} ${paint.cyan(service)} ${safe(path)}  ${paint.dim(values.join(' → '))}`;
  });
  const counts = table(
    [
      { title: 'service', text: (row: DifferenceView['totals'][number]) => row.service },
      { title: 'kind', text: (row) => row.kind, shrinks: true },
      { title: 'added', text: (row) => String(row.added), align: 'right' },
      { title: 'removed', text: (row) => String(row.removed), align: 'right' },
      { title: 'changed', text: (row) => String(row.changed), align: 'right' },
    ],
    totals,
    context,
  );
  return [title, ...lines, ...(truncated ? [paint.dim('and more: give --limit')] : []), '', counts].join('\n');
};
