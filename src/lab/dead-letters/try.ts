import { CliffracerError } from '../../errors.ts';
import type { QueueState } from '../queues/port.ts';
import type { Laboratory } from '../step/port.ts';
import type { DeliveryReport, Outcome } from '../step/report.ts';
import { deliver, holdAll } from '../step/step.ts';

export interface TryOptions {
  /** The dead letter. */
  message: string;
  /** The consumer that is meant, by the beginning of its name; anybody, unless told. */
  consumer?: string;
  /** Where it goes, instead of the queue that gave it up. */
  to?: string;
  timeoutMs: number;
  signal: AbortSignal;
  onReleased?(message: string, queue: string): void;
  onTaken?(caller: string): void;
}

export interface TryReport {
  message_id: string;
  dead_letter_queue: string;
  /** The queue from which the consumer got it. */
  queue: string;
  delivery: DeliveryReport;
  /** Consumers that came first, and are not the one that is meant. */
  passed_over: { caller: string; outcome: Outcome }[];
}

const SNAPSHOT = 'before-try';
/** A consumer that has answered for its message may still write; it comes back for the next one. */
const LATE_MS = 1_000;
/** Each consumer of a queue gets its turn. */
const MOST_TURNS = 20;

/**
 * Has a consumer handle a dead letter and takes everything back: the state is saved, the message goes to its queue while all
 * queues are held, one delivery is followed to its end, and the state is loaded again. Rejects with `not_found`, with
 * `not_settled` when nobody takes it, and with `interrupted`; then too everything is as before.
 */
export async function tryDeadLetter(options: TryOptions, lab: Laboratory): Promise<TryReport> {
  const states = await lab.holds.queues();
  const { dead_letter_queue, queue } = await placeOf(options, states, lab);
  const passed_over: TryReport['passed_over'] = [];
  const newly_held = await holdAll(lab, queue);
  try {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const delivery = await once(dead_letter_queue, queue, options, lab);
      if (options.consumer === undefined || delivery.caller.startsWith(options.consumer)) {
        return { message_id: options.message, dead_letter_queue, queue, delivery, passed_over };
      }
      passed_over.push({ caller: delivery.caller, outcome: delivery.outcome });
    }
    throw nobodyTook(options, queue, states, passed_over);
  } catch (error) {
    const isNobody = error instanceof CliffracerError && error.code === 'not_settled';
    throw isNobody ? nobodyTook(options, queue, states, passed_over) : error;
  } finally {
    for (const held of newly_held) await lab.holds.end(held);
  }
}

async function once(
  dead_letter_queue: string,
  queue: string,
  { message, ...options }: TryOptions,
  lab: Laboratory,
): Promise<DeliveryReport> {
  await lab.saveSnapshot(SNAPSHOT);
  try {
    // Whatever an expression lets through is held too.
    await lab.holds.hold(queue);
    const copy = await lab.redrive(dead_letter_queue, message, queue);
    const { deliveries } = await deliver({ queue, message: copy }, options, lab);
    await lab.untilPolled(queue, LATE_MS);
    return deliveries[0]!;
  } finally {
    await lab.loadSnapshot(SNAPSHOT);
    await lab.deleteSnapshot(SNAPSHOT);
  }
}

async function placeOf(
  { message, to }: TryOptions,
  states: readonly QueueState[],
  { log }: Laboratory,
): Promise<{ dead_letter_queue: string; queue: string }> {
  for (const { queue: dead_letter_queue, dead_letters_of } of states) {
    if (dead_letters_of.length === 0) continue;
    const place = await log.place(dead_letter_queue, message);
    if (place === undefined) continue;
    const arn = place.system_attributes.DeadLetterQueueSourceArn;
    const source = arn?.slice(arn.lastIndexOf(':') + 1);
    const known = states.some(({ queue }) => queue === source) ? source : undefined;
    const queue = to ?? known ?? (dead_letters_of.length === 1 ? dead_letters_of[0] : undefined);
    if (queue !== undefined) return { dead_letter_queue, queue };
    const text = `nothing tells which queue gave up message ${message}: ${dead_letters_of.join(' or ')}`;
    throw new CliffracerError('usage', text, { hint: 'give --to QUEUE' });
  }
  throw new CliffracerError('not_found', `no message ${JSON.stringify(message)} lies in a dead-letter queue`, {
    hint: 'cliffracer dlq list',
  });
}

function nobodyTook(
  { message, consumer, timeoutMs }: TryOptions,
  queue: string,
  states: readonly QueueState[],
  passedOver: TryReport['passed_over'],
): CliffracerError {
  const seen = states.find((each) => each.queue === queue)?.consumers ?? [];
  const names = new Set([...seen, ...passedOver].map(({ caller }) => caller));
  const who = names.size === 0 ? 'no consumer was seen' : `seen lately: ${[...names].join(', ')}`;
  const taker = consumer === undefined ? 'nobody' : `no consumer ${consumer}`;
  const text = `${taker} took message ${message} from ${queue} within ${timeoutMs / 1000} s (${who}); nothing was changed`;
  return new CliffracerError('not_settled', text, {
    hint: 'start its consumer: cliffracer exec -- COMMAND',
    retryable: true,
  });
}
