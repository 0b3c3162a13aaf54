import { STACK_TAG } from '../../shop/stack/names.ts';
import type { Attributes } from '../../shop/stack/resources.ts';

/** Of a resource's tags only ours counts; others belong to the user and are left alone. */
export function ownTags(tags: Record<string, string> | undefined, stack: string): { tags: Attributes; ours: boolean } {
  const tag = tags?.[STACK_TAG];
  return { tags: tag === undefined ? {} : { [STACK_TAG]: tag }, ours: tag === stack };
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
