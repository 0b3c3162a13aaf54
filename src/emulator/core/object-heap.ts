/** Whether `a` leaves a heap before `b`. */
export type Before<T> = (a: T, b: T) => boolean;

/** A binary heap over a plain array, whose first item is the one that leaves next. Adds an item. */
export function pushItem<T>(heap: T[], item: T, before: Before<T>): void {
  let hole = heap.push(item) - 1;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!before(item, heap[parent]!)) break;
    heap[hole] = heap[parent]!;
    hole = parent;
  }
  heap[hole] = item;
}

/** Takes the first item; undefined when empty. */
export function popItem<T>(heap: T[], before: Before<T>): T | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) replaceFirst(heap, last, before);
  return first;
}

/** Puts an item in place of the first one of a heap that is not empty; also for a first item that has changed. */
export function replaceFirst<T>(heap: T[], item: T, before: Before<T>): void {
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, item)) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = item;
}
