import { back, type ChunkedList, forward, itemAt, locate, type Place } from '../core/chunked-list.ts';
import { comparePositions, type Position } from './position.ts';
import type { LogEvent, LogStream } from './state.ts';

interface Head {
  stream: string;
  events: ChunkedList<LogEvent>;
  place: Place;
  event: LogEvent;
}

/** What to read of each stream: timestamps from `from` to `to`, both inclusive, beyond `after` in the direction. */
export interface MergeRange {
  from: number;
  to: number;
  after: Position | undefined;
  newestFirst: boolean;
}

/** Reads the events of several streams as one ordered sequence, holding one event of each at a time in a heap. */
export class EventMerge {
  readonly #heap: Head[] = [];
  readonly #range: MergeRange;

  constructor(streams: Iterable<LogStream>, range: MergeRange) {
    this.#range = range;
    for (const stream of streams) {
      const head = this.#open(stream);
      if (head !== undefined) this.#up(this.#heap.push(head) - 1, head);
    }
  }

  /** The event that comes next, and its stream. */
  get next(): { stream: string; event: LogEvent } | undefined {
    return this.#heap[0];
  }

  /** Steps over the next event. */
  advance(): void {
    const head = this.#heap[0];
    if (head === undefined) return;
    const moved = this.#range.newestFirst ? back(head.events, head.place) : forward(head.events, head.place);
    const event = moved === false ? undefined : itemAt(head.events, head.place);
    if (event !== undefined && this.#isInside(event)) {
      head.event = event;
      this.#down(head);
      return;
    }
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#down(last);
  }

  #open({ name, events }: LogStream): Head | undefined {
    const { from, to, after, newestFirst } = this.#range;
    const place = newestFirst
      ? locate(events, (event) => event.timestamp > to || (after !== undefined && comparePositions(event, after) >= 0))
      : locate(
          events,
          (event) => event.timestamp >= from && (after === undefined || comparePositions(event, after) > 0),
        );
    if (newestFirst && !back(events, place)) return undefined;
    const event = itemAt(events, place);
    return event !== undefined && this.#isInside(event) ? { stream: name, events, place, event } : undefined;
  }

  #isInside({ timestamp }: LogEvent): boolean {
    return timestamp >= this.#range.from && timestamp <= this.#range.to;
  }

  #isBefore(a: Head, b: Head): boolean {
    const order = comparePositions(a.event, b.event);
    return this.#range.newestFirst ? order > 0 : order < 0;
  }

  #up(index: number, head: Head): void {
    let hole = index;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#isBefore(head, this.#heap[parent]!)) break;
      this.#heap[hole] = this.#heap[parent]!;
      hole = parent;
    }
    this.#heap[hole] = head;
  }

  /** Puts `head` at the top and lets it sink to its place. */
  #down(head: Head): void {
    const heap = this.#heap;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#isBefore(heap[child]!, head)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = head;
  }
}
