import { branchOf, functionOf } from './intrinsics.ts';
import type { Scope } from './scope.ts';
import type { Json } from './value.ts';

/** Resources that a value refers to, by logical id; of Fn::If the branch that holds. */
export function referencesOf(given: Json, path: string, scope: Scope): Set<string> {
  const found = new Set<string>();
  const walk = (value: Json, at: string): void => {
    const branch = branchOf(value, at, scope);
    for (const id of namesIn(branch.value)) if (scope.isResource(id)) found.add(id);
    if (typeof branch.value !== 'object' || branch.value === null) return;
    for (const [name, each] of Object.entries(branch.value)) walk(each, `${branch.path}.${name}`);
  };
  walk(given, path);
  return found;
}

function namesIn(value: Json): string[] {
  const name = functionOf(value);
  if (name === undefined) return [];
  const argument = (value as { [name: string]: Json })[name]!;
  const first = Array.isArray(argument) ? argument[0] : argument;
  if (typeof first !== 'string') return [];
  if (name === 'Ref') return [first];
  if (name === 'Fn::GetAtt') return [first.split('.')[0]!];
  if (name !== 'Fn::Sub') return [];
  return [...first.matchAll(/\$\{([^!{}][^{}]*)\}/g)].map((match) => match[1]!.trim().split('.')[0]!);
}

/** A cycle, its first member again at the end; undefined where there is none. */
export function cycleIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  for (const start of graph.keys()) {
    // A stack of its own: a long chain is no reason to overflow the other one.
    const trail: { id: string; rest: string[] }[] = [];
    const open = new Set<string>();
    const enter = (id: string) => {
      open.add(id);
      trail.push({ id, rest: [...(graph.get(id) ?? [])] });
    };
    if (!done.has(start)) enter(start);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        trail.pop();
        open.delete(top.id);
        done.add(top.id);
      } else if (open.has(next)) {
        const ids = trail.map(({ id }) => id);
        return [...ids.slice(ids.indexOf(next)), next];
      } else if (!done.has(next)) enter(next);
    }
  }
  return undefined;
}
