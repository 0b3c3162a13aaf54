import { type Cell, type CellOptions, cellsOf, type EndState, messagesIn } from './cells.ts';
import { isEventId, isIdentity } from './identity.ts';
import { isIgnored, keyIn, type Mask, pathName } from './mask.ts';
import { scrubbed } from './scrub.ts';

/** What an experiment's end has otherwise than the undisturbed one. */
export interface EndDifference {
  place: string;
  /**
   * Of the item or object, with marks in the place of times and random ids; a message as a whole; null where single ones
   * cannot be told apart.
   */
  key: string | null;
  /** `number`: how many there are. */
  path: string;
  /** As JSON; null where there is nothing. */
  before: string | null;
  after: string | null;
}

interface Seen {
  place: string;
  key: string | null;
  path: string;
  values: string[];
}

/** What `after` has otherwise than `before`, as far as the mask lets it be seen; ordered by place, key and path. */
export function differencesOf(
  before: EndState,
  after: EndState,
  mask: Mask,
  options: CellOptions = { anyOrder: false },
): EndDifference[] {
  const [old, now] = [visible(before, mask, options), visible(after, mask, options)];
  const differences: EndDifference[] = [];
  for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [textOf(old.get(name)), textOf(now.get(name))];
    if (was === is) continue;
    const { place, key, path } = (old.get(name) ?? now.get(name))!;
    differences.push({ place, key, path, before: was, after: is });
  }
  return differences;
}

const textOf = (seen: Seen | undefined): string | null => (seen === undefined ? null : seen.values.sort().join(', '));

/** Everything that is compared, by name. */
function visible(state: EndState, mask: Mask, options: CellOptions): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const add = ({ place, key, path }: Omit<Seen, 'values'>, value: string) => {
    const name = `${place}\n${key ?? ''}\n${path}`;
    const found = seen.get(name);
    if (found === undefined) seen.set(name, { place, key, path, values: [value] });
    else found.values.push(value);
  };
  const numbers = new Map<string, { place: string; key: string | null; keys: Set<string> }>();
  const messages = new Map<string, Map<string, Cell[]>>();
  for (const [place] of messagesIn(state)) messages.set(place, new Map());
  for (const cell of cellsOf(state, options)) {
    const { place, path } = cell;
    const own = messages.get(place);
    if (own !== undefined) {
      const cells = own.get(cell.key);
      if (cells === undefined) own.set(cell.key, [cell]);
      else cells.push(cell);
      continue;
    }
    const key = keyIn(mask, place, cell.key);
    if (key !== cell.key && !isIgnored(mask, place, 'number')) {
      const name = `${place}\n${key ?? ''}`;
      const found = numbers.get(name);
      if (found === undefined) numbers.set(name, { place, key, keys: new Set([cell.key]) });
      else found.keys.add(cell.key);
    }
    if (!isIgnored(mask, place, path)) add({ place, key, path }, shownValue(cell, mask));
  }
  for (const { place, key, keys } of numbers.values()) add({ place, key, path: 'number' }, String(keys.size));
  for (const [place, entries] of messages) addMessages(place, [...entries.values()], mask, add);
  return seen;
}

const shownValue = ({ place, path, value }: Cell, mask: Mask) =>
  mask.scrubbed.has(pathName(place, path)) ? scrubbed(value) : value;

/**
 * Messages that are left, each as a whole. One that can be told to be the same when it comes again counts once: whoever
 * receives it has to expect it twice anyhow (SQS Developer Guide, At-least-once delivery). Two that bear different ids of
 * their own are two, though they are about the same.
 */
function addMessages(
  place: string,
  messages: readonly Cell[][],
  mask: Mask,
  add: (where: Omit<Seen, 'values'>, value: string) => void,
): void {
  if (isIgnored(mask, place, '')) return;
  const kinds = new Map<string, Set<string>>();
  for (const [index, cells] of messages.entries()) {
    const compared = cells.filter(({ path }) => !isIgnored(mask, place, path));
    const text = messageText(compared, mask);
    const known = kinds.get(text) ?? new Set();
    kinds.set(text, known.add(isIgnored(mask, place, 'number') ? '' : (identityOf(compared, mask) ?? String(index))));
  }
  for (const [key, { size }] of kinds) add({ place, key, path: 'number' }, String(size));
}

/** By what a receiver tells that two messages with the same text are the same; undefined when there is nothing. */
function identityOf(cells: readonly Cell[], mask: Mask): string | undefined {
  const isRandom = ({ place, path }: Cell) => mask.scrubbed.has(pathName(place, path));
  const own = cells.filter((cell) => isEventId(cell.path) && isRandom(cell));
  if (own.length > 0) return JSON.stringify(own.map(({ path, value }) => [path, value]));
  return cells.some((cell) => isIdentity(cell.path) && !isRandom(cell)) ? '' : undefined;
}

function messageText(cells: readonly Cell[], mask: Mask): string {
  const [only] = cells;
  if (cells.length === 1 && only!.path === '') return shownValue(only!, mask);
  const members = cells.map((cell): [string, unknown] => {
    const value = shownValue(cell, mask);
    return [cell.path, value === cell.value ? JSON.parse(value) : value.replace(/^"|"$/g, '')];
  });
  return JSON.stringify(Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1))));
}
