import { columnsOf } from '../views/columns.ts';
import { safe } from '../views/text.ts';

/** Characters that are looked at for a column, at the most: an id or a body may be long. */
const PER_COLUMN = 8;
const PAINT = /\u001b\[[\d;]*m/;
const PIECES = /\u001b\[[\d;]*m|[^\u001b]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** Foreign text made harmless, in exactly so many columns: cut with an ellipsis, or filled up with spaces. */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  // Printable ASCII does nothing to a terminal.
  const harmless = PLAIN.test(text) ? text : safe(text.slice(0, width * PER_COLUMN + 1));
  const shown = cut(harmless, width);
  const filling = ' '.repeat(width - (PLAIN.test(shown) ? shown.length : columnsOf(shown)));
  return align === 'left' ? shown + filling : filling + shown;
}

/** A painted line, cut or filled up to exactly so many columns. */
export function fittedLine(line: string, width: number): string {
  if (width <= 0) return '';
  const columns = columnsOf(line);
  if (columns <= width) return line + ' '.repeat(width - columns);
  const shown = cut(line, width);
  // What was painted and cut off ends here.
  return `${shown}${PAINT.test(shown) ? '\u001b[0m' : ''}${' '.repeat(width - columnsOf(shown))}`;
}

/** At most so many columns, escape sequences of colours left in place. */
function cut(text: string, width: number): string {
  if (PLAIN.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  if (columnsOf(text) <= width) return text;
  let kept = '';
  for (const [piece] of text.matchAll(PIECES)) {
    if (!PAINT.test(piece) && columnsOf(kept + piece) > width - 1) break;
    kept += piece;
  }
  return `${kept}…`;
}
