import { CliffracerError } from '../../errors.ts';
import type { CallPage } from '../calls/port.ts';
import type { QueueState } from '../queues/port.ts';
import type { Laboratory } from './port.ts';
import { type Delivered, reportOf, type StepReport } from './report.ts';
import { type Followed, type Watched, watchDelivery } from './watch.ts';

/** How one message is delivered. */
export interface DeliveryOptions {
  /** Delivers it again once it was acknowledged. */
  twice?: boolean;
  /** Makes this call of the delivery fail, counted from 1. */
  failCall?: number;
  /** Takes the place of its body. */
  body?: string;
  timeoutMs: number;
  signal: AbortSignal;
  /** Told of the message before anybody has it, and of who took it. */
  onReleased?(message: string, queue: string): void;
  onTaken?(caller: string): void;
}

export interface StepOptions extends DeliveryOptions {
  /** Any queue that has a message, unless told. */
  queue?: string;
  message?: string;
}

const LATE_MS = 200;
const MOST_LATE = 1_000;

/** The snapshot of the state before the latest step. */
export const SNAPSHOT = 'before-step';

/** Nothing flows but what is stepped: holds every queue but those for dead letters. Resolves with those newly held. */
export async function holdAll({ holds }: Laboratory, also?: string): Promise<string[]> {
  const free = (await holds.queues()).filter(({ hold, queue, dead_letters_of }) => {
    return hold === null && (dead_letters_of.length === 0 || queue === also);
  });
  for (const { queue } of free) await holds.hold(queue);
  return free.map(({ queue }) => queue);
}

/**
 * Releases one message to whoever polls, and follows it to its end. Rejects with `not_found` when there is none, and then
 * nothing is held that was not before, with
 * `not_settled` when nobody takes it, and with `interrupted`; then the message is held as before.
 */
export async function step(options: StepOptions, lab: Laboratory): Promise<StepReport> {
  const newly_held = await holdAll(lab, options.queue);
  const chosen = await choose(options, lab).catch(async (error) => {
    for (const queue of newly_held) await lab.holds.end(queue);
    throw error;
  });
  await lab.saveSnapshot(SNAPSHOT);
  return { ...(await deliver(chosen, options, lab)), snapshot: SNAPSHOT, newly_held };
}

export interface HeldPlace {
  queue: string;
  message: string;
}

/** As `step`, of one message in a held queue, and without a snapshot. */
export async function deliver(
  { queue, message }: HeldPlace,
  options: DeliveryOptions,
  lab: Laboratory,
): Promise<Delivered> {
  const { failCall, body, twice } = options;
  const start = await lab.log.page({ last: true, limit: 1 });
  const rule = failCall === undefined ? undefined : await lab.failCall(message, failCall);
  const report: Delivered = {
    ...{ queue, message_id: message, edited: body !== undefined, failed_call: null, deliveries: [] },
  };
  try {
    const edited = body === undefined ? {} : { body };
    await lab.holds.release(queue, { message, ...edited, ...(twice && { again: true }) });
    options.onReleased?.(message, queue);
    let next = await follow(report, { ...options, queue, message, after: start.next }, lab);
    if (twice && report.deliveries[0]!.outcome === 'acknowledged') {
      await lab.holds.release(queue, { message });
      next = await follow(report, { ...options, queue, message, after: next }, lab);
    }
  } finally {
    if (rule !== undefined) await lab.clearFault(rule);
  }
  if (failCall !== undefined) {
    const struck = report.deliveries.some(({ calls }) => calls.some(({ fault }) => fault?.id === rule));
    report.failed_call = { number: failCall, struck };
  }
  return report;
}

/** Adds the delivery to the report; resolves with the cursor behind it. */
async function follow(report: Delivered, watched: Watched, lab: Laboratory): Promise<number> {
  const found = await watchDelivery(watched, lab);
  if (found !== undefined) {
    const late = await lateCalls(found, watched, lab);
    report.deliveries.push(reportOf({ ...found.delivery, calls: [...found.delivery.calls, ...late.calls] }));
    return late.next;
  }
  // What was released and not received is held again.
  const { queue } = watched;
  const state = (await lab.holds.queues()).find((each) => each.queue === queue);
  await lab.holds.hold(queue, state?.hold?.where ?? undefined);
  if (watched.signal.aborted) throw new CliffracerError('interrupted', 'interrupted');
  throw nobodyTook(watched, state);
}

/**
 * What a consumer did for a message after it had deleted it: until somebody asks for the next one, which most do with a long
 * poll, and at most for a short while.
 */
async function lateCalls(
  { delivery: { id, outcome }, next }: Followed,
  { queue }: Watched,
  lab: Laboratory,
): Promise<Pick<CallPage, 'calls' | 'next'>> {
  if (id === null || outcome !== 'acknowledged') return { calls: [], next };
  await lab.untilPolled(queue, LATE_MS);
  const page = await lab.log.page({ after: next, limit: MOST_LATE });
  return { calls: page.calls.filter(({ deliveries }) => deliveries.some((each) => each.id === id)), next: page.next };
}

function nobodyTook({ queue, message, timeoutMs }: Watched, state: QueueState | undefined): CliffracerError {
  const seen = (state?.consumers ?? []).map(({ caller }) => caller);
  const who = seen.length === 0 ? 'no consumer was seen' : `seen lately: ${seen.join(', ')}`;
  const text = `nobody took message ${message} of ${queue} within ${timeoutMs / 1000} s (${who}); it is held again`;
  return new CliffracerError('not_settled', text, {
    hint: 'start its consumer: cliffracer exec -- COMMAND',
    retryable: true,
  });
}

async function choose({ queue, message }: StepOptions, { holds, firstHeld, log }: Laboratory): Promise<HeldPlace> {
  const states = (await holds.queues()).filter((state) => {
    return queue === undefined ? state.dead_letters_of.length === 0 : state.queue === queue;
  });
  if (message !== undefined) {
    for (const { queue: each } of states) {
      if ((await log.place(each, message)) !== undefined) return { queue: each, message };
    }
    throw nothing(`no message ${JSON.stringify(message)} lies in ${queue ?? 'any queue'}`);
  }
  const oldestFirst = [...states].sort((a, b) => ((a.oldest_at ?? '') < (b.oldest_at ?? '') ? -1 : 1));
  for (const { queue: each, held } of oldestFirst) {
    const first = held === 0 ? undefined : await firstHeld(each);
    if (first !== undefined) return { queue: each, message: first.message_id };
  }
  const taken = states.reduce((sum, { in_flight }) => sum + in_flight, 0);
  if (taken === 0) throw nothing(`no message waits in ${queue ?? 'any queue'}`);
  throw nothing(
    `no message waits in ${queue ?? 'any queue'} (${taken} in flight); hold a queue before you send to it`,
    `cliffracer queue hold ${queue ?? 'QUEUE'}`,
  );
}

const nothing = (message: string, hint = 'cliffracer queue list') =>
  new CliffracerError('not_found', message, { hint });
