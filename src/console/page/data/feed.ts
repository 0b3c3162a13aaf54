import { signal } from '@preact/signals';
import type { Feed } from '../../server/routes/feed.ts';
import { call, link } from './api.ts';
import { MessageRows } from './messages.ts';
import { Passages } from './passages.ts';

/** Between two looks: a person sees no more, and the engine has other things to do. */
const PAUSE_MS = 300;
const RETRY_MS = 1_000;

export const messages = new MessageRows();
export const passages = new Passages();

/** Grows with everything that comes; whoever reads it is rendered again. */
export const version = signal(0);
/** Calls that came too fast, or while the tab was hidden, and were not kept. */
export const skipped = signal(0);
/** Whether new messages are shown as they come. */
export const live = signal(true);

/** Follows the call log until the page is left: new engines at the same address too. */
export async function followFeed(): Promise<void> {
  let after: number | undefined;
  for (;;) {
    try {
      await seen();
      const feed = await call<Feed>('feed', after === undefined ? {} : { after });
      take(feed, after === undefined ? 0 : performance.now());
      after = feed.next;
      await pause(PAUSE_MS);
    } catch {
      if (link.value === 'no_key') return;
      await pause(RETRY_MS);
    }
  }
}

function take({ calls, skipped: missed, again }: Feed, seen: number): void {
  if (again) messages.clear();
  for (const each of calls) {
    messages.add(each);
    if (!again) passages.add(each, seen);
  }
  if (missed > 0) skipped.value += missed;
  if (calls.length > 0 || again) version.value++;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Resolves when the tab is looked at, and nobody holds the list. */
function seen(): Promise<void> {
  const isSeen = () => !document.hidden && live.value;
  if (isSeen()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (!isSeen()) return;
      document.removeEventListener('visibilitychange', look);
      unsubscribe();
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    const unsubscribe = live.subscribe(() => queueMicrotask(look));
  });
}
