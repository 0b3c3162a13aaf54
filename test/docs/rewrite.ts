import { type Ids, idsIn, OMITTED, sameLine } from './compare.ts';
import type { Page } from './page.ts';

/**
 * What a page should show of an output: the lines that it showed as they are now, with the same lines left out. A page that
 * leaves nothing out gets the whole output.
 */
export function rewritten(shown: readonly string[], real: readonly string[], ids: Ids): string[] {
  const lines = inIdsOfPage(real, ids);
  if (!shown.some((line) => line.trim() === OMITTED)) return lines;
  const result: string[] = [];
  let next = 0;
  for (const line of shown) {
    if (line.trim() === OMITTED) continue;
    const found = lines.findIndex((other, index) => index >= next && sameLine(line, other, new Map()) !== undefined);
    const at = found === -1 ? next : found;
    if (at >= lines.length) break;
    if (at > next) result.push(OMITTED);
    result.push(lines[at]!);
    next = at + 1;
  }
  return next < lines.length ? [...result, OMITTED] : result;
}

/** The ids that the page has already shown stay as they are. */
function inIdsOfPage(real: readonly string[], ids: Ids): string[] {
  const shownAs = new Map([...ids].map(([page, run]) => [run, page]));
  return real.map((line) =>
    idsIn(line).reduce((text, id) => text.replaceAll(id, shownAs.get(id) ?? id), line.trimEnd()),
  );
}

/** The page's text with other outputs; `outputs` are in the order of its commands, undefined for what stays. */
export function withOutputs({ lines, blocks }: Page, outputs: readonly (readonly string[] | undefined)[]): string {
  const text = [...lines];
  const commands = blocks.flatMap((block) => block.commands);
  for (const [index, { from, to }] of [...commands.entries()].reverse()) {
    const output = outputs[index];
    if (output !== undefined) text.splice(from, to - from, ...output);
  }
  return text.join('\n');
}
