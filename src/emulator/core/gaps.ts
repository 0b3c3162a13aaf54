import type { AwsError } from './errors.ts';
import type { Gap, Operation } from './types.ts';

/** Lets operations refuse what their service's gaps say, before anything else is looked at. */
export function refusing<S>(
  gaps: readonly Gap[],
  operations: Record<string, Operation<S>>,
): Record<string, Operation<S>> {
  const entries = Object.entries(operations).map(([name, perform]): [string, Operation<S>] => {
    const checks = gaps.flatMap(({ operations: of, member, refuse }) =>
      typeof refuse === 'function' && of.includes(name) ? [{ path: member.split('.'), refuse }] : [],
    );
    if (checks.length === 0) return [name, perform];
    const checked: Operation<S> = (context, input) => {
      for (const { path, refuse } of checks) check(input, path, 0, refuse);
      return perform(context, input);
    };
    return [name, checked];
  });
  return Object.fromEntries(entries);
}

function check(
  value: unknown,
  path: readonly string[],
  depth: number,
  refuse: (value: unknown) => AwsError | undefined,
): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value) && depth < path.length) {
    for (const member of value) check(member, path, depth, refuse);
  } else if (depth < path.length) check((value as Record<string, unknown>)[path[depth]!], path, depth + 1, refuse);
  else {
    const error = refuse(value);
    if (error !== undefined) throw error;
  }
}
