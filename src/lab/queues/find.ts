import { CliffracerError } from '../../errors.ts';

const NAMED = 5;

/**
 * The one name that is meant: as it stands, as one of `otherwise` (a name within the stack, a service), or by its
 * beginning. Rejects with `not_found`, and with `usage` for a beginning of several.
 */
export function findName(
  kind: { name: string; plural: string; hint: string },
  names: readonly string[],
  given: string,
  otherwise: readonly string[] = [],
): string {
  const exact = [given, ...otherwise].find((name) => names.includes(name));
  if (exact !== undefined) return exact;
  const found = given === '' ? [] : names.filter((name) => name.startsWith(given));
  if (found.length === 1) return found[0]!;
  const text = JSON.stringify(given);
  if (found.length === 0) {
    const likeliest = names.toSorted((one, other) => shared(other, given) - shared(one, given));
    const there = names.length === 0 ? '' : `; there are ${listed(likeliest)}`;
    throw new CliffracerError('not_found', `there is no ${kind.name} ${text}${there}`, { hint: kind.hint });
  }
  const several = `${text} is the beginning of several ${kind.plural}: ${listed(found)}`;
  throw new CliffracerError('usage', several, { hint: 'give more of it' });
}

const listed = (names: readonly string[]) =>
  names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ' and others' : '');

/** How many characters two names have in common at their beginning. */
function shared(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
