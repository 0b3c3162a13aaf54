import type { Call } from '../calls/call.ts';
import type { CheckedConsumers } from './consumers.ts';
import type { LabWorld } from './world.ts';

export interface WatchOptions {
  /** Real milliseconds that a consumer may take to ask for a message, and to come to an end with it. */
  patienceMs: number;
  signal: AbortSignal;
  consumers?: CheckedConsumers;
  habits: Habits;
}

/** Waits are cut into such pieces, so that Ctrl-C is heard. */
export const SLICE_MS = 500;
/** Real milliseconds in which those that received before may ask again. */
const GATHERING_MS = 1_000;
/** Real milliseconds without a call after which a consumer that has asked for more is taken to be done. */
const MOST_PAGES = 100;
const QUIET = { answered: 100, unanswered: 300, learning: 1_000 };

/** What an undisturbed run shows of how consumers work. */
export class Habits {
  /** While true, consumers are given time to show what they do. */
  learning = false;
  /** Callers that ask for the next message while they still work on one, as pools of workers do. */
  readonly lingering = new Set<string>();
  /** `CALLER OPERATION RESOURCE` of what is called again and again without any message, as by the relay of an outbox. */
  readonly background = new Set<string>();
  /** The same of what is called because of that. */
  readonly chained = new Set<string>();
  /** Queue -> long polls that have waited at it at a time. */
  readonly pollers = new Map<string, number>();
  /** Queues that nobody else receives from while a message is in hand. */
  readonly alone = new Set<string>();
  /** Callers that go on with a message after they have deleted or returned it. */
  readonly goingOn = new Set<string>();
  #single: ReadonlyMap<string, number> | undefined;

  /** A second consumer is about to be started. */
  doubled(): void {
    this.#single ??= new Map(this.pollers);
  }

  /** It was ended: nobody waits for its long polls any more. */
  single(): void {
    for (const [queue, polls] of this.#single ?? []) this.pollers.set(queue, polls);
    this.#single = undefined;
  }
}

/** Calls by which consumers ask for work, or look where to. */
export const isAsking = ({ operation }: Pick<Call, 'operation'>) =>
  operation === 'ReceiveMessage' || operation === 'GetQueueUrl';

/** Long polls at the queue; 0 for a consumer that asks again and again without waiting, undefined when there is none. */
export async function receiversAt(
  world: LabWorld,
  queue: string,
  after: number,
  { patienceMs, signal }: Pick<WatchOptions, 'patienceMs' | 'signal'>,
  expected = 1,
): Promise<number | undefined> {
  for (let slice = 0; slice < Math.ceil(patienceMs / SLICE_MS); slice++) {
    signal.throwIfAborted();
    const waiting = await world.receivers(queue, 1, Math.min(SLICE_MS, patienceMs));
    if (waiting >= expected) return waiting;
    if (waiting > 0) return Math.max(1, await world.receivers(queue, expected, GATHERING_MS));
    const asked = { after, limit: 1, operation: 'ReceiveMessage', resource: `queue/${queue}` };
    if ((await world.calls.page(asked)).calls.length > 0) return 0;
  }
  return undefined;
}

/** As `receiversAt`, when all that were seen there before have gathered. */
export async function allReceiversAt(
  world: LabWorld,
  queue: string,
  after: number,
  options: WatchOptions,
): Promise<number | undefined> {
  const { pollers } = options.habits;
  const there = await receiversAt(world, queue, after, options, pollers.get(queue));
  if (there !== undefined) pollers.set(queue, there);
  return there;
}

/** Waits until somebody has received the message. */
export async function pickUp(
  world: LabWorld,
  { queue, messageId, after }: { queue: string; messageId: string; after: number },
  { patienceMs, signal }: WatchOptions,
) {
  let next = after;
  for (let slice = 0; slice < Math.ceil(patienceMs / SLICE_MS); slice++) {
    signal.throwIfAborted();
    const page = await world.calls.page({ after: next, limit: 1_000, wait: SLICE_MS, message: messageId });
    next = page.next;
    for (const call of page.calls) {
      for (const effect of call.effects) {
        if (effect.kind !== 'message' || effect.message_id !== messageId || effect.queue !== queue) continue;
        if (effect.change === 'received') {
          const together = call.effects.flatMap((each) =>
            each.kind === 'message' && each.change === 'received' ? [each.message_id] : [],
          );
          return { received: { caller: call.caller, attempt: effect.receives, together }, deadLettered: false, next };
        }
        if (effect.change === 'dead_lettered') return { received: undefined, deadLettered: true, next };
      }
    }
  }
  return { received: undefined, deadLettered: false, next };
}

export interface InHand {
  queue: string;
  messageId: string;
  caller: string;
  /** Long polls that waited before, as `receiversAt` answers them. */
  receivers: number;
  /** Cursor behind the receive. */
  after: number;
  /** How often it was handled before. */
  handled: number;
  /** Resolves when the consumer says that it is done; undefined for one that has to be watched. */
  told: Promise<unknown> | undefined;
}

/** Waits until a consumer has come to an end with a message; false when it does not. */
export async function untilFinished(world: LabWorld, held: InHand, options: WatchOptions): Promise<boolean> {
  const { patienceMs, signal, habits } = options;
  if (held.told !== undefined) return inTime(held.told, world, patienceMs, signal);
  if (!(await untilIdle(world, held, options))) return false;
  if (habits.learning || habits.lingering.has(held.caller)) await untilQuiet(world, held, options);
  return true;
}

async function inTime(
  done: Promise<unknown>,
  world: LabWorld,
  patienceMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  let finished = false;
  const ended = done.then(() => {
    finished = true;
    over.abort();
  });
  await Promise.race([ended, world.pass(patienceMs, AbortSignal.any([signal, over.signal]))]);
  signal.throwIfAborted();
  return finished;
}

/**
 * One that handles a message after the other is done with one when it asks for the next: as many long polls wait as before,
 * or, for one that polls without waiting, it has received anew. That it deleted the message says little: it may go on.
 */
export async function untilIdle(
  world: LabWorld,
  { queue, caller, receivers, after }: InHand,
  { patienceMs, signal }: Pick<WatchOptions, 'patienceMs' | 'signal'>,
): Promise<boolean> {
  let next = after;
  for (let slice = 0; slice < Math.ceil(patienceMs / SLICE_MS); slice++) {
    signal.throwIfAborted();
    if (receivers > 0) {
      if ((await world.receivers(queue, receivers, Math.min(SLICE_MS, patienceMs))) >= receivers) return true;
      continue;
    }
    const asked = { after: next, limit: 1_000, wait: SLICE_MS, caller, operation: 'ReceiveMessage' };
    const page = await world.calls.page(asked);
    next = page.next;
    if (page.calls.some((call) => call.caller === caller)) return true;
  }
  return false;
}

/** For one that asks for more while it works: waits until it makes no call any more. */
async function untilQuiet(world: LabWorld, held: InHand, options: WatchOptions): Promise<void> {
  const { messageId, caller, after } = held;
  const { habits, signal } = options;
  let { next } = await world.calls.page({ last: true, limit: 1 });
  let resting = 0;
  let answered = isAnswered((await world.calls.page({ after, limit: 10_000, message: messageId })).calls, messageId);
  const isDone = () => answered && !habits.learning && !habits.goingOn.has(caller);
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    signal.throwIfAborted();
    if (isDone()) return;
    const quiet = answered ? QUIET.answered : habits.learning ? QUIET.learning : QUIET.unanswered;
    const page = await world.calls.page({ after: next, limit: 10_000, wait: quiet, caller });
    next = page.next;
    const own = page.calls.filter((call) => call.caller === caller && !isAsking(call));
    const work = own.filter((call) => !isApart(call, habits));
    if (work.length === 0 && (own.length === 0 || ++resting >= 2)) break;
    if (work.length === 0) continue;
    resting = 0;
    habits.lingering.add(caller);
    answered ||= isAnswered(own, messageId);
  }
  if (!habits.learning) return;
  const { calls } = await world.calls.page({ after, limit: 10_000, caller });
  if (goesOn(calls, held, habits)) habits.goingOn.add(caller);
}

function goesOn(calls: readonly Call[], { messageId, caller }: InHand, habits: Habits): boolean {
  const isWork = (call: Call) => call.caller === caller && !isAsking(call) && !isApart(call, habits);
  const answer = calls.findLastIndex((call) => isAnswered([call], messageId));
  return answer !== -1 && calls.slice(answer + 1).some(isWork);
}

/** Whether a call is made whether or not there is a message. */
export const isApart = (call: Call, { background, chained }: Habits): boolean =>
  background.has(signatureOf(call)) || chained.has(signatureOf(call));

export const signatureOf = ({ caller, operation, resources }: Call) => `${caller} ${operation} ${resources[0] ?? ''}`;

export const isAnswered = (calls: readonly Call[], messageId: string): boolean =>
  calls.some(({ effects }) =>
    effects.some(
      (effect) =>
        effect.kind === 'message' &&
        effect.message_id === messageId &&
        (effect.change === 'deleted' || effect.change === 'returned'),
    ),
  );
