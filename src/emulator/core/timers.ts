import { popItem, pushItem } from './object-heap.ts';
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

/** A heap over a plain array, ordered by time, then by insertion. */
export type TimerHeap = Timer[];

const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);

export const pushTimer = (heap: TimerHeap, timer: Timer): void => pushItem(heap, timer, before);

export const popTimer = (heap: TimerHeap): Timer | undefined => popItem(heap, before);
