import type { ServiceId } from './types.ts';

/**
 * Something that happens at an engine time. Plain data, so that it can be part of a snapshot: the service's timer
 * handler for `kind` is looked up when it is due, and finds what it concerns through `ref`.
 */
export interface Timer {
  at: number;
  sequence: number;
  service: ServiceId;
  account: string;
  region: string;
  kind: string;
  ref: string;
}

/** What a timer did when it was due. */
export interface Fired {
  at: number;
  service: ServiceId;
  kind: string;
  ref: string;
  what: string;
}

/** A binary min-heap over a plain array, ordered by time, then by insertion. */
export type TimerHeap = Timer[];

const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);

export function pushTimer(heap: TimerHeap, timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!before(timer, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = timer;
}

export function popTimer(heap: TimerHeap): Timer | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
  return top;
}
