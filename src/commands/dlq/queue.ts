import { Argument, InvalidArgumentError } from 'commander';
import type { App } from '../../app.ts';
import { completing } from '../../cli/arguments.ts';
import { EMBEDDED_ACCOUNT } from '../../connection.ts';
import { deadLetterQueueOf, queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import { type PeekedMessage, peekQueue } from '../../engines/peek.ts';
import { CliffracerError } from '../../errors.ts';
import type { Seen } from '../../shop/dead-letters/letter.ts';
import type { LookDeps, Peek } from '../../shop/dead-letters/look.ts';

/** A dead-letter queue by its service, by the queue that it stands behind, or by its own name. */
export const queueArgument = () =>
  new Argument('<queue>', `whose dead letters: ${SERVICES.join(', ')}`).argParser(completing(SERVICES, serviceOf));

function serviceOf(text: string): ServiceName {
  const found = SERVICES.find((service) => [service, queueOf(service), deadLetterQueueOf(service)].includes(text));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    `The dead-letter queues are ${SERVICES.map(deadLetterQueueOf).join(', ')}; ${SERVICES[2]} or ${queueOf(SERVICES[2])} will do.`,
  );
}

/** What looking at dead letters needs: the ports, and the embedded engine's way to look without receiving. */
export async function lookDeps(app: App): Promise<LookDeps> {
  const { ports, target, names } = await app.connect();
  const { kind, endpoint, region, account = EMBEDDED_ACCOUNT } = target;
  if (kind !== 'local' || endpoint === undefined) return { ports };
  const peek: Peek = async (queue, limit) => {
    const place = { queue: names.queue(queue), state: 'ready', account, region, limit };
    try {
      return (await peekQueue(endpoint, app.clock.now, place)).messages.map(seen);
    } catch (error) {
      // Other engines have no such view, and a queue that is not there is told of by the call that receives from it.
      if (error instanceof CliffracerError && ['unsupported', 'not_found'].includes(error.code)) return undefined;
      throw error;
    }
  };
  return { ports, peek };
}

/** Bytes are no text, and stay out. */
function seen({ message_id, body, attributes, receive_count, sent_at }: PeekedMessage): Seen {
  const texts = attributes.filter(({ type }) => !type.startsWith('Binary'));
  return {
    messageId: message_id,
    body,
    attributes: Object.fromEntries(texts.map(({ name, value }) => [name, value])),
    receiveCount: receive_count,
    sentAt: Date.parse(sent_at),
  };
}
