import { columnsOf } from './columns.ts';
import type { ViewContext } from './context.ts';
import { truncate } from './table.ts';
import { duration, safe } from './text.ts';

const TIME = 9;
/** Columns of an effect below which its duration is left out instead. */
const LEAST = 12;
/** Below this width the branches of the tree stand closer. */
const ROOM_FOR_BRANCHES = 72;

/** A line of the tree: painted beginning and end, and in between a text that is cut where the terminal ends. */
export interface Row {
  after: number | null;
  branch: string;
  head: string;
  text: string;
  paint(text: string): string;
  tail?: string;
}

/** The rows of a tree; on a narrow terminal its branches stand closer. */
export function treeLines(rows: readonly Row[], context: ViewContext): string[] {
  const close = (branch: string) => (context.width < ROOM_FOR_BRANCHES ? branch.replace(/(.)[ ─] /g, '$1 ') : branch);
  return rows.map((row) => rowText({ ...row, branch: close(row.branch) }, context));
}

export function branches(parts: readonly ((first: string, below: string) => Row[])[], below: string): Row[] {
  return parts.flatMap((part, index) =>
    index === parts.length - 1 ? part(`${below}└─ `, `${below}   `) : part(`${below}├─ `, `${below}│  `),
  );
}

export function rowText({ after, branch, head, text, paint, tail = '' }: Row, context: ViewContext): string {
  const at = afterText(after);
  // `text` is all that may come from elsewhere and is not harmless yet.
  const said = safe(text);
  const beside =
    context.width - TIME - 2 - branch.length - columnsOf(head) - (said === '' || head.endsWith(' ') ? 0 : 2);
  const timed = beside - columnsOf(tail) >= Math.min(LEAST, columnsOf(said));
  const cut = truncate(said, Math.max(1, timed ? beside - columnsOf(tail) : beside));
  const gap = head.endsWith(' ') || cut === '' ? '' : '  ';
  return `${context.paint.dim(at)}  ${context.paint.dim(branch)}${head}${gap}${paint(cut)}${timed ? tail : ''}`.trimEnd();
}

const afterText = (after: number | null) => (after === null ? '' : `+${duration(after)}`).padStart(TIME);
