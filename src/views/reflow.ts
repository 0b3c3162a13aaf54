import { columnsOf } from './columns.ts';

const COLOUR = /\u001b\[[\d;]*m/g;
/** A label with the gap behind it, below which the rest of its line continues. */
const LABEL = /^ *\S+(?: \S+)*? {2,}(?=\S)/;
const INDENT = 2;

/**
 * Breaks lines that are wider than so many columns between words, and words that are wider than a line where they must be;
 * but no URL.
 * What follows stands below the beginning of the text: behind a label, else two columns in. Colours pass through.
 */
export function reflow(text: string, width: number): string {
  if (width === Number.POSITIVE_INFINITY) return text;
  return text
    .split('\n')
    .flatMap((line) => (columnsOf(line) <= width ? [line] : brokenLine(line, width)))
    .join('\n');
}

/** A line that continues a paragraph: neither indented nor with a label of its own, as `Kinds:`. */
const CONTINUES = /^(?!\w+: )\S/;

/** Makes one line of a paragraph that was broken for a wider screen, where a line of it does not fit. */
export function joinProse(text: string, width: number): string {
  const paragraphs: string[][] = [];
  for (const line of text.split('\n')) {
    const latest = paragraphs.at(-1);
    if (latest !== undefined && /^\S/.test(latest[0]!) && CONTINUES.test(line)) latest.push(line);
    else paragraphs.push([line]);
  }
  return paragraphs.map((lines) => lines.join(lines.some((line) => columnsOf(line) > width) ? ' ' : '\n')).join('\n');
}

function brokenLine(line: string, width: number): string[] {
  const hang = hangOf(line.replace(COLOUR, ''), width);
  const lines: string[] = [];
  let current = '';
  let gap = '';
  const next = () => {
    lines.push(current.trimEnd());
    current = ' '.repeat(hang);
  };
  for (const piece of line.split(/( +)/)) {
    if (/^ *$/.test(piece)) {
      gap = current.trim() === '' && lines.length > 0 ? '' : piece;
      continue;
    }
    if (columnsOf(current + gap + piece) > width && current.trim() !== '') {
      next();
      gap = '';
    }
    current += gap;
    gap = '';
    // Whole, a terminal that breaks it by itself still opens and copies it.
    if (/^https?:\/\//.test(piece.replace(COLOUR, ''))) {
      current += piece;
      continue;
    }
    // A word that no line holds: a path, an id, a document.
    for (const unit of piece.match(/\u001b\[[\d;]*m|\P{M}\p{M}*/gu) ?? []) {
      if (columnsOf(current + unit) > width) next();
      current += unit;
    }
  }
  lines.push(current.trimEnd());
  return lines;
}

function hangOf(plain: string, width: number): number {
  const labelled = LABEL.exec(plain);
  if (labelled !== null && columnsOf(labelled[0]) <= width / 2) return columnsOf(labelled[0]);
  return Math.min(/^ */.exec(plain)![0].length + INDENT, Math.floor(width / 2));
}
