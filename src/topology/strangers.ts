import { isDeepStrictEqual } from 'node:util';
import { CliffracerError } from '../errors.ts';
import { type Desired, idOf, type Observed } from './resources.ts';

/** Refuses to touch a stack of which somebody else has made a part, under our names and without our tag. */
export function refuseStrangers(desired: readonly Desired[], observed: readonly Observed[]): void {
  const wanted = new Set(desired.map(idOf));
  const strangers = observed.filter((each) => !each.ours && wanted.has(idOf(each)));
  if (strangers.length === 0) return;
  const names = strangers.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  throw new CliffracerError('refused', `not made by this program, so not changed: ${names}`, {
    hint: 'use another stack: --stack NAME',
  });
}

/**
 * Refuses to touch anything where a table of our name has another key: then the names are another program's, whose queues
 * and tables must not be changed, and whose items are none of ours.
 */
export function refuseForeignTables(desired: readonly Desired[], observed: readonly Observed[]): void {
  const wanted = new Map(desired.map((each) => [idOf(each), each.attributes.key]));
  const foreign = observed.flatMap((each) => {
    const key = wanted.get(idOf(each));
    const found = each.attributes.key;
    const same = each.kind !== 'table' || key === undefined || isDeepStrictEqual(key, found);
    return same ? [] : [`table ${each.name} has the key ${[found].flat().join(', ')}, not ${[key].flat().join(', ')}`];
  });
  if (foreign.length === 0) return;
  throw new CliffracerError(
    'refused',
    `another program has these names here, so nothing is changed: ${foreign.join('; ')}`,
    {
      hint: FOREIGN_REMEDY,
    },
  );
}

export const FOREIGN_REMEDY = 'keep both: use a stack of your own, as --stack shop';
