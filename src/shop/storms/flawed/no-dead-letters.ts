import { deadLetterQueueOf, SERVICES } from '../../../domain/names.ts';
import { CliffracerError } from '../../../errors.ts';
import type { Ports } from '../../../ports.ts';

const DEAD_LETTER_QUEUES: ReadonlySet<string> = new Set(SERVICES.map(deadLetterQueueOf));

/** Ports of a stack without dead-letter queues. */
export function withoutDeadLetterQueues(ports: Ports): Ports {
  const { queues } = ports;
  return {
    ...ports,
    queues: {
      ...queues,
      async send(queue, messages) {
        if (!DEAD_LETTER_QUEUES.has(queue)) return queues.send(queue, messages);
        throw new CliffracerError('not_provisioned', `there is no queue ${queue}`);
      },
    },
  };
}
