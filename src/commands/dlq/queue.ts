import { Argument, InvalidArgumentError } from 'commander';
import type { App } from '../../app.ts';
import { completing } from '../../cli/arguments.ts';
import { EMBEDDED_ACCOUNT } from '../../connection.ts';
import { deadLetterQueueOf, queueOf, SERVICES, type ServiceName } from '../../domain/names.ts';
import { type PeekedMessage, peekQueue } from '../../engines/peek.ts';
import { CliffracerError } from '../../errors.ts';
import { DEAD_LETTER_QUEUE } from '../../questions/offers.ts';
import { which } from '../../questions/which.ts';
import type { InspectedMessage } from '../../shop/dead-letters/dead-letter.ts';
import type { InspectDeps, Peek } from '../../shop/dead-letters/inspect.ts';

/** A dead-letter queue by its service, by the queue that it stands behind, by its own name, or by the beginning of one. */
export const queueArgument = () =>
  new Argument('[queue]', `whose dead letters: ${SERVICES.join(', ')}; left out, a list asks`).argParser(
    completing(SERVICES, serviceOf),
  );

/** The service whose dead letters are meant; asked for when none was given. */
export const whichQueue = async (app: App, given: ServiceName | undefined): Promise<ServiceName> =>
  given ?? ((await which(app, DEAD_LETTER_QUEUE, undefined)) as ServiceName);

function serviceOf(text: string): ServiceName {
  const names = (service: ServiceName) => [service, queueOf(service), deadLetterQueueOf(service)];
  const found = SERVICES.filter((service) => text !== '' && names(service).some((name) => name.startsWith(text)));
  if (found.length === 1) return found[0]!;
  throw new InvalidArgumentError(
    `The dead-letter queues are ${SERVICES.map(deadLetterQueueOf).join(', ')}; ${SERVICES[2]} or ${queueOf(SERVICES[2])} will do.`,
  );
}

/** What looking at dead letters needs: the ports, and the embedded engine's way to look without receiving. */
export async function lookDeps(app: App): Promise<InspectDeps> {
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
function seen({ message_id, body, attributes, receive_count, sent_at }: PeekedMessage): InspectedMessage {
  const texts = attributes.filter(({ type }) => !type.startsWith('Binary'));
  return {
    messageId: message_id,
    body,
    attributes: Object.fromEntries(texts.map(({ name, value }) => [name, value])),
    receiveCount: receive_count,
    sentAt: Date.parse(sent_at),
  };
}
