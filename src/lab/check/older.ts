import { isIgnored, type Mask, pathName } from './mask.ts';
import type { RunOptions } from './model.ts';
import type { Contents, LabWorld } from './world.ts';

type Item = Readonly<Record<string, unknown>>;

/** Seconds, milliseconds, microseconds or nanoseconds since the epoch, with a fraction or without. */
const NUMBER = /^(1[5-9]\d{8}(?:\d{3}|\d{6}|\d{9})?)(\.\d+)?$/;
/** ISO 8601 down to seconds; what follows stays as it is. */
const ISO = /^(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2}:\d{2})(?!\d)/;

/** A time as a consumer writes it, made `seconds` older; undefined for what is none. */
function older(text: string, seconds: number): string | undefined {
  const number = NUMBER.exec(text);
  if (number !== null) {
    const [, whole = '', fraction = ''] = number;
    return `${BigInt(whole) - BigInt(seconds) * 10n ** BigInt(whole.length - 10)}${fraction}`;
  }
  const iso = ISO.exec(text);
  if (iso === null) return undefined;
  const [found, day, between = 'T', time] = iso;
  const then = new Date(Date.parse(`${day}T${time}Z`) - seconds * 1000).toISOString().slice(0, 19);
  return then.replace('T', between) + text.slice(found.length);
}

/**
 * Items with a time that differed between undisturbed runs, and so is of the consumers' own clock, made `seconds` older: what
 * they are after that time. Tables whose keys have such times are left as they are,
 * and so is a time that a message tells as well: `told`, what waits in queues.
 */
export function olderItems(
  tables: Contents['tables'],
  mask: Mask,
  seconds: number,
  told = '',
): { table: string; item: Item }[] {
  return Object.entries(tables).flatMap(([table, items]) => {
    const place = `table ${table}`;
    if (mask.keys.has(place) || isIgnored(mask, place, '')) return [];
    return Object.values(items).flatMap((item) => {
      const members = Object.entries(item).flatMap(([name, value]) => {
        const made = olderValue(
          value,
          seconds,
          (below, time) => mask.scrubbed.has(pathName(place, `${name}${below}`)) && !told.includes(time),
        );
        return made === undefined ? [] : [[name, made] as const];
      });
      return members.length === 0 || hasBytes(item)
        ? []
        : [{ table, item: { ...item, ...Object.fromEntries(members) } }];
    });
  });
}

/** `isOwn` tells by the path below the value, `.1.at`, whether what is there is of the consumers' own clock. */
function olderValue(
  value: unknown,
  seconds: number,
  isOwn: (below: string, time: string) => boolean,
): object | undefined {
  const [type, content] = Object.entries(value as object)[0] ?? [];
  if ((type === 'N' || type === 'S') && typeof content === 'string') {
    const made = isOwn('', content) ? older(content, seconds) : undefined;
    return made === undefined ? undefined : { [type]: made };
  }
  if (type !== 'L' && type !== 'M') return undefined;
  const members = Object.entries(content as object).flatMap(([name, member]) => {
    const made = olderValue(member, seconds, (below, time) => isOwn(`.${name}${below}`, time));
    return made === undefined ? [] : [[name, made] as const];
  });
  if (members.length === 0) return undefined;
  return { [type]: Object.assign(type === 'L' ? [...content] : { ...content }, Object.fromEntries(members)) };
}

/** Bytes come as base64, and would be written back so. */
function hasBytes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => name === 'B' || name === 'BS' || hasBytes(member));
}

/**
 * As if so much time had passed for the consumers, whose own clock cannot be turned: times that they have written become
 * older by it, in whole seconds.
 */
export async function makeOlder(world: LabWorld, mask: Mask, ms: number): Promise<void> {
  const seconds = Math.round(ms / 1000);
  if (seconds === 0) return;
  const { tables, queues } = await world.contents([]);
  const told = JSON.stringify(queues);
  for (const { table, item } of olderItems(tables, mask, seconds, told)) await world.putItem(table, item);
}

/** Turns the clock to the next timer, where a run is unhurried for the consumers as well; false when there is none. */
export async function turnClock(world: LabWorld, { mask, unhurried }: Pick<RunOptions, 'mask' | 'unhurried'>) {
  const ms = await world.nextTimer();
  if (ms !== undefined && unhurried === true && mask !== undefined) await makeOlder(world, mask, ms);
  return ms !== undefined;
}
