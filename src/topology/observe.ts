import type { Admin } from './admin.ts';
import type { Desired, Kind, Observed } from './resources.ts';

/** What exists of a stack. Everything is asked for at once. */
export async function observe(admin: Admin, desired: readonly Desired[]): Promise<Observed[]> {
  const kinds = [...new Set(desired.map(({ kind }) => kind))];
  const found = await Promise.all(
    kinds.map((kind: Kind) => admin.kinds[kind].observe(desired.filter((each) => each.kind === kind))),
  );
  return found.flat();
}
