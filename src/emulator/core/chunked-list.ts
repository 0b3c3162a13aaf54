/**
 * A long ordered list as plain data, kept in chunks of bounded length: appending is constant, inserting or removing
 * in the middle moves one chunk, finding is a binary search. The order is the caller's.
 */
export type ChunkedList<T> = T[][];

/** A place between items: before the item at `index` of `chunk`; `chunk === list.length` is the end. */
export interface Place {
  chunk: number;
  index: number;
}

const CHUNK_LENGTH = 512;

/** The place of the first item for which `reached` holds; along the list it must turn from false to true once. */
export function locate<T>(list: ChunkedList<T>, reached: (item: T) => boolean): Place {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(list[middle]!.at(-1)!)) high = middle;
    else low = middle + 1;
  }
  const items = list[low];
  if (items === undefined) return { chunk: low, index: 0 };
  let first = 0;
  let last = items.length - 1;
  while (first < last) {
    const middle = (first + last) >>> 1;
    if (reached(items[middle]!)) last = middle;
    else first = middle + 1;
  }
  return { chunk: low, index: first };
}

export function itemAt<T>(list: ChunkedList<T>, place: Place): T | undefined {
  return list[place.chunk]?.[place.index];
}

/** Moves `place` one item on and returns it. */
export function forward<T>(list: ChunkedList<T>, place: Place): Place {
  if (++place.index >= (list[place.chunk]?.length ?? 0)) {
    place.chunk++;
    place.index = 0;
  }
  return place;
}

/** Moves `place` one item back; false when it stood at the start. */
export function back<T>(list: ChunkedList<T>, place: Place): boolean {
  if (place.index > 0) {
    place.index--;
    return true;
  }
  if (place.chunk === 0) return false;
  place.chunk--;
  place.index = list[place.chunk]!.length - 1;
  return true;
}

export function lastItem<T>(list: ChunkedList<T>): T | undefined {
  return list.at(-1)?.at(-1);
}

export function append<T>(list: ChunkedList<T>, item: T): void {
  const tail = list.at(-1);
  if (tail === undefined || tail.length >= CHUNK_LENGTH) list.push([item]);
  else tail.push(item);
}

export function insert<T>(list: ChunkedList<T>, place: Place, item: T): void {
  const items = list[place.chunk];
  if (items === undefined) {
    append(list, item);
    return;
  }
  items.splice(place.index, 0, item);
  if (items.length > CHUNK_LENGTH) list.splice(place.chunk + 1, 0, items.splice(CHUNK_LENGTH >> 1));
}

export function remove<T>(list: ChunkedList<T>, place: Place): void {
  const items = list[place.chunk];
  if (items === undefined) return;
  items.splice(place.index, 1);
  if (items.length === 0) list.splice(place.chunk, 1);
}

/** Removes everything before `place` and returns it. */
export function dropBefore<T>(list: ChunkedList<T>, place: Place): T[] {
  const dropped = list.splice(0, place.chunk).flat();
  if (place.index > 0) dropped.push(...list[0]!.splice(0, place.index));
  return dropped;
}
