import { connectedCalls } from '../calls/connected.ts';
import { describeCall, describeDelivery, describeReplacement, describeWhole } from '../calls/describe.ts';
import type { CallEntry } from '../calls/entry.ts';
import type { CallLog } from '../calls/log.ts';
import { lastPart } from '../calls/resources.ts';
import { type Selection, selects } from '../calls/select.ts';
import type { Replacement } from '../calls/undone.ts';
import type { Engine } from '../core/engine.ts';
import { systemLoop } from '../core/host.ts';
import { badRequest, ControlError, type ControlRequest, type ControlRoutes, notFound, wholeNumber } from './routing.ts';

const MOST_CALLS = 10_000;
/** Bytes of calls, as the log counts them, after which an answer is full. */
const LARGEST_ANSWER = 16 * 1024 * 1024;
const LONGEST_WAIT_MS = 30_000;
/** Entries looked at before other requests get their turn. */
const STRETCH = 2_000;

/** `/_cliffracer/calls`: the log of all calls, read with a cursor. */
export function callRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': (request) => list(engine, logOf(engine), request),
    'GET /connected': ({ query }) => connected(logOf(engine), query),
    'GET /messages': ({ query }) => messages(logOf(engine), query),
    'GET /deliveries': () => ({ deliveries: logOf(engine).deliveries.open.map(describeDelivery) }),
    'GET /{seq}': ({ params }) => {
      const log = logOf(engine);
      return { call: describeWhole(entryOf(log, params.seq!), log) };
    },
  };
}

function logOf({ calls }: Engine): CallLog {
  if (calls === undefined) throw new ControlError(404, 'unsupported', 'this engine keeps no log of calls');
  return calls;
}

function entryOf(log: CallLog, text: string): CallEntry {
  const seq = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  const entry = log.at(seq);
  if (entry !== undefined) return entry;
  if (seq >= 1 && seq < log.first) throw notFound(`call ${seq} is no longer kept: the log begins at ${log.first}`);
  throw notFound(`no such call: ${text.slice(0, 40)}`);
}

/** Calls that are asked for, as they are collected. */
interface Found {
  entries: CallEntry[];
  next: number;
  undone: Undone;
}

/** Calls that a loaded snapshot or a reset has undone, and the latest such. */
class Undone {
  calls = 0;
  #by: Replacement | undefined;

  /** Whether a call was undone; if so, it is counted. */
  takes(entry: CallEntry, log: CallLog): boolean {
    const by = log.undone.by(entry.seq);
    if (by === undefined) return false;
    this.calls++;
    if (this.#by === undefined || by.seq > this.#by.seq) this.#by = by;
    return true;
  }

  describe() {
    return this.#by === undefined ? null : { calls: this.calls, by: describeReplacement(this.#by) };
  }
}

/**
 * Calls after a cursor. `next` is the cursor to go on from; `dropped` says how many calls behind the cursor were no longer
 * kept. With `wait`, and nothing to tell, answers as soon as there is something. With `last`, the newest of those kept. With
 * `present`, without those that were undone, which `undone` counts as far as was looked.
 */
async function list(engine: Engine, log: CallLog, { query, signal }: ControlRequest) {
  const selection = selectionOf(query);
  const limit = wholeNumber(query, 'limit', 1_000, MOST_CALLS);
  const describe = query.get('whole') === '1' ? describeWhole : describeCall;
  const after = cursor(query, log);
  const dropped = Math.max(0, log.first - 1 - after);
  const until = systemLoop.elapsed() + (query.has('wait') ? wholeNumber(query, 'wait', 1, LONGEST_WAIT_MS) : 0);
  const found: Found = { entries: [], next: Math.max(after, log.first - 1), undone: new Undone() };
  const answer = (next: number) => {
    const calls = found.entries.map((entry) => describe(entry, log));
    return { next, first: log.first, dropped, undone: found.undone.describe(), calls };
  };
  if (query.get('last') === '1') {
    await collectLast(log, selection, limit, found);
    return answer(log.next - 1);
  }
  for (;;) {
    await collect(log, selection, limit, found);
    const left = until - systemLoop.elapsed();
    if (found.entries.length > 0 || left <= 0 || signal?.aborted) break;
    await nextCall(engine, log, left, signal);
  }
  return answer(found.next);
}

/** `after=SEQ`; `after=now` for what comes from here on; without it, from the oldest. */
function cursor(query: URLSearchParams, log: CallLog): number {
  const text = query.get('after');
  if (text === null) return 0;
  if (text === 'now') return log.next - 1;
  if (!/^\d{1,15}$/.test(text)) throw badRequest('after must be the number of a call, or now');
  return Math.min(Number(text), log.next - 1);
}

const isWanted = (log: CallLog, selection: Selection, entry: CallEntry, { undone }: Found) =>
  selects(selection, entry, log.bytes) && !(selection.present && undone.takes(entry, log));

async function collect(log: CallLog, selection: Selection, limit: number, found: Found): Promise<void> {
  let bytes = 0;
  let looked = 0;
  while (found.next < log.next - 1 && found.entries.length < limit && bytes < LARGEST_ANSWER) {
    const entry = log.at(found.next + 1);
    // Dropped meanwhile.
    if (entry === undefined) {
      found.next = log.first - 1;
      continue;
    }
    found.next = entry.seq;
    if (isWanted(log, selection, entry, found)) {
      found.entries.push(entry);
      bytes += entry.weight + entry.bodyLength + entry.answerLength;
    }
    if (++looked % STRETCH === 0) await new Promise<void>((resolve) => systemLoop.nextTurn(resolve));
  }
}

/** The newest ones, looked for from the end. */
async function collectLast(log: CallLog, selection: Selection, limit: number, found: Found): Promise<void> {
  let looked = 0;
  for (let seq = log.next - 1; seq >= log.first && found.entries.length < limit; seq--) {
    const entry = log.at(seq);
    if (entry !== undefined && isWanted(log, selection, entry, found)) found.entries.unshift(entry);
    if (++looked % STRETCH === 0) await new Promise<void>((resolve) => systemLoop.nextTurn(resolve));
  }
}

/** Resolves with the next call, after `ms`, or when the client goes away. */
function nextCall(engine: Engine, log: CallLog, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancelFollowing();
      cancelTimer();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancelFollowing = log.follow(end);
    const cancelTimer = engine.clock.host.after(ms, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}

function selectionOf(query: URLSearchParams): Selection {
  const text = (name: string) => query.get(name) || undefined;
  const since = query.get('since');
  if (since !== null && !/^\d{1,16}$/.test(since)) throw badRequest('since must be milliseconds since the epoch');
  const selection = {
    caller: text('caller'),
    service: text('service'),
    operation: text('operation'),
    resource: text('resource'),
    message: text('message'),
    failed: query.get('failed') === '1',
    writes: query.get('writes') === '1',
    present: query.get('present') === '1',
    since: since === null ? undefined : Number(since),
    text: text('text'),
  };
  return Object.fromEntries(Object.entries(selection).filter(([, value]) => value !== undefined)) as Selection;
}

function connected(log: CallLog, query: URLSearchParams) {
  const id = query.get('of');
  if (!id) throw badRequest('of must name a message, TABLE/KEY, BUCKET/KEY or a text in a message');
  const limit = wholeNumber(query, 'limit', 1_000, MOST_CALLS);
  const { named, entries, undone } = connectedCalls(log, id);
  const gone = new Undone();
  for (const entry of undone) gone.takes(entry, log);
  return {
    of: id,
    named: named ?? null,
    first: log.first,
    next: log.next - 1,
    truncated: entries.length > limit,
    undone: gone.describe(),
    calls: entries.slice(0, limit).map((entry) => describeCall(entry, log)),
  };
}

/** Messages that were put into queues or published and not undone, newest first; with `beginning` those whose id begins so. */
function messages(log: CallLog, query: URLSearchParams) {
  const beginning = query.get('beginning') ?? '';
  const limit = wholeNumber(query, 'limit', 20, MOST_CALLS);
  const found = new Map<string, { message_id: string; sent_to: string; at: string; caller: string }>();
  for (let seq = log.next - 1; seq >= log.first && found.size < limit; seq--) {
    if (log.undone.by(seq) !== undefined) continue;
    const { effects = [], at, caller } = log.at(seq)!;
    for (const effect of effects) {
      const sent = effect.kind === 'published' || (effect.kind === 'message' && effect.change === 'sent');
      if (!sent || found.size === limit || found.has(effect.id) || !effect.id.startsWith(beginning)) continue;
      const sent_to = lastPart(effect.kind === 'message' ? effect.queue : effect.topic);
      found.set(effect.id, { message_id: effect.id, sent_to, at: new Date(at).toISOString(), caller });
    }
  }
  return { first: log.first, messages: [...found.values()] };
}
