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
    throw new CliffracerError('not_found', `there is no ${kind.name} ${text}`, { hint: kind.hint });
  }
  const more = found.length > NAMED ? ' and others' : '';
  const several = `${text} is the beginning of several ${kind.plural}: ${found.slice(0, NAMED).join(', ')}${more}`;
  throw new CliffracerError('usage', several, { hint: 'give more of it' });
}
