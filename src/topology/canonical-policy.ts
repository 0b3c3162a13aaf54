import type { Value } from './resources.ts';

/**
 * A policy in one form for all ways of writing it: services give it back with lists in another order, with a list of one
 * for its member, and with `{"AWS": "*"}` for everybody.
 */
export function canonicalPolicy(document: unknown): Value {
  if (Array.isArray(document)) {
    const members = document.map(canonicalPolicy);
    if (members.length === 1) return members[0]!;
    return members.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (document === null || typeof document !== 'object') return String(document);
  const entries = Object.entries(document)
    .map(([name, value]): [string, Value] => [name, canonicalPolicy(value)])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const [first] = entries;
  return entries.length === 1 && first![0] === 'AWS' && first![1] === '*' ? '*' : Object.fromEntries(entries);
}
