import type { View, ViewContext } from './context.ts';
import { table } from './table.ts';
import { duration, plural, safe, time } from './text.ts';

/** What the embedded engine tells of its clock, and what fired when it was turned. */
export interface ClockView {
  clock: {
    now: string;
    frozen: boolean;
    pending_timers: number;
    next: { at: string; in_ms: number; service: string; kind: string } | null;
  };
  fired_count?: number;
  fired?: readonly { at: string; service: string; kind: string; what: string }[];
}

export const clockView: View<ClockView> = ({ clock, fired, fired_count }, context) => {
  const { paint } = context;
  const field = (label: string, value: string) => `${paint.dim(label.padEnd(8))} ${value}`;
  const { next } = clock;
  const lines = [
    field('time', `${safe(clock.now)}  ${clock.frozen ? paint.yellow('frozen') : paint.green('running')}`),
    field('timers', plural(clock.pending_timers, 'timer')),
    ...(next === null
      ? []
      : [field('next', `${safe(next.service)} ${safe(next.kind)} in ${longDuration(next.in_ms)}`)]),
  ];
  if (fired === undefined) return lines.join('\n');
  const happened = fired.map(
    ({ at, service, what }) => `  ${paint.dim(safe(at))}  ${paint.cyan(safe(service))}  ${safe(what)}`,
  );
  const more = (fired_count ?? 0) - fired.length;
  return [
    ...lines,
    happened.length === 0 ? paint.dim('Nothing fired.') : `${plural(fired_count ?? fired.length, 'timer')} fired:`,
    ...happened,
    ...(more > 0 ? [paint.dim(`  and ${more} more`)] : []),
  ].join('\n');
};

const longDuration = (ms: number) => duration(Math.round(ms));

export interface PeekView {
  queue: string;
  state: string;
  ready: number;
  in_flight: number;
  delayed: number;
  messages: readonly {
    message_id: string;
    body: string;
    attributes: readonly { name: string; value?: unknown }[];
    receive_count: number;
    sent_at: string;
    visible_at?: string | null;
  }[];
}

export const peekView: View<PeekView> = (peeked, context) => {
  const { paint } = context;
  const { queue, state, ready, in_flight, delayed, messages } = peeked;
  const title = `${paint.bold(safe(queue))}: ${ready} ready, ${in_flight} in flight, ${delayed} delayed`;
  if (messages.length === 0) return `${title}\nNo message is ${safe(state)}.`;
  return [title, ...messages.map((message) => messageText(message, context))].join('\n');
};

function messageText(message: PeekView['messages'][number], context: ViewContext): string {
  const { paint } = context;
  const eventType = message.attributes.find(({ name }) => name === 'event_type')?.value;
  const head = [
    paint.cyan(safe(message.message_id)),
    typeof eventType === 'string' ? safe(eventType) : '',
    paint.dim(`sent ${time(message.sent_at, context)}, received ${plural(message.receive_count, 'time')}`),
    message.visible_at ? paint.yellow(`visible ${time(message.visible_at, context)}`) : '',
  ];
  return `\n${head.filter((part) => part !== '').join('  ')}\n  ${safe(message.body)}`;
}

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
          { title: 'name', text: (row: SnapshotRow) => row.name },
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
