import type { Clock } from '../../clock.ts';
import { encodeEvent, type ShopEvent } from '../../domain/events.ts';
import { logStreamOf } from '../../domain/names.ts';
import { CliffracerError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import { stepErrorOf } from './failure.ts';
import { logEntry } from './log-lines.ts';

export interface PublishDeps {
  ports: Ports;
  clock: Clock;
}

/**
 * Publishes events derived from records; publishing one again is harmless. `action` and `message` stand in the log line
 * of each. Resolves with warnings.
 */
export async function publishEvents(
  events: readonly ShopEvent[],
  { ports, clock }: PublishDeps,
  { action, message, wrote = [] }: { action: string; message: string; wrote?: readonly string[] },
): Promise<string[]> {
  const [failure] = await ports.topic.publish(events.map(encodeEvent));
  if (failure !== undefined) {
    const { order_id, event_type } = events[failure.index]!;
    const what = `${event_type} of order ${order_id} was not published: ${failure.code}: ${failure.message}`;
    const hint = { action: 'retry_order', id: order_id } as const;
    throw new CliffracerError('aws_error', what, { hint, retryable: !failure.senderFault });
  }
  const at = clock.now();
  const entries = events.map(({ event_type, event_id, order_id, correlation_id, causation_id }) =>
    logEntry(at, {
      ...{ level: 'info', service: 'order', action, message, order_id, correlation_id, event_type, event_id },
      ...{ causation_id, attempt: 1, outcome: 'handled', duration_ms: 0 },
      effects: [...wrote, `publish ${event_type}`],
    }),
  );
  try {
    await ports.logs.put(logStreamOf('order'), entries);
    return [];
  } catch (error) {
    return [`log lines were not written: ${stepErrorOf(error).message}`];
  }
}
