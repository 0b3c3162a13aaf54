import { forward, itemAt, locate } from '../core/chunked-list.ts';
import { decodeToken, encodeToken, isString } from './page-token.ts';
import type { LogGroup, LogsContext } from './state.ts';

const DEFAULT_PAGE = 50;

/** What listings of groups have in common. */
export interface GroupPage {
  logGroupNamePrefix?: string;
  logGroupClass?: string;
  nextToken?: string;
  limit?: number;
}

/** A page of the groups that are wanted, by name, with the token of the next one when there is more. */
export function pageOfGroups(
  { state: { groups, groupNames } }: LogsContext,
  { logGroupNamePrefix: prefix = '', logGroupClass, nextToken, limit = DEFAULT_PAGE }: GroupPage,
  isWanted: (group: LogGroup) => boolean,
): { groups: LogGroup[]; nextToken?: string } {
  const after = nextToken === undefined ? undefined : decodeToken(nextToken, isString);
  const place = locate(groupNames, (name) => (after === undefined ? name >= prefix : name > after && name >= prefix));
  const found: LogGroup[] = [];
  for (; ; forward(groupNames, place)) {
    const name = itemAt(groupNames, place);
    if (name === undefined || !name.startsWith(prefix)) return { groups: found };
    const group = groups.get(name)!;
    if ((logGroupClass ?? group.logGroupClass) !== group.logGroupClass || !isWanted(group)) continue;
    if (found.length === limit) return { groups: found, nextToken: encodeToken(found.at(-1)!.name) };
    found.push(group);
  }
}
