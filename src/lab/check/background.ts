import type { Call } from '../calls/call.ts';
import { isApart, isAsking, SLICE_MS, signatureOf, type WatchOptions } from './watch.ts';
import type { LabWorld } from './world.ts';

/** Real milliseconds after an undisturbed run in which consumers show what they do without any message. */
const WATCHED_MS = 1_200;
/** As long where something was called that belongs to no message. */
const WATCHED_LONGER_MS = 5_500;
const LOOK_MS = 250;
const MOST_PAGES = 100;

/** What nobody received a message for. */
export const isUnattributed = (call: Call) =>
  call.caller !== 'engine' && call.service !== 'engine' && call.deliveries.length === 0 && !isAsking(call);

const changes = ({ effects }: Call) => effects.some(({ kind }) => kind !== 'world' && kind !== 'resource');

/**
 * Learns what is called again and again without any message: it has to be waited for at the end of each run. `known` are
 * calls of a run; where some belong to no message, one waits longer for them to come again.
 */
export async function learnBackground(
  world: LabWorld,
  known: readonly Call[],
  { habits, signal }: WatchOptions,
): Promise<void> {
  const callers = new Set([...habits.background].map((signature) => signature.split(' ')[0]));
  for (const call of known.filter(isUnattributed)) {
    if (callers.has(call.caller) && !habits.background.has(signatureOf(call))) habits.chained.add(signatureOf(call));
  }
  const isNew = (call: Call) => isUnattributed(call) && !isApart(call, habits);
  const counts = new Map(known.filter(isNew).map((call) => [signatureOf(call), 1]));
  if (known.length > 0 && counts.size === 0) return;
  const longest = counts.size > 0 ? WATCHED_LONGER_MS : WATCHED_MS;
  let { next } = await world.calls.page({ last: true, limit: 1 });
  for (let waited = 0; waited < longest; waited += LOOK_MS) {
    signal.throwIfAborted();
    await world.pass(LOOK_MS, signal);
    const page = await world.calls.page({ after: next, limit: 10_000 });
    next = page.next;
    for (const call of page.calls.filter(isNew)) {
      const count = (counts.get(signatureOf(call)) ?? 0) + 1;
      counts.set(signatureOf(call), count);
      if (count >= 2) habits.background.add(signatureOf(call));
    }
    if (waited >= WATCHED_MS && [...counts.keys()].every((signature) => habits.background.has(signature))) return;
  }
}

/** Waits until each of what is called again and again was called twice since anything was changed. */
export async function untilBackgroundRests(world: LabWorld, { habits, signal }: WatchOptions): Promise<void> {
  if (habits.background.size === 0) return;
  let { next } = await world.calls.page({ last: true, limit: 1 });
  let counts = new Map<string, number>();
  // One that changes something each time never rests.
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    signal.throwIfAborted();
    const page = await world.calls.page({ after: next, limit: 10_000, wait: SLICE_MS });
    next = page.next;
    for (const call of page.calls) {
      if (call.caller !== 'engine' && changes(call)) counts = new Map();
      else counts.set(signatureOf(call), (counts.get(signatureOf(call)) ?? 0) + 1);
    }
    if ([...habits.background].every((signature) => (counts.get(signature) ?? 0) >= 2)) return;
  }
}
