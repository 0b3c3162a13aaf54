import { matchesAttributes, matchesBody } from './match.ts';
import type { FilterPolicy, Scalar } from './policy.ts';

/** What a filter policy was held against: values of the message attributes, or the parsed body. */
export type Filtered = { attributes: ReadonlyMap<string, readonly Scalar[]> } | { body: unknown };

/**
 * The parts of a filter policy that a message does not meet, each as `PATH: CONDITIONS, but the message has VALUE`: of the
 * alternatives that `$or` opens, those of the one that comes closest. `text` is the policy as it was set.
 */
export function unmatchedParts(policy: FilterPolicy, text: string, filtered: Filtered): string[] {
  const failures = policy.rules.map((rule) =>
    rule.filter((leaf) => {
      const alone = { ...policy, rules: [[leaf]] };
      return !('body' in filtered ? matchesBody(alone, filtered.body) : matchesAttributes(alone, filtered.attributes));
    }),
  );
  const closest = failures.sort((a, b) => a.length - b.length)[0] ?? [];
  return closest.map(({ path }) => {
    const conditions = JSON.stringify(valueAt(JSON.parse(text), path) ?? '…');
    const value = 'body' in filtered ? valueAt(filtered.body, path) : filtered.attributes.get(path);
    return `${path}: ${conditions}, but the message has ${value === undefined ? 'none' : JSON.stringify(value)}`;
  });
}

/** What stands at a path whose names are joined by dots; undefined where `$or` or an array is on the way. */
function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  const name = dot < 0 ? path : path.slice(0, dot);
  if (dot < 0 || !Object.hasOwn(value, name)) return undefined;
  return valueAt((value as Record<string, unknown>)[name], path.slice(dot + 1));
}
