import type { LabWorld } from './world.ts';

export interface WatchOptions {
  /** Real milliseconds that a consumer may take to ask for a message, and to come to an end with it. */
  patienceMs: number;
  signal: AbortSignal;
}

/** Waits are cut into such pieces, so that Ctrl-C is heard. */
const SLICE_MS = 500;

/** Long polls at the queue; 0 for a consumer that asks again and again without waiting, undefined when there is none. */
export async function receiversAt(
  world: LabWorld,
  queue: string,
  after: number,
  { patienceMs, signal }: WatchOptions,
): Promise<number | undefined> {
  for (let slice = 0; slice < Math.ceil(patienceMs / SLICE_MS); slice++) {
    signal.throwIfAborted();
    const waiting = await world.receivers(queue, 1, SLICE_MS);
    if (waiting > 0) return waiting;
    const asked = { after, limit: 1, operation: 'ReceiveMessage', resource: `queue/${queue}` };
    if ((await world.calls.page(asked)).calls.length > 0) return 0;
  }
  return undefined;
}

/** Waits until somebody has received the message. */
export async function pickUp(
  world: LabWorld,
  { queue, messageId, after }: { queue: string; messageId: string; after: number },
  { patienceMs, signal }: WatchOptions,
) {
  const deadline = Math.ceil(patienceMs / SLICE_MS);
  let next = after;
  for (let slice = 0; slice < deadline; slice++) {
    signal.throwIfAborted();
    const page = await world.calls.page({ after: next, limit: 1_000, wait: SLICE_MS, message: messageId });
    next = page.next;
    for (const call of page.calls) {
      for (const effect of call.effects) {
        if (effect.kind !== 'message' || effect.message_id !== messageId || effect.queue !== queue) continue;
        if (effect.change === 'received') {
          return { received: { caller: call.caller, attempt: effect.receives }, deadLettered: false, next };
        }
        if (effect.change === 'dead_lettered') return { received: undefined, deadLettered: true, next };
      }
    }
  }
  return { received: undefined, deadLettered: false, next };
}

/**
 * A consumer has finished with a message when it asks for the next one: as many long polls wait as before, or, for one
 * that polls without waiting, it has received anew. That it deleted the message says little: it may go on after that.
 */
export async function untilIdle(
  world: LabWorld,
  { queue, caller, receivers, after }: { queue: string; caller: string; receivers: number; after: number },
  { patienceMs, signal }: WatchOptions,
): Promise<boolean> {
  const slices = Math.ceil(patienceMs / SLICE_MS);
  let next = after;
  for (let slice = 0; slice < slices; slice++) {
    signal.throwIfAborted();
    if (receivers > 0) {
      if ((await world.receivers(queue, receivers, SLICE_MS)) >= receivers) return true;
      continue;
    }
    const page = await world.calls.page({
      after: next,
      limit: 1_000,
      wait: SLICE_MS,
      caller,
      operation: 'ReceiveMessage',
    });
    next = page.next;
    if (page.calls.some((call) => call.caller === caller)) return true;
  }
  return false;
}
