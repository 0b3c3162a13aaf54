import { decodeRecord, isOfId, measure, recordTime, writeRecord } from './backlog-record.ts';
import type { BacklogPage, Message, MessageContent, Queue } from './state.ts';

/** Ready messages from which on a queue is a long one. */
const LONG = 256;
const PAGE_BYTES = 64 * 1024;
/** Longer messages stay objects: a page is to hold several. */
const LONGEST = PAGE_BYTES / 4;
const MOST_PLACES = 4096;
const GONE = -1;

/** Puts a ready message into the pages; false when it has to stay an object. */
export function intoBacklog(queue: Queue, key: number, content: MessageContent): boolean {
  if (queue.counts.ready < LONG) return false;
  let { backlog } = queue;
  if (backlog !== undefined && backlog.size > 0 && content.enqueuedAt < backlog.latestAt) return false;
  let page = backlog?.pages.at(-1);
  const measured = measure(content, page?.senderId ?? content.senderId, LONGEST);
  if (measured === undefined) return false;
  if (backlog === undefined) {
    backlog = { pages: [], size: 0, latestAt: content.enqueuedAt };
    queue.backlog = backlog;
  }
  if (page === undefined || page.end + measured.size > PAGE_BYTES || key - page.first >= MOST_PLACES) {
    const { senderId } = page ?? content;
    page = { senderId, bytes: Buffer.alloc(PAGE_BYTES), first: key, starts: [], from: 0, live: 0, end: 0 };
    backlog.pages.push(page);
  }
  while (page.starts.length < key - page.first) page.starts.push(GONE);
  page.starts.push(page.end);
  writeRecord(page, page.end, content, measured);
  page.end += measured.size;
  page.live++;
  backlog.size++;
  backlog.latestAt = content.enqueuedAt;
  return true;
}

/** The key of the first message in the pages; infinite when there is none. */
export function firstInBacklog({ backlog }: Queue): number {
  const page = backlog?.pages[0];
  return page === undefined ? Number.POSITIVE_INFINITY : page.first + page.from;
}

/** When the oldest message in the pages was enqueued; infinite when there is none. */
export function oldestInBacklog({ backlog }: Queue): number {
  const page = backlog?.pages[0];
  return page === undefined ? Number.POSITIVE_INFINITY : recordTime(page, page.starts[page.from]!);
}

/** A message in the pages, to look at: what is changed in it is lost. */
export function inBacklog(queue: Queue, key: number): Message | undefined {
  const page = pageOf(queue, key);
  return page && new BacklogMessage(page, key);
}

/** Takes a message out of the pages; false when it is not there. */
export function dropFromBacklog(queue: Queue, key: number): boolean {
  const page = pageOf(queue, key);
  if (page === undefined) return false;
  page.starts[key - page.first] = GONE;
  page.live--;
  queue.backlog!.size--;
  if (page.live === 0) queue.backlog!.pages.splice(queue.backlog!.pages.indexOf(page), 1);
  else while (page.starts[page.from] === GONE) page.from++;
  return true;
}

/** Messages in the pages, in the order of their keys, to look at. */
export function* messagesInBacklog({ backlog }: Queue): Generator<Message> {
  for (const page of backlog?.pages ?? []) {
    for (let place = page.from; place < page.starts.length; place++) {
      if (page.starts[place] !== GONE) yield new BacklogMessage(page, page.first + place);
    }
  }
}

/** Whether this is the message's id; asked of every message of a queue. */
export const hasId = (message: Message, id: string): boolean =>
  message instanceof BacklogMessage ? message.hasId(id) : message.content.id === id;

function pageOf({ backlog }: Queue, key: number): BacklogPage | undefined {
  if (backlog === undefined || backlog.pages.length === 0) return undefined;
  const { pages } = backlog;
  let low = 0;
  let high = pages.length - 1;
  // Mostly the first one: messages leave in the order in which they came.
  if (pages.length > 1 && pages[1]!.first > key) high = 0;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pages[middle]!.first <= key) low = middle;
    else high = middle - 1;
  }
  const page = pages[low]!;
  return (page.starts[key - page.first] ?? GONE) === GONE ? undefined : page;
}

class BacklogMessage implements Message {
  readonly key: number;
  readonly state = 'ready';
  readonly receivedAt = 0;
  readonly receives = 0;
  readonly #page: BacklogPage;
  readonly #start: number;
  #content: MessageContent | undefined;

  constructor(page: BacklogPage, key: number) {
    this.key = key;
    this.#page = page;
    this.#start = page.starts[key - page.first]!;
  }

  get content(): MessageContent {
    this.#content ??= decodeRecord(this.#page, this.#start);
    return this.#content;
  }

  get visibleAt(): number {
    return recordTime(this.#page, this.#start);
  }

  hasId(id: string): boolean {
    return isOfId(this.#page, this.#start, id);
  }
}
