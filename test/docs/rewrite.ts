import { type Ids, idsIn, OMITTED, shapeOf } from './compare.ts';
import type { Page } from './page.ts';

/**
 * What a page should show of an output: the lines that it showed as they are now, with the same lines left out. A page that
 * leaves nothing out gets the whole output.
 */
export function rewritten(shown: readonly string[], real: readonly string[], ids: Ids): string[] {
  const lines = inIdsOfPage(real, ids);
  const result: string[] = [];
  let [page, run] = [0, 0];
  for (const [shownAt, realAt] of [...commonLines(shown, lines), [shown.length, lines.length] as const]) {
    result.push(...between(shown.slice(page, shownAt), lines.slice(run, realAt)), ...lines.slice(realAt, realAt + 1));
    [page, run] = [shownAt + 1, realAt + 1];
  }
  return result;
}

/** Lines in the place of others: as many in front of what is left out, and behind it, as there were. */
function between(shown: readonly string[], real: readonly string[]): string[] {
  const first = shown.indexOf(OMITTED);
  const behind = shown.length - 1 - shown.lastIndexOf(OMITTED);
  if (first === -1 || first + behind >= real.length) return [...real];
  return [...real.slice(0, first), OMITTED, ...real.slice(real.length - behind)];
}

const BLANK_LINE = 0.01;

/** Where the lines are that both have, by the longest common subsequence; blank lines hardly count. */
function commonLines(shown: readonly string[], real: readonly string[]): [shown: number, real: number][] {
  const [a, b] = [shown, real].map((lines) => lines.map((line) => shapeOf(line).shape)) as [string[], string[]];
  const best = a.map(() => b.map(() => 0));
  const at = (i: number, j: number) => best[i]?.[j] ?? 0;
  const gain = (i: number, j: number) =>
    a[i] === b[j] && a[i] !== OMITTED ? at(i + 1, j + 1) + (a[i] === '' ? BLANK_LINE : 1) : 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) best[i]![j] = Math.max(gain(i, j), at(i + 1, j), at(i, j + 1));
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; at(i, j) > 0; ) {
    if (gain(i, j) === at(i, j)) pairs.push([i++, j++]);
    else if (at(i + 1, j) === at(i, j)) i++;
    else j++;
  }
  return pairs;
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
