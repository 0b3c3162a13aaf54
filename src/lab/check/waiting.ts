import type { SendingOrder } from './sending-order.ts';
import type { WaitingMessage } from './world.ts';

/** A message that lies in a queue, ready or not. */
export interface Waiting {
  queue: string;
  message: WaitingMessage;
}

/** The order of sending, of two queues by the calls that sent; what `isFirst` says goes before all. */
export function inOrderOfSending(
  waiting: readonly Waiting[],
  order: SendingOrder,
  isFirst: (each: Waiting) => boolean,
): Waiting[] {
  const rank = (each: Waiting) => (isFirst(each) ? -1 : each.message.sent_at_ms);
  const before = (a: Waiting, b: Waiting) =>
    a.queue === b.queue ? 0 : order.compare(a.message.message_id, b.message.message_id);
  return [...waiting].sort((a, b) => rank(a) - rank(b) || before(a, b));
}

/**
 * What a receive can bring: on FIFO queues no message while one before it of its group is in flight or delayed (SQS
 * Developer Guide, FIFO queue delivery logic).
 */
export function receivable(waiting: readonly Waiting[], isFifo: (each: Waiting) => boolean): Waiting[] {
  const blocked = new Set<string>();
  return waiting.filter((each) => {
    const group = isFifo(each) ? JSON.stringify([each.queue, each.message.group]) : undefined;
    if (each.message.state === 'ready') return group === undefined || !blocked.has(group);
    if (group !== undefined) blocked.add(group);
    return false;
  });
}
