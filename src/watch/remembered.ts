interface Made {
  version: string;
  value: unknown;
}

/** What was made of an object last; forgotten with the object. */
const made = new WeakMap<object, Made>();

/** What `make` makes of an object, made anew only when `version` is another one: most of a frame is as in the last one. */
export function remembered<T>(of: object, version: string, make: () => T): T {
  const before = made.get(of);
  if (before?.version === version) return before.value as T;
  const value = make();
  made.set(of, { version, value });
  return value;
}
