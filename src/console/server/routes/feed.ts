import type { Call, Effect } from '../../../lab/calls/call.ts';
import type { CallPage } from '../../../lab/calls/port.ts';
import { isReplacement } from '../../../lab/calls/undone.ts';
import { type ConsoleDeps, onLaboratory, type Routes, reads } from '../deps.ts';

/** Calls in one answer: what a page can show of a moment. */
const PAGE = 300;
const WAIT_MS = 20_000;
/** Characters of a body: a line of a list. */
const LONGEST_TEXT = 300;

/** What happened, as lists and the map show it: without items, and with the beginning of each body. */
export type FeedEffect =
  | {
      kind: 'message';
      change: string;
      queue: string;
      message_id: string;
      receives: number;
      body: string | null;
      to: string | null;
    }
  | {
      kind: 'published';
      topic: string;
      message_id: string;
      body: string;
      copies: { endpoint: string; outcome: string; message_id: string | null }[];
    }
  | { kind: 'item'; table: string; key: string }
  | { kind: 'object'; bucket: string; key: string };

export type FeedCall = Pick<Call, 'seq' | 'at_ms' | 'caller' | 'operation' | 'outcome'> & { effects: FeedEffect[] };

export interface Feed {
  /** Cursor for the next request. */
  next: number;
  /** Calls between the cursor and the first one here that a page would not have kept up with; those that only read count. */
  skipped: number;
  /** Whether only these messages are left of those that were told: a snapshot was loaded, or everything reset. */
  again: boolean;
  calls: FeedCall[];
}

/** `feed`: the calls that changed something after a cursor, as they come. Whoever is late gets the newest ones. */
export const feedRoutes = ({ log }: ConsoleDeps): Routes =>
  onLaboratory({
    feed: reads(async (input, signal): Promise<Feed> => {
      const after = input.maybeCount('after', Number.MAX_SAFE_INTEGER);
      const readNewest = () => log.page({ last: true, limit: PAGE, writes: true, present: true }, signal);
      const told = ({ next, calls }: CallPage, skipped: number, again = false): Feed => {
        return { next, skipped, again, calls: calls.map(feedCall) };
      };
      if (after === undefined) return told(await readNewest(), 0);
      const page = await log.page({ after, limit: PAGE, writes: true, wait: WAIT_MS }, signal);
      if (page.calls.some(replaces)) return told(await readNewest(), 0, true);
      if (page.calls.length < PAGE) return told(page, page.dropped);
      const newest = await readNewest();
      // Behind the last one that was told before, both pages may have calls in common.
      const behind = (newest.calls[0]?.seq ?? after + 1) - 1;
      const late = behind > page.next;
      return late ? told(newest, behind - after, newest.calls.some(replaces)) : told(page, page.dropped);
    }),
  });

const replaces = ({ effects }: Call) => effects.some(isReplacement);

const feedCall = ({ seq, at_ms, caller, operation, outcome, effects }: Call): FeedCall => ({
  ...{ seq, at_ms, caller, operation, outcome },
  effects: effects.flatMap(feedEffect),
});

const cut = (text: string) => text.slice(0, LONGEST_TEXT);

function feedEffect(effect: Effect): FeedEffect[] {
  switch (effect.kind) {
    case 'message': {
      const { change, queue, message_id, receives, body, to } = effect;
      return [{ kind: 'message', change, queue, message_id, receives, body: body && cut(body), to }];
    }
    case 'published': {
      const { topic, message_id, body, deliveries } = effect;
      const copies = deliveries.map(({ endpoint, outcome, message_id: id }) => ({ endpoint, outcome, message_id: id }));
      return [{ kind: 'published', topic, message_id, body: cut(body), copies }];
    }
    case 'item':
      return [{ kind: 'item', table: effect.table, key: effect.key }];
    case 'object':
      return [{ kind: 'object', bucket: effect.bucket, key: effect.key }];
    default:
      return [];
  }
}
