import { isDeepStrictEqual } from 'node:util';
import { CliffracerError } from '../errors.ts';
import { type Desired, idOf, type Observed } from './resources.ts';

/** Refuses to change a stack when a resource with one of its names exists without the stack's tag. */
export function refuseUnowned(desired: readonly Desired[], observed: readonly Observed[]): void {
  const wanted = new Set(desired.map(idOf));
  const unowned = observed.filter((each) => !each.ours && wanted.has(idOf(each)));
  if (unowned.length === 0) return;
  const names = unowned.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  throw new CliffracerError('refused', `not made by this program, so not changed: ${names}`, {
    hint: 'use another stack: --stack NAME',
  });
}

/**
 * Refuses to change anything when a table of the stack's name has another key: then the names belong to another program.
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
