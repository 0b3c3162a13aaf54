import { type GroupPage, pageOfGroups } from './group-page.ts';
import { groupArn } from './lookup.ts';
import type { LogGroup, LogsContext } from './state.ts';

interface TagFilter {
  key: string;
  values?: string[];
}

interface ListLogGroupsInput extends GroupPage {
  /** Substrings of names, `^` before one that names begin with, `|` between them; the model allows nothing else. */
  logGroupNamePattern?: string;
  logGroupTags?: TagFilter[];
  dataSources?: unknown[];
  fieldIndexNames?: string[];
}

/** ListLogGroups. No account is linked to another here, and no group has data sources or field indexes. */
export function listLogGroups(context: LogsContext, input: ListLogGroupsInput) {
  const { logGroupNamePattern: pattern, logGroupTags: filters = [] } = input;
  const isNamed = pattern === undefined ? () => true : namesMatching(pattern);
  const isWanted = (group: LogGroup) =>
    isNamed(group.name) &&
    filters.every((filter) => isTagged(group, filter)) &&
    input.dataSources === undefined &&
    input.fieldIndexNames === undefined;
  const { groups, ...next } = pageOfGroups(context, input, isWanted);
  const logGroups = groups.map(({ name, logGroupClass }) => {
    return { logGroupName: name, logGroupArn: groupArn(context, name), logGroupClass };
  });
  return { logGroups, ...next };
}

function namesMatching(pattern: string): (name: string) => boolean {
  const parts = pattern.split('|');
  return (name) => parts.some((part) => (part.startsWith('^') ? name.startsWith(part.slice(1)) : name.includes(part)));
}

function isTagged({ tags }: LogGroup, { key, values }: TagFilter): boolean {
  const value = tags.get(key);
  return value !== undefined && (values === undefined || values.length === 0 || values.includes(value));
}
