/** A page of help as data, before it is known how wide a terminal is. */
export interface HelpPage {
  usage: string;
  description: string;
  sections: readonly { title: string; items: readonly (readonly [term: string, description: string])[] }[];
  /** Names of the commands below it. */
  commands: readonly string[];
}

/** What a help consists of: pages, and texts that stand as they are. */
export type HelpPart = HelpPage | string;

const INDENT = '  ';
const GAP = '  ';
/** What has less room than this is not broken here: it would be a column of words. */
const LEAST_WRAPPED = 40;

/** The page as commander lays it out: terms in one column, their descriptions broken in the next one. */
export function helpText({ usage, description, sections }: HelpPage, width: number): string {
  const label = Math.max(0, ...sections.flatMap(({ items }) => items.map(([term]) => term.length)));
  const lines = [`Usage: ${usage}`, ''];
  if (description !== '') lines.push(wrapped(description, width), '');
  for (const { title, items } of sections)
    lines.push(title, ...items.map(([term, said]) => itemText(term.padEnd(label), said, width)), '');
  return lines.join('\n');
}

function itemText(term: string, description: string, width: number): string {
  if (description === '') return INDENT + term.trimEnd();
  const before = INDENT + term + GAP;
  const room = width - before.length;
  // A description with lines of its own keeps them.
  if (room < LEAST_WRAPPED || /\n[^\S\n]/.test(description))
    return before + description.replaceAll('\n', `\n${INDENT}`);
  return before + wrapped(description, room).replaceAll('\n', `\n${' '.repeat(before.length)}`);
}

function wrapped(text: string, width: number): string {
  if (width < LEAST_WRAPPED) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      let current = '';
      for (const piece of line.match(/\s*\S+/g) ?? []) {
        if (current === '' || current.length + piece.length <= width) current += piece;
        else {
          lines.push(current);
          current = piece.trimStart();
        }
      }
      return [...lines, current];
    })
    .join('\n');
}
