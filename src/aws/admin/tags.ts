import { ADOPTED_TAG, type Attributes, STACK_TAG } from '../../topology/resources.ts';

/** Of a resource's tags only ours and those that are wanted count; others belong to the user and are left alone. */
export function ownTags(
  tags: Record<string, string> | undefined,
  stack: string,
  wanted: Attributes[string] = {},
): { tags: Attributes; ours: boolean } {
  const counts = (name: string) => name === STACK_TAG || Object.hasOwn(wanted as object, name);
  const own = Object.entries(tags ?? {}).filter(([name]) => counts(name));
  return { tags: Object.fromEntries(own), ours: tags?.[STACK_TAG] === stack && !Object.hasOwn(tags, ADOPTED_TAG) };
}

export function tagList(tags: unknown): { Key: string; Value: string }[] {
  return Object.entries(tags as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
}

interface Tag {
  Key?: string | undefined;
  Value?: string | undefined;
}

export function tagMap(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
