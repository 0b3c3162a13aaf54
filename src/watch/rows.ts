import type { WatchedCall, WatchedEvent } from '../lab/watch/event.ts';
import type { Line, SeenConsumer, WatchedQueue, WatchedSystem } from '../lab/watch/model.ts';
import type { SeenTopic } from '../lab/watch/port.ts';
import { remembered } from './remembered.ts';
import type { Entries, Entry, Subject, Ui } from './ui.ts';

/** A row of one of the two lists. `id` is undefined for what cannot be selected. */
export type Row =
  | { kind: 'heading'; id: undefined; text: string }
  | { kind: 'topic'; id: string; topic: SeenTopic }
  | { kind: 'queue'; id: string; queue: WatchedQueue }
  | { kind: 'consumer'; id: string; consumer: SeenConsumer }
  | { kind: 'event'; id: string; event: Line<WatchedEvent> }
  | { kind: 'call'; id: string; call: Line<WatchedCall> }
  | { kind: 'entry'; id: string; entry: Entry };

/** What the rows are made of. */
export interface Seen {
  system: WatchedSystem;
  /** Of the list that is shown, when it is one that is read as a whole. */
  entries?: Entries | undefined;
}

/** The left list: topics, queues and consumers. */
export function systemRows({ system }: Seen, { filters }: Ui): Row[] {
  const { queues, topics, consumers } = system;
  const { system: filter } = filters;
  return [
    ...section('QUEUES', queues, filter, (queue) => ({ kind: 'queue', id: `queue/${queue.queue}`, queue })),
    ...section('TOPICS', topics, filter, (topic) => ({ kind: 'topic', id: `topic/${topic.name}`, topic })),
    ...section('CONSUMERS', consumers, filter, (consumer) => {
      return { kind: 'consumer', id: `consumer/${consumer.caller}`, consumer };
    }),
  ];
}

/** The rows of what matches, below a heading, as long as there are any. */
function section<T>(text: string, all: readonly T[], filter: string, rowOf: (each: T) => Row): readonly Row[] {
  return remembered(all, filter, () => {
    const matches = matcher(filter);
    const rows = all.map(rowOf).filter(({ id = '' }) => matches(() => id.slice(id.indexOf('/') + 1)));
    return rows.length === 0 ? [] : [{ kind: 'heading', id: undefined, text }, ...rows];
  });
}

/** The middle list, oldest first. */
export function listRows({ system, entries }: Seen, { list, filters }: Ui): Row[] {
  const matches = matcher(filters.list);
  switch (list) {
    case 'events':
      return remembered(system.events, filters.list, () =>
        system.events
          .filter((event) => matches(() => Object.values(event).join(' ')))
          .map((event) => ({ kind: 'event', id: String(event.line), event })),
      );
    case 'calls':
      return remembered(system.calls, filters.list, () =>
        system.calls
          .filter((call) => matches(() => Object.values(call).join(' ')))
          .map((call) => ({ kind: 'call', id: String(call.line), call })),
      );
    default:
      if (entries?.list !== list) return [];
      return entries.rows
        .filter(({ cells }) => matches(() => cells.join(' ')))
        .map((entry) => ({ kind: 'entry', id: entry.id, entry }));
  }
}

function matcher(filter: string): (text: () => string) => boolean {
  if (filter === '') return () => true;
  const wanted = filter.toLowerCase();
  return (text) => text().toLowerCase().includes(wanted);
}

/** Whether a list follows its newest row until one is selected. */
export const follows = ({ list }: Ui) => list === 'events' || list === 'calls';

/** The selected row's place; the newest, or the first, where none is selected or it has gone. -1 when there is no row. */
export function selectedIndex(rows: readonly Row[], id: string | undefined, newest: boolean): number {
  const found = id === undefined ? -1 : rows.findIndex((row) => row.id === id);
  if (found !== -1) return found;
  // Those that are no longer remembered were the oldest.
  const first = rows.findIndex((row) => row.id !== undefined);
  return newest && id === undefined ? rows.length - 1 : first;
}

/** The row that keys are about. */
export function selectedRow(seen: Seen, ui: Ui): Row | undefined {
  if (ui.from === 'system') {
    const rows = systemRows(seen, ui);
    return rows[selectedIndex(rows, ui.selected.system, false)];
  }
  const rows = listRows(seen, ui);
  return rows[selectedIndex(rows, ui.selected.list, follows(ui))];
}

/** What the right pane shows. */
export function subjectOf(seen: Seen, ui: Ui): Subject | undefined {
  if (ui.pinned !== undefined) return ui.pinned;
  const row = selectedRow(seen, ui);
  switch (row?.kind) {
    case 'queue':
      return { kind: 'queue', name: row.queue.queue };
    case 'topic':
      return { kind: 'topic', name: row.topic.name };
    case 'consumer':
      return { kind: 'consumer', name: row.consumer.caller };
    case 'event':
      return happened(row.event);
    case 'call':
      return happened(row.call);
    case 'entry':
      return row.entry.subject;
    default:
      return undefined;
  }
}

const happened = ({ message_id, conversation, seq }: WatchedEvent | WatchedCall): Subject => {
  const id = conversation ?? message_id;
  return id === null ? { kind: 'effects', seq } : { kind: 'trace', id };
};
