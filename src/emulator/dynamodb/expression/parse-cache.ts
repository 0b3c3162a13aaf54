/**
 * Programs send the same few expressions over and over: what they parse to is kept by their text. The oldest half goes
 * when a cache is full. Caches are no part of the engine's state.
 */
export function cachedParser<T>(parse: (text: string) => T, mostEntries = 1000): (text: string) => T {
  let recent = new Map<string, T>();
  let older = new Map<string, T>();
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    const parsed = older.get(text) ?? parse(text);
    if (recent.size >= mostEntries / 2) {
      older = recent;
      recent = new Map();
    }
    recent.set(text, parsed);
    return parsed;
  };
}
