/**
 * Strings in order, as plain data: sorted chunks of bounded length. A lookup is two binary searches; an insert or a
 * removal moves a part of one chunk. With a million keys there are some thousand chunks, and a page of a listing costs
 * its own length plus one search, wherever it starts.
 */
export type OrderedKeys = string[][];

const LONGEST_CHUNK = 512;

/** Index of the first chunk whose last key is at or above `key`. */
function chunkFor(chunks: OrderedKeys, key: string): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const chunk = chunks[middle]!;
    if (chunk[chunk.length - 1]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first key of the chunk at or above `key`. */
function indexFor(chunk: readonly string[], key: string): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunk[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function insertKey(chunks: OrderedKeys, key: string): void {
  const at = chunkFor(chunks, key);
  if (at === chunks.length) {
    // Keys that come in order (dates, counters) fill each chunk instead of leaving halves behind.
    const last = chunks[at - 1];
    if (last === undefined || last.length >= LONGEST_CHUNK) chunks.push([key]);
    else last.push(key);
    return;
  }
  const chunk = chunks[at]!;
  const index = indexFor(chunk, key);
  if (chunk[index] === key) return;
  chunk.splice(index, 0, key);
  if (chunk.length > LONGEST_CHUNK) chunks.splice(at + 1, 0, chunk.splice(chunk.length >> 1));
}

export function removeKey(chunks: OrderedKeys, key: string): void {
  const at = chunkFor(chunks, key);
  const chunk = chunks[at];
  if (chunk === undefined) return;
  const index = indexFor(chunk, key);
  if (chunk[index] !== key) return;
  if (chunk.length === 1) chunks.splice(at, 1);
  else chunk.splice(index, 1);
}

/** The keys from `bound` on, in order; `bound` itself only when `inclusive`. */
export function* keysFrom(chunks: OrderedKeys, bound: string, inclusive: boolean): Generator<string, void> {
  let at = chunkFor(chunks, bound);
  if (at === chunks.length) return;
  let index = indexFor(chunks[at]!, bound);
  if (!inclusive && chunks[at]![index] === bound) index++;
  for (; at < chunks.length; at++, index = 0) {
    const chunk = chunks[at]!;
    for (; index < chunk.length; index++) yield chunk[index]!;
  }
}
