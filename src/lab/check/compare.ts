import { type Cell, cellsOf } from './cells.ts';
import type { Contents } from './world.ts';

/** What an experiment's end has otherwise than the undisturbed one. */
export interface EndDifference {
  place: string;
  /** Null where single ones cannot be told apart: messages, and items whose keys differ from run to run. */
  key: string | null;
  path: string;
  /** As JSON; null where there is nothing. */
  before: string | null;
  after: string | null;
}

/** What differs between two undisturbed runs, and is not compared. */
export interface Mask {
  /** `PLACE: PATH`, of all keys. */
  paths: ReadonlySet<string>;
  /** Places whose keys differ by nature: compared by the values that they hold, not key by key. */
  unkeyed: ReadonlySet<string>;
}

/** What two runs of the same that end differently have to differ in by nature: times, random ids. */
export function maskOf(first: Contents, second: Contents, ignored: readonly string[]): Mask {
  const unkeyed = new Set<string>();
  for (const place of placesOf(first, second)) {
    if (place.startsWith('queue ') || keysOf(first, place) !== keysOf(second, place)) unkeyed.add(place);
  }
  const paths = new Set(ignored);
  const keyed = { paths, unkeyed: new Set([...unkeyed].filter((place) => !place.startsWith('queue '))) };
  for (const { place, path } of differencesOf(first, second, keyed)) paths.add(`${place}: ${path}`);
  return { paths, unkeyed };
}

const placesOf = (...contents: Contents[]) =>
  new Set(contents.flatMap((each) => [...cellsOf(each)].map(({ place }) => place)));

const keysOf = (contents: Contents, wanted: string) =>
  [...new Set([...cellsOf(contents)].filter(({ place }) => place === wanted).map(({ key }) => key))].sort().join('\n');

/** What `after` has otherwise than `before`, as far as the mask lets it be seen; ordered by place, key and path. */
export function differencesOf(before: Contents, after: Contents, mask: Mask): EndDifference[] {
  const [old, now] = [visible(before, mask), visible(after, mask)];
  const differences: EndDifference[] = [];
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(name), now.get(name)];
    if (was?.value === is?.value) continue;
    const { place, key, path } = (was ?? is)!;
    differences.push({ place, key, path, before: was?.value ?? null, after: is?.value ?? null });
  }
  return differences;
}

interface Seen {
  place: string;
  key: string | null;
  path: string;
  value: string;
}

function visible(contents: Contents, { paths, unkeyed }: Mask): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const several = new Map<string, Cell[]>();
  const counts = new Map<string, Set<string>>();
  for (const cell of cellsOf(contents)) {
    const { place, key, path, value } = cell;
    if (unkeyed.has(place)) counts.set(place, (counts.get(place) ?? new Set()).add(key));
    if (paths.has(`${place}: ${path}`) || paths.has(place)) continue;
    if (!unkeyed.has(place)) seen.set(`${place}\n${key}\n${path}`, { place, key, path, value });
    else if (!several.has(`${place}\n${path}`)) several.set(`${place}\n${path}`, [cell]);
    else several.get(`${place}\n${path}`)!.push(cell);
  }
  for (const [place, keys] of counts) {
    if (!paths.has(place)) seen.set(`${place}\n\nnumber`, { place, key: null, path: 'number', value: `${keys.size}` });
  }
  for (const [name, cells] of several) {
    const { place, path } = cells[0]!;
    const values = cells.map(({ value }) => value).sort();
    seen.set(name, { place, key: null, path, value: values.join(', ') });
  }
  return seen;
}
