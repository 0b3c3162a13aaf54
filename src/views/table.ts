import { columnsOf } from './columns.ts';
import type { ViewContext } from './context.ts';
import { safe } from './text.ts';

export interface Column<Row> {
  title: string;
  /** The cell's plain text; made harmless here, so no view can forget it. */
  text(row: Row): string;
  /** Dresses the harmless text. */
  paint?(text: string, row: Row): string;
  align?: 'left' | 'right';
  /** May be cut with an ellipsis when the terminal is too narrow; a number is the least width that is of use. */
  shrinks?: boolean | number;
  /** May be broken into lines when the terminal is too narrow. */
  wraps?: boolean;
  /** Is left out when the terminal is too narrow for it, the last such column first. */
  yields?: boolean;
}

const GAP = 2;
const NARROWEST_CELL = 6;
const NARROWEST_TEXT = 16;

/** Aligned columns under a heading, without lines, never wider than the terminal. */
export function table<Row>(wanted: readonly Column<Row>[], rows: readonly Row[], context: ViewContext): string {
  const { columns, widths } = layout(wanted, rows, context.width);
  const head = columns.map(({ title }, index) => context.paint.dim(truncate(title.toUpperCase(), widths[index]!)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => padded(cell, widths[index]!, columns[index]!.align))
      .join(' '.repeat(GAP))
      .trimEnd();
  return [head, ...rows.flatMap((row) => linesOf(row, columns, widths))].map(line).join('\n');
}

function padded(cell: string, width: number, align: Column<never>['align']): string {
  const room = ' '.repeat(Math.max(0, width - columnsOf(cell)));
  return align === 'right' ? room + cell : cell + room;
}

/** The painted cells of a row: several lines of them where a text was broken. */
function linesOf<Row>(row: Row, columns: readonly Column<Row>[], widths: readonly number[]): string[][] {
  const cells = columns.map(({ text, wraps, paint }, index) => {
    const width = widths[index]!;
    const plain = safe(text(row));
    const parts = wraps ? wrapped(plain, width) : [truncate(plain, width)];
    return parts.map((part) => paint?.(part, row) ?? part);
  });
  const height = Math.max(...cells.map((parts) => parts.length));
  return Array.from({ length: height }, (_, line) => cells.map((parts) => parts[line] ?? ''));
}

/** The columns that there is room for, and how wide each is. */
function layout<Row>(wanted: readonly Column<Row>[], rows: readonly Row[], width: number) {
  const natural = wanted.map(({ title, text }) =>
    Math.max(columnsOf(title), ...rows.map((row) => columnsOf(safe(text(row))))),
  );
  const kept = wanted.map((_, index) => index);
  const leastOf = (index: number) => Math.min(natural[index]!, least(wanted[index]!));
  while (total(kept.map(leastOf)) > width) {
    const yielding = kept.findLast((index) => wanted[index]!.yields);
    if (yielding === undefined) break;
    kept.splice(kept.indexOf(yielding), 1);
  }
  const columns = kept.map((index) => wanted[index]!);
  const asked = kept.map((index) => natural[index]!);
  const narrowed = narrow(asked, kept.map(leastOf), width);
  // Where even that is too much, whatever is widest is cut.
  return {
    columns,
    widths: narrow(
      narrowed,
      narrowed.map(() => 1),
      width,
    ),
  };
}

const total = (widths: readonly number[]) => widths.reduce((sum, each) => sum + each + GAP, -GAP);

function least<Row>({ title, shrinks, wraps }: Column<Row>): number {
  if (wraps) return Math.max(NARROWEST_TEXT, columnsOf(title));
  if (shrinks === undefined || shrinks === false) return Number.POSITIVE_INFINITY;
  return Math.max(shrinks === true ? NARROWEST_CELL : shrinks, columnsOf(title));
}

/** Takes columns from the widest cells until the row fits or each is as narrow as it may be. */
function narrow(asked: readonly number[], leasts: readonly number[], width: number): number[] {
  const widths = [...asked];
  const spare = (index: number) => widths[index]! - leasts[index]!;
  for (let over = total(widths) - width; over > 0; over--) {
    const widest = [...widths.keys()].reduce(
      (best, index) => (spare(index) > 0 && (spare(best) <= 0 || widths[index]! > widths[best]!) ? index : best),
      0,
    );
    if (spare(widest) <= 0) break;
    widths[widest]! -= 1;
  }
  return widths;
}

/** Breaks harmless text between words, and a word that is too wide where it must be. */
function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(/ +/)) {
    const line = lines.at(-1)!;
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) lines[lines.length - 1] = longer;
    else if (line === '') lines[lines.length - 1] = truncate(word, width);
    else lines.push(truncate(word, width));
  }
  return lines;
}

/** Cuts harmless text to so many columns. */
export function truncate(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (columnsOf(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
