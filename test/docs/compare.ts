/** Ids that pages show, each with the one that this run has in its place. */
export type Ids = ReadonlyMap<string, string>;

/** What differs from run to run. Ids come first: each stands for one of this run's ids throughout a page. */
const VARYING: readonly [kind: string, pattern: RegExp][] = [
  ['order', /\bord_[0-9a-z]{16}\b/],
  ['uuid', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/],
  ['short id', /\b[0-9a-f]{8}\b/],
  ['call', /^ *\d+(?= +(?:<|\d\d:|\d{4}-|just now|\d+[smhd] ago))|(?<=\bcall )\d+\b/],
  ['cut', /[^\s…]+…(?= |$)/],
  ['time', /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|\b\d\d:\d\d:\d\d\.\d{3}\b|\b\d{13}\b|(?<=_ms":)\d+(?:\.\d+)?/],
  ['age', /\bjust now\b|\b\d+ ?(?:s|m|h|d) ago\b/],
  ['duration', /\b\d+(?:\.\d+)? ?(?:ms|s|m|h|d)\b(?: \d+ ?(?:ms|s|m|h)\b)*/],
  ['rate', /\b\d+(?:\.\d+)?(?= a second\b)/],
  ['size', /\b\d+(?:\.\d+)? (?:KiB|MiB|GiB)\b/],
  ['process', /(?<=\bprocess +)\d+\b/],
  ['version', /\b\d+\.\d+\.\d+\b/],
  ['chart', /[·▁▂▃▄▅▆▇█]{5,}/],
];
const IDS = 3;
const PATTERN = new RegExp(VARYING.map(([, { source }]) => `(${source})`).join('|'), 'g');

export interface Line {
  /** The line without widths of columns and without what varies. */
  shape: string;
  ids: string[];
}

export function shapeOf(line: string): Line {
  const ids: string[] = [];
  const shape = line.replace(PATTERN, (...groups: string[]) => {
    const index = groups.slice(1, VARYING.length + 1).findIndex((group) => group !== undefined);
    if (index < IDS) ids.push(groups[0]!);
    return `<${VARYING[index]![0]}>`;
  });
  return { shape: shape.trim().replace(/ {2,}/g, ' '), ids };
}

/** Every id in a text, as `shapeOf` finds them. */
export const idsIn = (text: string): string[] => shapeOf(text).ids;

/** Stands for any lines that a page leaves out. */
export const OMITTED = '…';

/** `ids` with what the two lines add to them; undefined when they are not the same line. */
export function sameLine(shown: string, real: string, ids: Ids): Ids | undefined {
  const [page, run] = [shapeOf(shown), shapeOf(real)];
  if (page.shape !== run.shape) return undefined;
  const known = new Map(ids);
  for (const [index, id] of page.ids.entries()) {
    const other = run.ids[index]!;
    const taken = [...known.values()].includes(other);
    if (known.has(id) ? known.get(id) !== other : taken) return undefined;
    known.set(id, other);
  }
  return known;
}

export type Comparison =
  | { same: true; ids: Ids }
  /** `line`: of what is shown, the first that has no counterpart, or its length when lines follow that are not shown. */
  | { same: false; line: number };

/** Whether a page shows what a command printed. */
export function compare(shown: readonly string[], real: readonly string[], ids: Ids): Comparison {
  let furthest = 0;
  const from = (page: number, run: number, known: Ids): Ids | undefined => {
    furthest = Math.max(furthest, page);
    if (page === shown.length) return run === real.length ? known : undefined;
    if (shown[page]!.trim() === OMITTED) {
      for (let next = run; next <= real.length; next++) {
        const rest = from(page + 1, next, known);
        if (rest !== undefined) return rest;
      }
      return undefined;
    }
    const more = run < real.length ? sameLine(shown[page]!, real[run]!, known) : undefined;
    return more && from(page + 1, run + 1, more);
  };
  const found = from(0, 0, ids);
  return found === undefined ? { same: false, line: furthest } : { same: true, ids: found };
}
