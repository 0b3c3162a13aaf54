/**
 * A binary min-heap of numbers, each with its order, flattened into one array: `[order, value, order, value, ...]`.
 * Equal orders leave by value. Plain numbers, so that a million entries cost 16 MB and a snapshot copies them as they are.
 * Entries are never taken out of the middle: the owner skips those which have gone stale, and prunes when most have.
 */
export type Heap = number[];

const before = (orderA: number, valueA: number, orderB: number, valueB: number) =>
  orderA < orderB || (orderA === orderB && valueA < valueB);

export function pushHeap(heap: Heap, order: number, value: number): void {
  let index = heap.length;
  heap.push(order, value);
  while (index > 0) {
    const parent = ((index >> 1) - 1) & ~1;
    if (!before(order, value, heap[parent]!, heap[parent + 1]!)) break;
    heap[index] = heap[parent]!;
    heap[index + 1] = heap[parent + 1]!;
    index = parent;
  }
  heap[index] = order;
  heap[index + 1] = value;
}

/** Takes the value of least order; undefined when empty. */
export function popHeap(heap: Heap): number | undefined {
  if (heap.length === 0) return undefined;
  const top = heap[1]!;
  const value = heap.pop()!;
  const order = heap.pop()!;
  if (heap.length > 0) sink(heap, 0, order, value);
  return top;
}

/** Drops every entry that `keep` refuses, in one pass. */
export function pruneHeap(heap: Heap, keep: (order: number, value: number) => boolean): void {
  let kept = 0;
  for (let index = 0; index < heap.length; index += 2) {
    if (!keep(heap[index]!, heap[index + 1]!)) continue;
    heap[kept++] = heap[index]!;
    heap[kept++] = heap[index + 1]!;
  }
  heap.length = kept;
  for (let index = ((kept >> 2) - 1) << 1; index >= 0; index -= 2) sink(heap, index, heap[index]!, heap[index + 1]!);
}

function sink(heap: Heap, from: number, order: number, value: number): void {
  let index = from;
  for (;;) {
    let child = 2 * index + 2;
    if (child >= heap.length) break;
    const right = child + 2;
    if (right < heap.length && before(heap[right]!, heap[right + 1]!, heap[child]!, heap[child + 1]!)) child = right;
    if (!before(heap[child]!, heap[child + 1]!, order, value)) break;
    heap[index] = heap[child]!;
    heap[index + 1] = heap[child + 1]!;
    index = child;
  }
  heap[index] = order;
  heap[index + 1] = value;
}
