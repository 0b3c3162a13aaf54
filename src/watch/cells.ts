import type { WatchedCall, WatchedEvent } from '../lab/watch/event.ts';
import type { SeenConsumer, WatchedQueue } from '../lab/watch/model.ts';
import type { Palette, ViewContext } from '../views/context.ts';
import { shortId } from '../views/effects.ts';
import { duration, plural } from '../views/text.ts';
import { fitted } from './fit.ts';
import { sparkline } from './sparkline.ts';
import type { Entries, Entry } from './ui.ts';

type Paint = keyof Palette;

/** A piece of a row: its text in so many columns, and how it is painted. */
interface Cell {
  text: string;
  width: number;
  paint?: Paint | undefined;
  align?: 'right';
}

const GAP = 1;
function painted(cells: readonly Cell[], { paint }: ViewContext): string {
  let row = '';
  for (const { text, width, paint: colour, align } of cells) {
    if (width <= 0) continue;
    const shown = fitted(text, width, align);
    if (row !== '') row += ' '.repeat(GAP);
    row += colour === undefined ? shown : paint[colour](shown);
  }
  return row;
}

interface QueueColumn {
  title: string;
  width: number;
  /** Columns that a row must have before this one is shown. */
  from: number;
  cell(queue: WatchedQueue, context: ViewContext): { text: string; paint?: Paint | undefined };
}

const counted =
  (of: (queue: WatchedQueue) => number | null, paint: Paint): QueueColumn['cell'] =>
  (queue) => {
    const count = of(queue);
    return count === null ? { text: '' } : { text: short(count), paint: count === 0 ? 'dim' : paint };
  };

/** Seconds of a queue's history in its row. */
const BARS = 8;

const COLUMNS: readonly QueueColumn[] = [
  { title: 'READY', width: 5, from: 18, cell: counted(({ ready }) => ready, 'bold') },
  { title: 'FLIGHT', width: 6, from: 30, cell: counted(({ in_flight }) => in_flight, 'cyan') },
  { title: 'DELAY', width: 5, from: 60, cell: counted(({ delayed }) => delayed, 'cyan') },
  { title: 'DEAD', width: 4, from: 36, cell: counted(({ dead_letters }) => dead_letters, 'red') },
  {
    ...{ title: 'HELD', width: 4, from: 41 },
    cell: counted(({ hold, held }) => (hold === null ? null : held), 'yellow'),
  },
  { title: '', width: BARS, from: 50, cell: ({ history }) => ({ text: sparkline(history, BARS), paint: 'blue' }) },
  {
    ...{ title: 'OLD', width: 4, from: 55 },
    cell: ({ oldest_at }, { now }) => ({
      text: oldest_at === null ? '' : age(now - Date.parse(oldest_at)),
      paint: 'dim',
    }),
  },
];

const shownColumns = (width: number) => COLUMNS.filter(({ from }) => width >= from);
const nameWidth = (width: number) => width - shownColumns(width).reduce((sum, column) => sum + column.width + GAP, 0);

export function queueHeading(text: string, width: number, context: ViewContext): string {
  const titles = shownColumns(width).map(({ title, width: columns }) => {
    return { text: title, width: columns, paint: 'dim', align: 'right' } as const;
  });
  return painted([{ text, width: nameWidth(width), paint: 'dim' }, ...titles], context);
}

/** What a row of a queue depends on beside the queue as it stands: its history, and its age in words. */
export const queueVersion = ({ history, oldest_at }: WatchedQueue, now: number): string =>
  `${history.slice(-BARS)} ${oldest_at === null ? '' : age(now - Date.parse(oldest_at))}`;

export function queueCells(queue: WatchedQueue, width: number, context: ViewContext): string {
  const { hold, dead_letters_of, ready } = queue;
  const isDead = dead_letters_of.length > 0;
  const paint = hold !== null ? 'yellow' : isDead ? (ready > 0 ? 'red' : 'dim') : undefined;
  const name = hold === null ? queue.queue : `‖ ${queue.queue}`;
  const columns = shownColumns(width).map((column) => {
    return { ...column.cell(queue, context), width: column.width, align: 'right' } as const;
  });
  return painted([{ text: name, width: nameWidth(width), paint }, ...columns], context);
}

export function consumerCells({ caller, queues, received, at }: SeenConsumer, width: number, context: ViewContext) {
  const when = age(context.now - Date.parse(at));
  const text = queues.length === 1 ? queues[0]! : plural(queues.length, 'queue');
  const name = Math.min(16, width);
  const rest = Math.max(0, width - name - 6 - 6 - 3 * GAP);
  return painted(
    [
      { text: caller, width: name, paint: 'cyan' },
      { text, width: rest, paint: 'dim' },
      { text: short(received), width: rest > 0 ? 6 : 0, align: 'right' },
      { text: when, width: rest > 0 ? 6 : 0, align: 'right', paint: 'dim' },
    ],
    context,
  );
}

/** What each event is marked with, and its colour when it is no good news. */
const MARKS: Readonly<Record<WatchedEvent['event'], readonly [mark: string, words: string, paint?: Paint]>> = {
  published: ['»', 'published'],
  sent: ['→', 'sent'],
  received: ['↓', 'received'],
  deleted: ['✓', 'done'],
  returned: ['↻', 'returned', 'yellow'],
  timed_out: ['✗', 'timed out', 'red'],
  dead_lettered: ['✗', 'dead-lettered', 'red'],
  expired: ['✗', 'expired', 'red'],
  moved: ['→', 'moved'],
  ready: ['·', 'ready, its delay ended'],
  duplicate: ['·', 'not taken, a duplicate', 'yellow'],
  extended: ['·', 'hidden for longer'],
  item: ['·', ''],
  object: ['·', ''],
  alarm: ['!', 'alarm', 'yellow'],
  resource: ['·', '', 'dim'],
  world: ['·', '', 'yellow'],
  refused: ['✗', '', 'red'],
};

/** An event in words, without its time and caller: `» order-events order_created published to inventory-queue`. */
export function eventText({ event, where, name, about, message_id, text }: WatchedEvent): string {
  const [mark, words] = MARKS[event];
  // What was changed says what it was changed in.
  const place = (event === 'item' || event === 'object') && text !== '' ? '' : where;
  const which = message_id === null ? '' : (about ?? shortId(message_id));
  return [mark, place, name ?? '', which, words, text].filter((part) => part !== '').join(' ');
}

export function eventCells(event: WatchedEvent, width: number, context: ViewContext): string {
  return lineCells(event, eventText(event), colourOf(event), width, context);
}

/** What goes wrong is red or yellow; all else has the colour of its conversation. */
export const colourOf = ({ event, conversation }: WatchedEvent): Paint | undefined =>
  MARKS[event][2] ?? conversationColour(conversation);

export function callCells(call: WatchedCall, width: number, context: ViewContext): string {
  const { operation, service, resources, outcome, duration_ms } = call;
  const about = resources.map((resource) => resource.slice(resource.indexOf('/') + 1));
  const result = outcome === 'ok' ? duration(duration_ms) : outcome;
  const text = [operation || service, ...about, result].join(' ');
  return lineCells(call, text, outcome === 'ok' ? conversationColour(call.conversation) : 'red', width, context);
}

const TIME = 12;
const CALLER = 12;

function lineCells(
  { at, caller }: { at: string; caller: string },
  text: string,
  paint: Paint | undefined,
  width: number,
  context: ViewContext,
): string {
  const time = width >= 64 ? TIME : width >= 32 ? TIME - 4 : 0;
  const who = width >= 48 ? CALLER : width >= 24 ? CALLER - 4 : 0;
  const rest = width - (time > 0 ? time + GAP : 0) - (who > 0 ? who + GAP : 0);
  return painted(
    [
      { text: at.slice(11, 11 + time), width: time, paint: 'dim' },
      { text: caller, width: who, paint: caller === 'engine' ? 'dim' : 'cyan' },
      { text, width: rest, paint },
    ],
    context,
  );
}

/** Red and yellow are for what goes wrong. */
const COLOURS = ['green', 'cyan', 'magenta', 'blue'] as const;

/** Each conversation has its colour. */
function conversationColour(conversation: string | null): Paint | undefined {
  if (conversation === null) return undefined;
  let hash = 0;
  for (const character of conversation) hash = (hash * 31 + character.codePointAt(0)!) % 65_521;
  return COLOURS[hash % COLOURS.length];
}

/** Columns that an entry's cells take: what the longest needs, the last one the rest. */
export function entryWidths({ titles }: Entries, rows: readonly Entry[], width: number): number[] {
  let left = width;
  return titles.map((title, index) => {
    const longest = Math.max(title.length, ...rows.map(({ cells }) => [...(cells[index] ?? '')].length));
    const fair = Math.ceil(left / 2);
    const columns = index === titles.length - 1 ? left : Math.min(longest, fair);
    left = Math.max(0, left - columns - GAP);
    return columns;
  });
}

export const entryCells = (
  cells: readonly string[],
  widths: readonly number[],
  paint: Paint | undefined,
  context: ViewContext,
) =>
  painted(
    widths.map((width, index) => ({ text: cells[index] ?? '', width, paint })),
    context,
  );

/** `12345`, `123k`, `12M`: at most five columns. */
export function short(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1_000_000 ? `${Math.floor(count / 1_000)}k` : `${Math.floor(count / 1_000_000)}M`;
}

const UNITS: readonly [ms: number, name: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
];

/** `42s`, `3m`, `5h`. */
export function age(ms: number): string {
  const [size, name] = UNITS.find(([unit]) => ms >= unit) ?? [1_000, 's'];
  return `${Math.max(0, Math.floor(ms / size))}${name}`;
}
