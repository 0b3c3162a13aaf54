import type { ViewContext } from '../views/context.ts';
import { reflow } from '../views/reflow.ts';
import { entryCells, entryWidths } from './cells.ts';
import { atColumn } from './columns.ts';
import { fitted, fittedLine } from './fit.ts';
import { footerLine, headerLine, helpLines } from './frame.ts';
import { localText } from './local.ts';
import { isLocal, titleOf } from './read.ts';
import { remembered } from './remembered.ts';
import { rowText, versionOf } from './row-text.ts';
import { follows, listRows, type Row, type Seen, selectedIndex, subjectOf, systemRows } from './rows.ts';
import { PANES, type Pane, type Shown, sameSubject, type Ui } from './ui.ts';

export interface Size {
  columns: number;
  rows: number;
}

/** Everything that a frame shows. */
export interface State {
  seen: Seen;
  ui: Ui;
  /** What was read for the right pane last. */
  shown?: Shown | undefined;
  /** Why it could not be read. */
  failed?: string | undefined;
  /** The engine's address. */
  endpoint: string;
  isLost: boolean;
  /** Calls in the latest second. */
  rate: number;
}

type Places = Record<Pane, Size | undefined>;

/** From so many columns the three panes stand side by side; from so many, what happens stands below the two others. */
const SIDE_BY_SIDE = 150;
const ON_TOP = 100;
/** Below, one stands above another; with less there is one pane. */
const STACKED = 50;
const STACKED_ROWS = 14;

/** The screen: exactly `rows` lines, none wider than `columns` by string-width. Pure. */
export function render(state: State, size: Size, context: ViewContext): string[] {
  const { columns, rows } = size;
  if (columns <= 0 || rows <= 0) return [];
  const body = Math.max(0, rows - 2);
  const within = { ...context, width: columns };
  const middle = state.ui.help
    ? filledTo(helpLines(state.seen, state.ui, within), { columns, rows: body })
    : panes(state, { columns, rows: body }, context);
  // A screen of one line has the keys alone.
  return [headerLine(state, within), ...middle, footerLine(state.seen, state.ui, within)].slice(-rows);
}

/** Lines that the right pane can be scrolled by. */
export function mostTop(state: State, size: Size, context: ViewContext): number {
  const place = placesOf(state.ui, { columns: size.columns, rows: size.rows - 2 }).detail;
  if (place === undefined) return 0;
  return Math.max(0, detailLines(state, place.columns, context).length - Math.max(0, place.rows - 1));
}

const filledTo = (lines: readonly string[], { columns, rows }: Size): string[] =>
  inRows(fittedLines(lines.slice(0, rows), columns), { columns, rows });

const fittedLines = (lines: readonly string[], columns: number): string[] =>
  lines.map((line) => fittedLine(line, columns));

/** So many rows of lines that are fitted. */
function inRows(lines: readonly string[], { columns, rows }: Size): string[] {
  const empty = ' '.repeat(columns);
  return Array.from({ length: rows }, (_, index) => lines[index] ?? empty);
}

function placesOf(ui: Ui, { columns, rows }: Size): Places {
  if (columns >= SIDE_BY_SIDE) {
    const system = Math.min(68, Math.floor(columns / 3));
    const detail = Math.floor((columns - system - 2) * 0.48);
    const list = columns - system - detail - 2;
    return { system: { columns: system, rows }, list: { columns: list, rows }, detail: { columns: detail, rows } };
  }
  const none = { system: undefined, list: undefined, detail: undefined };
  if (columns < STACKED || rows < STACKED_ROWS) return { ...none, [ui.pane]: { columns, rows } };
  const upper = Math.ceil(rows * 0.55);
  const below = { columns, rows: rows - upper };
  if (columns >= ON_TOP) {
    const system = Math.floor(columns * 0.55);
    const detail = { columns: columns - system - 1, rows: upper };
    return { system: { columns: system, rows: upper }, list: below, detail };
  }
  // What was opened takes the place of what happens.
  const isOpen = ui.pane === 'detail' || ui.pinned !== undefined;
  return { ...none, system: { columns, rows: upper }, [isOpen ? 'detail' : 'list']: below };
}

/** The lines of each pane, every one in exactly its columns: measured where it is made, as most stay for many frames. */
const PANE_LINES = { system: systemPane, list: listPane, detail: detailPane };

function panes(state: State, size: Size, context: ViewContext): string[] {
  const places = placesOf(state.ui, size);
  const linesIn = (pane: Pane): string[] => {
    const place = places[pane];
    // A row has no less columns than its mark.
    const fill = (place?.columns ?? 0) > MARK ? inRows : filledTo;
    return place === undefined ? [] : fill(PANE_LINES[pane](state, place, context), place);
  };
  if (size.columns >= SIDE_BY_SIDE) return beside(['system', 'list', 'detail'], places, linesIn, context);
  if (places.system !== undefined && places.detail !== undefined && places.list !== undefined) {
    return [...beside(['system', 'detail'], places, linesIn, context), ...linesIn('list')];
  }
  return PANES.flatMap(linesIn);
}

/** Panes in one line each row, every one at its own column. */
function beside(
  names: readonly Pane[],
  places: Places,
  linesIn: (pane: Pane) => string[],
  { paint }: ViewContext,
): string[] {
  let column = 1;
  const shown = names.map((name) => {
    const start = column === 1 ? '' : atColumn(column) + paint.dim('│');
    column += (places[name]?.columns ?? 0) + (column === 1 ? 0 : 1);
    return linesIn(name).map((line) => start + line);
  });
  return shown[0]!.map((_, row) => shown.map((lines) => lines[row]).join(''));
}

/** A pane's first line; that of the current pane stands out. */
function title(text: string, isCurrent: boolean, columns: number, { paint }: ViewContext): string {
  const line = fitted(`${isCurrent ? '▶' : ' '} ${text}`, columns);
  return isCurrent ? paint.bold(line) : paint.dim(line);
}

const MARK = 2;

/** Rows around the selected one, which is marked. */
function windowed(
  rows: readonly Row[],
  selected: number,
  height: number,
  line: (row: Row, isSelected: boolean) => string,
) {
  const start = Math.max(0, Math.min(selected - Math.floor(height / 2), rows.length - height));
  return rows.slice(start, start + Math.max(0, height)).map((row, index) => line(row, start + index === selected));
}

/** A mark and a row of `MARK` columns less. */
const marked = (isSelected: boolean, isCurrent: boolean, { paint }: ViewContext) =>
  isSelected ? (isCurrent ? paint.bold('❯ ') : paint.dim('› ')) : '  ';

function systemPane({ seen, ui }: State, { columns, rows }: Size, context: ViewContext): string[] {
  const all = systemRows(seen, ui);
  const isCurrent = ui.pane === 'system';
  const selected = selectedIndex(all, ui.selected.system, false);
  const filter = ui.filters.system === '' ? '' : ` /${ui.filters.system}`;
  const width = columns - MARK;
  const version = versionOf(width, context);
  const lines = windowed(all, selected, rows - 1, (row, isSelected) => {
    const text = rowText(row, width, version, context);
    return marked(isSelected, isCurrent, context) + (isSelected && isCurrent ? context.paint.bold(text) : text);
  });
  return [title(`system${filter}`, isCurrent, columns, context), ...lines];
}

function listPane({ seen, ui }: State, { columns, rows }: Size, context: ViewContext): string[] {
  const all = listRows(seen, ui);
  const isCurrent = ui.pane === 'list';
  const selected = selectedIndex(all, ui.selected.list, follows(ui));
  const filter = ui.filters.list === '' ? '' : ` /${ui.filters.list}`;
  const isStopped = follows(ui) && ui.selected.list !== undefined;
  const head = title(`${ui.list}${filter}${isStopped ? ', stopped' : ''}`, isCurrent, columns, context);
  const width = columns - MARK;
  const entries = follows(ui) ? undefined : seen.entries;
  if (entries === undefined) {
    const version = versionOf(width, context);
    const lines = windowed(all, selected, rows - 1, (row, isSelected) => {
      return marked(isSelected && (isCurrent || isStopped), isCurrent, context) + rowText(row, width, version, context);
    });
    return [head, ...lines];
  }
  const shown = all.flatMap((row) => (row.kind === 'entry' ? [row.entry] : []));
  const widths = entryWidths(entries, shown, width);
  const titles = fittedLine(`  ${entryCells(entries.titles, widths, 'dim', context)}`, columns);
  const lines = windowed(all, selected, rows - 2, (row, isSelected) => {
    if (row.kind !== 'entry') return ' '.repeat(columns);
    const { cells, tone } = row.entry;
    return fittedLine(marked(isSelected, isCurrent, context) + entryCells(cells, widths, tone, context), columns);
  });
  return [head, titles, ...lines];
}

function detailPane(state: State, { columns, rows }: Size, context: ViewContext): string[] {
  const { seen, ui } = state;
  const subject = subjectOf(seen, ui);
  const all = detailLines(state, columns, context);
  const height = Math.max(0, rows - 1);
  const top = Math.min(ui.top, Math.max(0, all.length - height));
  const below = all.length - top - height;
  const more = below > 0 ? `  (${below} more below)` : '';
  const head = `${subject === undefined ? 'nothing selected' : titleOf(subject)}${more}`;
  return [title(head, ui.pane === 'detail', columns, context), ...all.slice(top, top + height)];
}

function detailLines({ seen, ui, shown, failed }: State, width: number, context: ViewContext): string[] {
  const subject = subjectOf(seen, ui);
  if (subject === undefined) return [];
  const within = { ...context, width };
  if (isLocal(subject)) return linesOf(localText(subject, seen.system, within), width);
  if (failed !== undefined) return linesOf(context.paint.red(fitted(failed, failed.length)), width);
  if (shown === undefined || !sameSubject(shown.subject, subject))
    return [context.paint.dim(fitted('reading …', width))];
  // Relative times change with the seconds.
  const version = `${width} ${Math.floor(context.now / 1_000)}`;
  return remembered(shown, version, () => linesOf(shown.view(within), width));
}

/** Below this width nothing can be broken well, and lines are cut. */
const NARROWEST = 8;

const linesOf = (text: string, width: number): string[] =>
  fittedLines((width < NARROWEST ? text : reflow(text, width)).split('\n'), width);
