import { expect, test } from 'vitest';
import { CliffracerError } from '../../../src/errors.ts';
import type { Call } from '../../../src/lab/calls/call.ts';
import type { CallQuery } from '../../../src/lab/calls/port.ts';
import { type FeedFact, followEngine } from '../../../src/lab/watch/feed.ts';
import type { WatchedEngine } from '../../../src/lab/watch/port.ts';
import { callWith } from '../../watch/seen.ts';

/** An engine whose answers are given in order; time passes while it is asked and while the feed sleeps. */
function scripted(
  pages: (((query: CallQuery) => Partial<{ next: number; dropped: number; calls: Call[] }>) | string)[],
) {
  let now = 0;
  const asked: CallQuery[] = [];
  const states: number[] = [];
  const end = new AbortController();
  const engine = {
    log: {
      async page(query: CallQuery) {
        asked.push(query);
        const answer = pages.shift();
        if (typeof answer === 'string') throw new CliffracerError(answer as 'unsupported', answer);
        if (pages.length === 0) end.abort();
        const told = { next: 0, first: 1, dropped: 0, calls: [], ...answer?.(query) };
        // It waits for calls only where there are none.
        if (told.calls.length === 0) now += query.wait ?? 0;
        return told;
      },
    },
    holds: { queues: async () => void states.push(now) },
    clock: async () => undefined,
    topics: async () => [],
  } as unknown as WatchedEngine;
  const sleep = async (ms: number) => {
    now += ms;
  };
  const facts = async (state = true): Promise<FeedFact[]> => {
    const told: FeedFact[] = [];
    const options = { last: 5, state, signal: end.signal, sleep, elapsed: () => now };
    for await (const fact of followEngine(engine, options)) told.push(fact);
    return told;
  };
  return { facts, asked, states };
}

const page =
  (next: number, count: number, more: object = {}) =>
  () => ({
    next,
    calls: Array.from({ length: count }, (_, index) => callWith([], { seq: next - count + 1 + index })),
    ...more,
  });
const kinds = (facts: readonly FeedFact[]) =>
  facts.map((fact) => (fact.kind === 'calls' ? `${fact.calls.length} calls, ${fact.dropped} dropped` : fact.kind));

test('queues are looked at first, then after calls, at most every 500 ms', async () => {
  const { facts, states, asked } = scripted([page(5, 5), page(6, 1), page(7, 1), page(8, 1), page(9, 1), page(9, 0)]);
  expect(kinds(await facts())).toEqual([
    'state',
    ...['5 calls, 0 dropped', '1 calls, 0 dropped', '1 calls, 0 dropped', '1 calls, 0 dropped'],
    ...['state', '1 calls, 0 dropped'],
  ]);
  expect(asked.map(({ after, last }) => (last ? 'last' : after))).toEqual(['last', 5, 6, 7, 8, 9]);
  expect(states[1]! - states[0]!).toBeGreaterThanOrEqual(500);
});

test('without queues, only calls are told', async () => {
  const { facts, states } = scripted([page(5, 5), page(6, 1, { dropped: 3 }), page(6, 0)]);
  expect(kinds(await facts(false))).toEqual(['5 calls, 0 dropped', '1 calls, 3 dropped']);
  expect(states).toEqual([]);
});

test('what comes faster than it can be shown is left out, and counted', async () => {
  const { facts } = scripted([page(0, 0), page(1_000, 1_000), page(9_000, 1_000), page(9_000, 0)]);
  expect(kinds(await facts(false))).toEqual(['0 calls, 0 dropped', '2000 calls, 7000 dropped']);
});

test('after a loaded snapshot the calls that still count are told, to whoever shows a state', async () => {
  const world = { kind: 'world' as const, change: 'snapshot_loaded', name: 'before' };
  const load = () => ({ next: 6, calls: [callWith([world], { seq: 6 })] });
  const shown = scripted([page(5, 5), load, page(6, 2), page(6, 0)]);
  expect(kinds(await shown.facts())).toEqual(['state', '5 calls, 0 dropped', '1 calls, 0 dropped', 'replaced']);
  expect(shown.asked[2]).toEqual({ last: true, present: true, limit: 5 });
  expect(kinds(await scripted([page(5, 5), load, page(6, 0)]).facts(false))).not.toContain('replaced');
});

test('an engine that ends is asked again, and begins anew', async () => {
  const { facts } = scripted([
    page(5, 5),
    'engine_unreachable',
    'engine_unreachable',
    page(2, 2),
    page(1, 0),
    page(1, 1),
    page(1, 0),
  ]);
  expect(kinds(await facts(false))).toEqual([
    ...['5 calls, 0 dropped', 'lost', 'restarted', '2 calls, 0 dropped'],
    ...['restarted', '1 calls, 0 dropped'],
  ]);
});

test.each(['engine_unreachable', 'unsupported'])('%s at first is the end', async (code) => {
  await expect(scripted([code]).facts()).rejects.toThrow(code);
});
