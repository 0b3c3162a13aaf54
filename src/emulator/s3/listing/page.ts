import { afterPrefix } from './byte-order.ts';
import { keysFrom, type OrderedKeys } from './ordered-keys.ts';

/** Which part of the ordered keys a listing asks for; everything in byte keys. */
export interface PageRequest {
  prefix: string;
  /** Empty for none. */
  delimiter: string;
  /** Only entries after this one; empty for the beginning. */
  after: string;
  /** Whether `after` also passes over the whole common prefix that it lies in, as a marker of an earlier page does. */
  afterGroup: boolean;
  limit: number;
}

export type PageEntry = { kind: 'key'; entry: string } | { kind: 'prefix'; prefix: string };

export interface Page {
  entries: PageEntry[];
  truncated: boolean;
}

/** The common prefix that `name` is rolled up into: up to the first delimiter after the prefix. */
function commonPrefix(name: string, { prefix, delimiter }: PageRequest): string | undefined {
  if (delimiter === '') return undefined;
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : name.slice(0, at + delimiter.length);
}

function start(request: PageRequest): { bound: string; inclusive: boolean } {
  const { prefix, after, afterGroup } = request;
  if (after === '' || after < prefix) return { bound: prefix, inclusive: true };
  const group = afterGroup && after.startsWith(prefix) ? commonPrefix(after, request) : undefined;
  return group === undefined ? { bound: after, inclusive: false } : { bound: afterPrefix(group), inclusive: true };
}

/**
 * One page of keys and common prefixes (S3 User Guide, Organizing objects using prefixes). A common prefix costs one
 * search, however many keys it stands for. `nameOf` gives the name of a stored entry where that is more than a key.
 */
export function listPage(
  keys: OrderedKeys,
  request: PageRequest,
  nameOf: (entry: string) => string = (entry) => entry,
): Page {
  const entries: PageEntry[] = [];
  let position: { bound: string; inclusive: boolean } | undefined = start(request);
  if (request.limit === 0) return { entries, truncated: false };
  while (position !== undefined) {
    const from: { bound: string; inclusive: boolean } = position;
    position = undefined;
    for (const entry of keysFrom(keys, from.bound, from.inclusive)) {
      const name = nameOf(entry);
      if (!name.startsWith(request.prefix)) break;
      if (entries.length === request.limit) return { entries, truncated: true };
      const group = commonPrefix(name, request);
      if (group === undefined) {
        entries.push({ kind: 'key', entry });
        continue;
      }
      entries.push({ kind: 'prefix', prefix: group });
      position = { bound: afterPrefix(group), inclusive: true };
      break;
    }
  }
  return { entries, truncated: false };
}
