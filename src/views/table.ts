import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { ViewContext } from './context.ts';
import { safe } from './text.ts';

export interface Column<Row> {
  title: string;
  /** The cell's plain text; made harmless here, so no view can forget it. */
  text(row: Row): string;
  /** Dresses the harmless text. */
  paint?(text: string, row: Row): string;
  align?: 'left' | 'right';
  /** May be cut with an ellipsis when the terminal is too narrow. */
  shrinks?: boolean;
}

const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((part) => [part, '']),
);

const GAP = 2;
const NARROWEST_CELL = 6;

/** Aligned columns under a heading, without lines; cells are cut only where the terminal ends. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], context: ViewContext): string {
  const cells = rows.map((row) => columns.map((column) => safe(column.text(row))));
  const natural = columns.map((column, index) =>
    Math.max(stringWidth(column.title), ...cells.map((row) => stringWidth(row[index]!))),
  );
  const widths = shrink(natural, columns, context.width);
  const last = columns.length - 1;
  // The gap stands inside right-aligned cells, so that the next column does not touch them.
  const gap = (text: string, index: number) =>
    columns[index]!.align === 'right' && index < last ? text + ' '.repeat(GAP) : text;
  const grid = new Table({
    head: columns.map((column, index) => gap(context.paint.dim(column.title.toUpperCase()), index)),
    chars: NO_LINES,
    colWidths: widths.map((width, index) => width + (index === last ? 0 : GAP)),
    colAligns: columns.map((column) => column.align ?? 'left'),
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  for (const [at, row] of cells.entries()) {
    const painted = row.map((text, index) => {
      const cut = truncate(text, widths[index]!);
      return gap(columns[index]!.paint?.(cut, rows[at]!) ?? cut, index);
    });
    grid.push(painted);
  }
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes columns from the widest cells that may be cut, never from under a title. */
function shrink<Row>(natural: readonly number[], columns: readonly Column<Row>[], width: number): number[] {
  const widths = [...natural];
  const spare = (index: number) =>
    columns[index]!.shrinks ? widths[index]! - Math.max(NARROWEST_CELL, stringWidth(columns[index]!.title)) : 0;
  let over = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  while (over > 0) {
    const widest = [...widths.keys()].reduce((best, index) => (spare(index) > spare(best) ? index : best), 0);
    if (spare(widest) <= 0) break;
    widths[widest]! -= 1;
    over -= 1;
  }
  return widths;
}

/** Cuts harmless text to so many columns. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
