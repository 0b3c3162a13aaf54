import type { FeedCall } from '../../server/routes/feed.ts';
import { nameOf } from './messages.ts';

/** What went from one place to another: `queue/jobs` to `caller/worker`. */
export interface Passage {
  from: string;
  to: string;
  count: number;
  /** When the page was told of the latest one; 0 for those before it was opened. */
  seen: number;
}

/** As many as a map can show. */
const MOST = 500;

/** Who was seen sending, receiving and writing, by the call log. */
export class Passages {
  readonly all = new Map<string, Passage>();

  add({ caller, effects }: FeedCall, seen: number): void {
    if (caller === 'engine') return;
    const program = `caller/${caller}`;
    for (const effect of effects) {
      if (effect.kind === 'published') this.#note(program, `topic/${nameOf(effect.topic)}`, seen);
      else if (effect.kind === 'item') this.#note(program, `table/${effect.table}`, seen);
      else if (effect.kind === 'object') this.#note(program, `bucket/${effect.bucket}`, seen);
      else if (effect.change === 'received') this.#note(`queue/${effect.queue}`, program, seen);
      else if (effect.change === 'sent') this.#note(program, `queue/${effect.queue}`, seen);
    }
  }

  #note(from: string, to: string, seen: number): void {
    const key = `${from} ${to}`;
    const known = this.all.get(key);
    if (known !== undefined) {
      known.count++;
      known.seen = seen;
    } else if (this.all.size < MOST) this.all.set(key, { from, to, count: 1, seen });
  }
}
