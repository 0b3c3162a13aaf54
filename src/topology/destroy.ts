import type { Admin } from './admin.ts';
import type { Fact } from './apply.ts';
import { inDependencyOrder } from './dependency-order.ts';
import { observe } from './observe.ts';
import { type Desired, idOf } from './resources.ts';

/** Removes what exists of the stack and carries its tag, with all that is in it; reports what it leaves alone. */
export async function* destroy(admin: Admin, desired: readonly Desired[]): AsyncGenerator<Fact> {
  const found = new Map((await observe(admin, desired)).map((each) => [idOf(each), each]));
  const dependents = new Map<string, string[]>();
  for (const each of desired) {
    for (const need of each.needs) dependents.set(need, [...(dependents.get(need) ?? []), idOf(each)]);
  }
  const existing = desired.filter((each) => found.has(idOf(each)));
  yield* inDependencyOrder(
    existing,
    (each) => dependents.get(idOf(each)) ?? [],
    async (each): Promise<Fact> => {
      const { kind, name } = each;
      // What has no tag of its own, a subscription, is ours when that which it joins is.
      const ours = [idOf(each), ...each.needs].every((id) => found.get(id)?.ours ?? true);
      if (!ours) {
        return { resource: name, kind, action: 'kept', detail: 'does not carry the tag of this stack' };
      }
      await admin.kinds[kind].remove(each);
      return { resource: name, kind, action: 'deleted', detail: '' };
    },
  );
}
