import { idOf, type Kind } from './resources.ts';

/**
 * Runs `work` for each item as soon as its dependencies are done, and yields the results in the order of the items. Items
 * whose dependencies failed are not started; all others are waited for before the failure is thrown.
 */
export async function* inDependencyOrder<T extends { kind: Kind; name: string }, R>(
  items: readonly T[],
  needsOf: (item: T) => readonly string[],
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const results = new Map<string, Promise<R>>();
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const start = (item: T): Promise<R> => {
    const id = idOf(item);
    let result = results.get(id);
    if (result === undefined) {
      const needed = needsOf(item).flatMap((need) => byId.get(need) ?? []);
      result = Promise.all(needed.map(start)).then(() => work(item));
      results.set(id, result);
    }
    return result;
  };
  const started = items.map(start);
  const settled = Promise.allSettled(started);
  try {
    for (const result of started) yield await result;
  } finally {
    await settled;
  }
}
