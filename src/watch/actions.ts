import type { WatchedQueue } from '../lab/watch/model.ts';
import { plural } from '../views/text.ts';
import { type Row, type Seen, selectedRow, subjectOf } from './rows.ts';
import { inPane, LISTS, PANES, type Request, type Step, type Subject, type Ui } from './ui.ts';

/** What a key does now. Only what applies is an action: it is shown, and nothing else works. */
export interface Action {
  keys: readonly string[];
  /** The keys as they are shown. */
  shown: string;
  does: string;
  run(): Step;
}

const step = (ui: Ui, ...requests: Request[]): Step => ({ ui, requests });

/** Every action that applies, the most special first. */
export function actionsFor(seen: Seen, ui: Ui): Action[] {
  return [...backActions(ui), ...rowActions(seen, ui), ...paneActions(ui), ...commonActions(ui)];
}

const pin = (ui: Ui, pinned: Subject): Step => step(inPane({ ...ui, pinned, top: 0 }, 'detail'));

function backActions(ui: Ui): Action[] {
  const { pinned: _, ...rest } = ui;
  const isFiltered = ui.pane !== 'detail' && ui.filters[ui.pane] !== '';
  const action = (does: string, to: Ui): Action => ({ keys: ['escape'], shown: 'esc', does, run: () => step(to) });
  if (ui.pinned !== undefined) return [action('back', { ...rest, top: 0, pane: ui.from })];
  if (isFiltered) return [action('all rows', { ...ui, filters: { ...ui.filters, [ui.pane]: '' } })];
  if (ui.pane === 'list' && ui.selected.list !== undefined) {
    return [action('newest', { ...ui, selected: { ...ui.selected, list: undefined } })];
  }
  return ui.pane === 'detail' ? [action('back', { ...ui, pane: ui.from })] : [];
}

function rowActions(seen: Seen, ui: Ui): Action[] {
  const row = selectedRow(seen, ui);
  if (row === undefined) return [];
  const subject = subjectOf(seen, ui);
  const opens: Action[] =
    subject === undefined || ui.pane === 'detail'
      ? []
      : [{ keys: ['return'], shown: 'enter', does: OPENS[subject.kind] ?? 'open', run: () => pin(ui, subject) }];
  return [...opens, ...effectsAction(row, ui), ...(row.kind === 'queue' ? queueActions(row.queue, seen, ui) : [])];
}

const OPENS: Partial<Record<Subject['kind'], string>> = { trace: 'trace', effects: 'effects' };

function effectsAction(row: Row, ui: Ui): Action[] {
  const seq = row.kind === 'event' ? row.event.seq : row.kind === 'call' ? row.call.seq : undefined;
  if (seq === undefined) return [];
  return [{ keys: ['e'], shown: 'e', does: 'effects', run: () => pin(ui, { kind: 'effects', seq }) }];
}

function queueActions(queue: WatchedQueue, seen: Seen, ui: Ui): Action[] {
  const { queue: name, hold, ready, dead_letter_queue: dead } = queue;
  const held: Action =
    hold === null
      ? { keys: ['space'], shown: 'space', does: 'hold', run: () => step(ui, { kind: 'hold', queue: name }) }
      : { keys: ['space'], shown: 'space', does: 'release', run: () => step(ui, { kind: 'end_hold', queue: name }) };
  return [
    held,
    ...(ready > 0
      ? [{ keys: ['n'], shown: 'n', does: 'step', run: () => step(ui, { kind: 'step', queue: name }) }]
      : []),
    { keys: ['p'], shown: 'p', does: 'peek', run: () => pin(ui, { kind: 'peek', queue: name }) },
    ...(dead !== null && seen.system.queues.some((each) => each.queue === dead)
      ? [{ keys: ['d'], shown: 'd', does: 'dead letters', run: () => deadLetters(dead, ui) }]
      : []),
    ...redriveAction(queue, seen, ui),
  ];
}

function deadLetters(queue: string, ui: Ui): Step {
  const selected = { ...ui.selected, system: `queue/${queue}` };
  const filters = { ...ui.filters, system: '' };
  return step(inPane({ ...ui, selected, filters, pinned: { kind: 'peek', queue }, top: 0 }, 'system'));
}

/** Of a queue its dead letters, of a dead-letter queue what is in it. */
function redriveAction(queue: WatchedQueue, { system }: Seen, ui: Ui): Action[] {
  const from = queue.dead_letters_of.length > 0 ? queue.queue : queue.dead_letter_queue;
  const source = system.queues.find((each) => each.queue === from);
  if (source === undefined || source.ready === 0) return [];
  const to = source.dead_letters_of;
  const text = `Move ${plural(source.ready, 'message')} of ${source.queue} back to ${to.join(', ')}?`;
  const request = { kind: 'redrive' as const, from: source.queue, to };
  return [{ keys: ['m'], shown: 'm', does: 'redrive', run: () => step({ ...ui, question: { text, request } }) }];
}

function paneActions(ui: Ui): Action[] {
  const at = PANES.indexOf(ui.pane);
  const move = (keys: string[], by: number): Action => ({
    ...{ keys, shown: '', does: '' },
    run: () => step(inPane(ui, PANES[(at + by + PANES.length) % PANES.length]!)),
  });
  const filter: Action = {
    ...{ keys: ['/'], shown: '/', does: 'filter' },
    run: () => step({ ...ui, typing: { what: 'filter', text: ui.filters[ui.from] } }),
  };
  return [
    ...(ui.pane === 'detail' ? [] : [filter]),
    ...(at < PANES.length - 1 ? [move(['right', 'l'], 1)] : []),
    ...(at > 0 ? [move(['left', 'h'], -1)] : []),
    move(['tab'], 1),
    move(['backtab'], -1),
  ];
}

const commonActions = (ui: Ui): Action[] => [
  { keys: [':'], shown: ':', does: LISTS.join(' '), run: () => step({ ...ui, typing: { what: 'command', text: '' } }) },
  { keys: ['?'], shown: '?', does: 'help', run: () => step({ ...ui, help: true }) },
  { keys: ['q', 'ctrl-c'], shown: 'q', does: 'quit', run: () => step(ui, { kind: 'quit' }) },
  { keys: ['ctrl-z'], shown: '', does: '', run: () => step(ui, { kind: 'suspend' }) },
  { keys: ['ctrl-l'], shown: '', does: '', run: () => step(ui, { kind: 'redraw' }) },
];
