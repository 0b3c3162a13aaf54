import type { Delivery } from '../calls/entry.ts';
import type { Engine } from '../core/engine.ts';
import { arrivalKey, type Queue, type SqsState, unheldReady } from '../sqs/index.ts';

/** A queue with messages that are not done. */
export interface OpenQueue {
  queue: string;
  account: string;
  region: string;
  /** Without those that a hold keeps. */
  ready: number;
  in_flight: number;
  delayed: number;
  /** Long polls that wait there. */
  receivers: number;
  /** Its messages that are in the hands of somebody who has not asked for another one since. */
  in_hand: { message_id: string; caller: string; attempt: number }[];
  /** Message that was received so often that it would come for ever. */
  never_ends: string | null;
}

/** Receives of one message on a queue without dead letters, after which it is taken to come for ever. */
const MOST_RECEIVES = 10;

/** Queues that are not empty. Those for dead letters, those of these names, and what a hold keeps, are left out. */
export function* openQueues(
  engine: Engine,
  except: ReadonlySet<string>,
  inHand: readonly Delivery[],
): Generator<{ open: OpenQueue; nextAt: number | undefined }> {
  for (const [scope, state] of (engine.state.services.get('sqs') ?? []) as Iterable<[string, SqsState]>) {
    const [account = '', region = ''] = scope.split('/');
    const dead = new Set([...state.queues.values()].map(({ settings }) => settings.redrive?.targetArn));
    for (const queue of state.queues.values()) {
      const { name, arn, counts } = queue;
      const ready = unheldReady(queue);
      const { 'in-flight': in_flight, delayed } = counts;
      if (ready + in_flight + delayed === 0 || except.has(name) || dead.has(arn)) continue;
      yield {
        open: {
          ...{ queue: name, account, region, ready, in_flight, delayed },
          receivers: engine.waiters.count(`sqs/${scope}/${arrivalKey(name)}`),
          in_hand: inHand.filter((delivery) => delivery.queue === arn).map(described),
          never_ends: in_flight === 0 ? null : neverEnding(queue),
        },
        nextAt: in_flight + delayed === 0 ? undefined : queue.wakes.visibility,
      };
    }
  }
}

const described = ({ messageId, caller, attempt }: Delivery) => ({ message_id: messageId, caller, attempt });

function neverEnding({ settings, messages }: Queue): string | null {
  if (settings.redrive !== undefined) return null;
  for (const { state, content } of messages.values()) {
    if (state === 'in-flight' && content.receiveCount >= MOST_RECEIVES) return content.id;
  }
  return null;
}
