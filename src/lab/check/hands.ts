import type { Hands, Outcome, RunOptions } from './model.ts';
import { turnClock } from './older.ts';
import { type InHand, pickUp, receiversAt, SLICE_MS, untilFinished } from './watch.ts';
import type { LabWorld } from './world.ts';

/** How long one looks whether the held call has been reached before the consumer is looked at. */
const LOOK_MS = 100;
/** How long an existing second receiver may take to ask. */
const SECOND_MS = 400;
/** One that waits for the first hand, as for a lock, is not waited for longer. */
const LONGEST_SECOND_MS = 2_000;
/** Timers that may be due before a visibility timeout. */
const MOST_TIMERS = 200;

interface Held {
  id: number;
  why?: Hands['why'];
  fault?: Hands['fault'];
  /** What the second hand gets. */
  other?: { queue: string; messageId: string };
}

/** Whether the delivery has come to the call at which it is held; false when it ended without. */
async function isReached(world: LabWorld, held: InHand, { id }: Held, options: RunOptions): Promise<boolean> {
  const { patienceMs, signal } = options;
  let finished = false;
  const told = held.told?.then(() => {
    finished = true;
    return false;
  });
  for (let waited = 0; waited < patienceMs; waited += LOOK_MS) {
    signal.throwIfAborted();
    if (await Promise.race([world.isPaused(id, LOOK_MS), ...(told === undefined ? [] : [told])])) return true;
    if (finished) return false;
    if (held.told === undefined && held.receivers > 0 && !options.habits.lingering.has(held.caller)) {
      if ((await world.receivers(held.queue, held.receivers, 1)) >= held.receivers) return false;
    }
  }
  return false;
}

/** Lets the message come into a second hand while the first is held at a call, and then the first go on. */
export async function inTwoHands(world: LabWorld, first: InHand, held: Held, options: RunOptions): Promise<Outcome> {
  if (!(await isReached(world, first, held, options))) return 'did_not_strike';
  const { queue, messageId } = held.other ?? first;
  if (held.why === 'timeout') {
    const state = await untilVisible(world, queue, messageId, options);
    if (state !== 'ready') return state === undefined ? 'answered' : 'did_not_strike';
    await endFunction(first, held, world, options);
  }
  const after = (await world.calls.page({ last: true, limit: 1 })).next;
  const receivers = await secondReceivers(world, { ...first, queue }, after, options);
  if (receivers === undefined) {
    options.habits.alone.add(queue);
    await world.proceed(held.id, true);
    return 'one_hand';
  }
  const { consumers } = options;
  const handled = consumers?.handled(messageId) ?? 0;
  // A function's own timeout may have ended it meanwhile: then nothing of it acts any more.
  const ended = held.other === undefined && handled > first.handled;
  await world.release(queue, [messageId], false);
  const found = await pickUp(world, { queue, messageId, after }, options);
  if (found.received !== undefined) {
    const { caller } = found.received;
    const told = consumers?.untilHandled(caller, messageId, handled);
    const second = { queue, messageId, caller, receivers, after: found.next, handled, told };
    await untilFinished(world, second, { ...options, patienceMs: Math.min(options.patienceMs, LONGEST_SECOND_MS) });
    // The second end is that of the first hand.
    if (held.other === undefined && !ended) first.told = consumers?.untilHandled(first.caller, messageId, handled + 1);
  }
  await world.proceed(held.id, !ended);
  return 'done';
}

/**
 * Lambda ends a function at its timeout, and a queue's visibility timeout must not be shorter (Lambda Developer Guide, "Creating
 * and configuring an Amazon SQS event source mapping"). The deletion is not made by the function.
 */
async function endFunction(first: InHand, { fault }: Held, world: LabWorld, options: RunOptions): Promise<void> {
  if (first.told === undefined || fault?.rule.startsWith('sqs:DeleteMessage')) return;
  if (await options.consumers?.kill(first.caller)) await untilFinished(world, first, options);
}

/** What has become of a message when it can be received again, or cannot any more: undefined for one that was deleted. */
async function untilVisible(world: LabWorld, queue: string, messageId: string, options: RunOptions) {
  for (let timers = 0; ; timers++) {
    const message = (await world.waiting())[queue]?.find(({ message_id: id }) => id === messageId);
    if (message === undefined || message.state === 'ready' || timers === MOST_TIMERS) return message?.state;
    if (!(await turnClock(world, options))) return message.state;
  }
}

async function secondReceivers(
  world: LabWorld,
  { queue, caller, told }: Pick<InHand, 'queue' | 'caller' | 'told'>,
  after: number,
  options: RunOptions,
) {
  const { consumers, patienceMs, signal, habits } = options;
  const known = habits.pollers.get(queue) ?? 1;
  // One that handles a message after the other asks for none meanwhile.
  const isAlone = consumers !== undefined && told === undefined && known <= 1 && !habits.lingering.has(caller);
  const patience = { patienceMs: isAlone ? 1 : Math.min(SECOND_MS, SLICE_MS), signal };
  const there = await receiversAt(world, queue, after, patience, Math.max(1, known - 1));
  if (there !== undefined || consumers === undefined) return there;
  habits.doubled();
  if (!(await consumers.double(caller))) return undefined;
  habits.pollers.set(queue, known + 1);
  return receiversAt(world, queue, after, { patienceMs, signal });
}

/** Lets the consumer's process die while a call of it is under way, and starts it anew. */
export async function killed(world: LabWorld, first: InHand, held: Held, options: RunOptions): Promise<Outcome> {
  if (!(await isReached(world, first, held, options))) return 'did_not_strike';
  const died = await options.consumers!.kill(first.caller);
  await world.proceed(held.id, false);
  return died ? 'done' : 'not_ours';
}

/** A consumer that was cut off, and does not give up its message, is ended after this time. */
const DYING_MS = 2_000;

/**
 * As `untilFinished`. One that was cut off, by the fault `cutBy`, is dead, though it tries again and again: its process is
 * ended, and the delivery is over without having finished.
 */
export async function untilOver(
  world: LabWorld,
  held: InHand,
  options: RunOptions,
  cutBy: number | undefined,
): Promise<boolean> {
  const { consumers, patienceMs } = options;
  if (consumers?.forget !== true || cutBy === undefined) return untilFinished(world, held, options);
  for (const patience of [Math.min(DYING_MS, patienceMs), patienceMs]) {
    if (await untilFinished(world, held, { ...options, patienceMs: patience })) return true;
    if (((await world.faults()).get(cutBy) ?? 0) > 0) {
      await consumers.kill(held.caller);
      return true;
    }
  }
  return false;
}
