/** Entries of a map member of an input, in whichever of both forms it comes. */
export function entriesOf<T>(map: Record<string, T> | ReadonlyMap<string, T> | undefined): [string, T][] {
  if (map === undefined || map === null) return [];
  return map instanceof Map ? [...map] : Object.entries(map as Record<string, T>);
}

/** A map member of an output; without prototype, so that a client's `__proto__` is a name like any other. */
export function outputMap<T>(entries: Iterable<readonly [string, T]>): Record<string, T> | undefined {
  const map: Record<string, T> = Object.create(null);
  let empty = true;
  for (const [name, value] of entries) {
    map[name] = value;
    empty = false;
  }
  return empty ? undefined : map;
}
