export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values at a path of names within an object, as text; lists on the way add nothing to the path. */
export function valuesAt(fields: Fields | undefined, path: readonly string[]): string[] | undefined {
  let found: unknown[] = [fields];
  for (const name of path) {
    found = found.flat().flatMap((value) => (isFields(value) && Object.hasOwn(value, name) ? [value[name]] : []));
  }
  return texts(...found.flat());
}

/** Values as an expression compares them; undefined when there are none. */
export function texts(...values: readonly unknown[]): string[] | undefined {
  const known = values.filter((value) => value !== undefined && value !== null);
  if (known.length === 0) return undefined;
  return known.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
}
