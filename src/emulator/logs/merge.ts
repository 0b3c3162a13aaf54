import { back, type ChunkedList, forward, itemAt, locate, type Place } from '../core/chunked-list.ts';
import { type Before, popItem, pushItem, replaceFirst } from '../core/object-heap.ts';
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
  readonly #isBefore: Before<Head>;

  constructor(streams: Iterable<LogStream>, range: MergeRange) {
    this.#range = range;
    this.#isBefore = range.newestFirst
      ? (a, b) => comparePositions(a.event, b.event) > 0
      : (a, b) => comparePositions(a.event, b.event) < 0;
    for (const stream of streams) {
      const head = this.#open(stream);
      if (head !== undefined) pushItem(this.#heap, head, this.#isBefore);
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
      replaceFirst(this.#heap, head, this.#isBefore);
      return;
    }
    popItem(this.#heap, this.#isBefore);
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
}
