import type { App } from '../app.ts';
import { EMBEDDED_ACCOUNT } from '../connection.ts';
import { deadLetterQueueOf, queueOf, SERVICES, type ServiceName } from '../domain/names.ts';
import { type PeekedMessage, peekQueue } from '../engines/peek.ts';
import { CliffracerError } from '../errors.ts';
import type { DeadLetterQueue, Peek } from '../lab/dead-letters/inspect.ts';
import { type InspectedMessage, type Knowledge, NO_KNOWLEDGE, orElse } from '../lab/dead-letters/knowledge.ts';
import type { QueueState } from '../lab/queues/port.ts';
import { callLogOf } from './call-log.ts';

/** A dead-letter queue of the stack or of anybody else. */
export interface Place extends DeadLetterQueue {
  /** Its own name, of whatever stack. */
  fullName: string;
  /** What commands call it: a service of the stack, or the queue. */
  shortName: string;
  /** Whose dead letters they are, in the stack. */
  service?: ServiceName;
  /** Queues whose dead letters come here, as `queue` is named. */
  sources: string[];
  /** Of several sources, the one that is meant. */
  only?: string;
}

/** A dead-letter queue of the stack, by names within the stack. */
export async function servicePlace(app: App, service: ServiceName): Promise<Place> {
  const [{ ports, names, target }, { shopKnowledge }] = await Promise.all([
    app.connect(),
    import('../shop/dead-letters/knowledge.ts'),
  ]);
  const queue = deadLetterQueueOf(service);
  const fullName = names.queue(queue);
  const shop = shopKnowledge(service, ports.logs);
  return {
    ...{ queue, fullName, shortName: service, service, sources: [queueOf(service)], queues: ports.queues },
    knowledge: target.kind === 'aws' ? shop : orElse(shop, await engineKnowledge(app)),
    ...(await peekOf(app, fullName)),
  };
}

/** Whether a queue keeps the dead letters of a service of the stack. */
export async function ofStack(app: App): Promise<(queue: string) => boolean> {
  const { names } = await app.connect();
  const own = new Set(SERVICES.map((service) => names.queue(deadLetterQueueOf(service))));
  return (queue) => own.has(queue);
}

/** Every other queue that a redrive policy names, by its own name. */
export async function otherPlaces(app: App, states: readonly QueueState[]): Promise<Place[]> {
  const [{ queues, target }, isOwn] = await Promise.all([app.connect(), ofStack(app)]);
  const found = states.filter(({ queue, dead_letters_of: from }) => from.length > 0 && !isOwn(queue));
  const knowledge = target.kind === 'aws' ? NO_KNOWLEDGE : await engineKnowledge(app);
  return Promise.all(
    found.map(async ({ queue, dead_letters_of: sources }) => ({
      ...{ queue, fullName: queue, shortName: queue, sources, queues, knowledge },
      ...(await peekOf(app, queue)),
    })),
  );
}

async function engineKnowledge(app: App): Promise<Knowledge> {
  const [log, { callLogKnowledge }] = await Promise.all([
    callLogOf(app),
    import('../lab/dead-letters/call-log-knowledge.ts'),
  ]);
  return callLogKnowledge(log);
}

/** The embedded engine's way to look without receiving. */
async function peekOf(app: App, fullName: string): Promise<{ peek?: Peek }> {
  const { kind, endpoint, region, account = EMBEDDED_ACCOUNT } = (await app.connect()).target;
  if (kind !== 'local' || endpoint === undefined) return {};
  const peek: Peek = async (_queue, limit) => {
    const place = { queue: fullName, state: 'ready', account, region, limit };
    try {
      return (await peekQueue(endpoint, app.clock.now, place)).messages.map(seen);
    } catch (error) {
      // Other engines have no such view, and a queue that is not there is told of by the call that receives from it.
      if (error instanceof CliffracerError && ['unsupported', 'not_found'].includes(error.code)) return undefined;
      throw error;
    }
  };
  return { peek };
}

/** Bytes are no text, and stay out. */
function seen(message: PeekedMessage): InspectedMessage {
  const { message_id, body, attributes, receive_count, sent_at, system_attributes } = message;
  const texts = attributes.filter(({ type }) => !type.startsWith('Binary'));
  const { DeadLetterQueueSourceArn: from } = system_attributes;
  return {
    messageId: message_id,
    body,
    attributes: Object.fromEntries(texts.map(({ name, value }) => [name, value])),
    receiveCount: receive_count,
    sentAt: Date.parse(sent_at),
    ...(from !== undefined && { source: from.slice(from.lastIndexOf(':') + 1) }),
  };
}
