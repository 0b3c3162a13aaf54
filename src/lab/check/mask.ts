import { type Cell, cellsOf, type EndState, messagesIn } from './cells.ts';
import { scrubbed } from './scrub.ts';

/** What differs between undisturbed runs, and so says nothing. */
export interface Mask {
  /** `PLACE` or `PLACE: PATH`, with everything below it. */
  ignored: ReadonlySet<string>;
  /** `PLACE: PATH` of values that are compared with marks in the place of times and random ids. */
  scrubbed: ReadonlySet<string>;
  /** Places whose keys differ from run to run. */
  keys: ReadonlyMap<string, KeyMask>;
}

export interface KeyMask {
  /** Keys that do not differ. */
  stable: ReadonlySet<string>;
  /** Whether the others are the same but for times and random ids. */
  shaped: boolean;
}

export const pathName = (place: string, path: string) => `${place}: ${path}`;

/** By which key an item or object is compared; null for one of which only values and number count. */
export function keyIn({ keys }: Mask, place: string, key: string): string | null {
  const own = keys.get(place);
  if (own === undefined || own.stable.has(key)) return key;
  return own.shaped ? scrubbed(key) : null;
}

export function isIgnored({ ignored }: Mask, place: string, path: string): boolean {
  if (ignored.has(place)) return true;
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    if (ignored.has(pathName(place, at))) return true;
  }
  return ignored.has(pathName(place, path));
}

/** What a user leaves out of the comparison. */
export const userMask = (ignored: readonly string[]): Mask => ({
  ignored: new Set(ignored),
  scrubbed: new Set(),
  keys: new Map(),
});

/** The mask, and what `other` has otherwise than `first`, of two undisturbed runs. */
export function widened(mask: Mask, first: EndState, other: EndState): Mask {
  const cells = [first, other].map((state) => [...cellsOf(state, { anyOrder: false })] as const) as [Cell[], Cell[]];
  const keyless = new Set([first, other].flatMap((state) => [...messagesIn(state)].map(([place]) => place)));
  const keys = keyMasks(mask, keyless, ...cells);
  const made = { ignored: new Set(mask.ignored), scrubbed: new Set(mask.scrubbed), keys };
  const [was, is] = cells.map((each) => valuesIn(each, keyless, made)) as [Values, Values];
  for (const [name, { where, values }] of [...was, ...is]) {
    const others = [(was.get(name) ?? NOTHING).values, (is.get(name) ?? NOTHING).values].find(
      (each) => each !== values,
    )!;
    if (sameValues(values, others)) continue;
    const masked = sameValues(values.map(scrubbed), others.map(scrubbed)) ? made.scrubbed : made.ignored;
    masked.add(where);
  }
  for (const place of keyless)
    if (numberOf(first, place) !== numberOf(other, place)) made.ignored.add(pathName(place, 'number'));
  return made;
}

type Values = Map<string, { where: string; values: string[] }>;
const NOTHING: { values: string[] } = { values: [] };

const sameValues = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n');

const numberOf = (state: EndState, wanted: string) =>
  [...messagesIn(state)].find(([place]) => place === wanted)?.[1].length ?? 0;

/** Values by key and path, where the key counts. */
function valuesIn(cells: readonly Cell[], keyless: ReadonlySet<string>, mask: Mask): Values {
  const found: Values = new Map();
  for (const { place, key, path, value } of cells) {
    const own = keyless.has(place) ? '' : (keyIn(mask, place, key) ?? '');
    const name = `${place}\n${own}\n${path}`;
    const entry = found.get(name);
    if (entry === undefined) found.set(name, { where: pathName(place, path), values: [value] });
    else entry.values.push(value);
  }
  return found;
}

function keyMasks(mask: Mask, keyless: ReadonlySet<string>, first: readonly Cell[], other: readonly Cell[]) {
  const keys = new Map(mask.keys);
  const [was, is] = [keysOf(first), keysOf(other)];
  for (const place of new Set([...was.keys(), ...is.keys()])) {
    if (keyless.has(place)) continue;
    const [old, now] = [was.get(place) ?? new Set<string>(), is.get(place) ?? new Set<string>()];
    const stable = new Set([...old].filter((key) => now.has(key)));
    if (stable.size === old.size && stable.size === now.size) continue;
    const earlier = keys.get(place);
    keys.set(place, {
      stable: earlier === undefined ? stable : new Set([...stable].filter((key) => earlier.stable.has(key))),
      shaped: (earlier?.shaped ?? true) && sameValues([...old].map(scrubbed), [...now].map(scrubbed)),
    });
  }
  return keys;
}

function keysOf(cells: readonly Cell[]): Map<string, Set<string>> {
  const keys = new Map<string, Set<string>>();
  for (const { place, key } of cells) {
    const own = keys.get(place);
    if (own === undefined) keys.set(place, new Set([key]));
    else own.add(key);
  }
  return keys;
}
