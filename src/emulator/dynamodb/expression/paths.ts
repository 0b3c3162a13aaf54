import { type AttributeValue, attributeOf, type Item, setAttribute } from '../value.ts';
import type { Path } from './ast.ts';
import { ExpressionError } from './tokens.ts';

/** The value at a document path (Developer Guide, Referring to item attributes). */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attributeOf(item, path[0] as string);
  for (let at = 1; at < path.length && value !== undefined; at++) value = childOf(value, path[at]!);
  return value;
}

export function childOf(value: AttributeValue, part: string | number): AttributeValue | undefined {
  if (typeof part === 'number') return value.L?.[part];
  return value.M === undefined ? undefined : attributeOf(value.M, part);
}

export function shownPath(path: Path): string {
  return `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;
}

/** Refuses paths of which one contains the other, or which take one place for a list and for a map. */
export function checkDistinctPaths(paths: readonly Path[]): void {
  eachPair(paths, (one, two, common) => {
    if (common === Math.min(one.length, two.length)) refusePair('overlap', one, two);
  });
  eachPair(paths, (one, two, common) => {
    if (typeof one[common] !== typeof two[common]) refusePair('conflict', one, two);
  });
}

/** Visits each two paths, with the number of parts that they begin with in common. */
function eachPair(paths: readonly Path[], visit: (one: Path, two: Path, common: number) => void): void {
  for (let later = 1; later < paths.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const [one, two] = [paths[earlier]!, paths[later]!];
      let common = 0;
      while (common < one.length && common < two.length && one[common] === two[common]) common++;
      visit(one, two, common);
    }
  }
}

function refusePair(fault: 'overlap' | 'conflict', one: Path, two: Path): never {
  throw new ExpressionError(
    `Two document paths ${fault} with each other; must remove or rewrite one of these paths; ` +
      `path one: ${shownPath(one)}, path two: ${shownPath(two)}`,
  );
}

/** Paths by their parts, so that what several paths share of an item is built once. */
interface Selection {
  /** True where a path ends: everything below is selected. */
  whole: boolean;
  parts: Map<string | number, Selection>;
}

/** The parts of an item that paths name, in their place in the document; chosen list elements move together. */
export function project(item: Item, paths: readonly Path[]): Item {
  const root: Selection = { whole: false, parts: new Map() };
  for (const path of paths) {
    let selection = root;
    for (const part of path) {
      const next = selection.parts.get(part) ?? { whole: false, parts: new Map() };
      selection.parts.set(part, next);
      selection = next;
    }
    selection.whole = true;
  }
  return projectMap(item, root);
}

function projectMap(item: Item, selection: Selection): Item {
  const projected: Item = {};
  for (const [part, below] of selection.parts) {
    const value = typeof part === 'string' ? attributeOf(item, part) : undefined;
    const chosen = value && projectValue(value, below);
    if (chosen !== undefined) setAttribute(projected, part as string, chosen);
  }
  return projected;
}

function projectValue(value: AttributeValue, selection: Selection): AttributeValue | undefined {
  if (selection.whole) return value;
  if (value.M !== undefined) {
    const map = projectMap(value.M, selection);
    return Object.keys(map).length === 0 ? undefined : { M: map };
  }
  if (value.L === undefined) return undefined;
  const chosen = [...selection.parts]
    .filter((entry): entry is [number, Selection] => typeof entry[0] === 'number')
    .sort(([a], [b]) => a - b)
    .map(([at, below]) => value.L![at] && projectValue(value.L![at], below))
    .filter((element) => element !== undefined);
  return chosen.length === 0 ? undefined : { L: chosen };
}
