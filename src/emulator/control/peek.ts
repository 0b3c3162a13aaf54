import type { Engine } from '../core/engine.ts';
import type { ServiceId } from '../core/types.ts';
import { pendingConfirmations, type SnsState } from '../sns/index.ts';
import { type MessageState, type PeekedMessage, peekQueue, placeOf, queueDepths, type SqsState } from '../sqs/index.ts';
import { badRequest, type ControlRoutes, isoTime, notFound, scopeOf, wholeNumber } from './routing.ts';

const STATES: readonly MessageState[] = ['ready', 'in-flight', 'delayed'];
const MOST_MESSAGES = 1000;
/** A page ends before it holds more, so that no answer becomes too large for its reader; one message is below 3 MiB. */
const PAGE_BYTES = 1024 * 1024;
const LAST_OFFSET = 100_000_000;

/** A service's state in the scope that is asked about, with everything that is due done. */
function currentState(engine: Engine, service: ServiceId, query: URLSearchParams): unknown {
  const scope = scopeOf(query);
  if (!engine.services.has(service)) throw notFound(`this engine has no ${service}`);
  engine.settle();
  return engine.stateOf(service, scope);
}

/** `/_cliffracer/sqs/queues`: the messages of a queue as they lie there, without receiving them. */
export function messageRoutes(engine: Engine): ControlRoutes {
  const stateOf = (query: URLSearchParams) => currentState(engine, 'sqs', query) as SqsState;
  return {
    'GET /{name}/messages': ({ params, query }) => {
      const which = query.get('state') ?? 'ready';
      if (!isState(which)) throw badRequest(`state must be one of ${STATES.join(', ')}`);
      const limit = wholeNumber(query, 'limit', 10, MOST_MESSAGES);
      const state = stateOf(query);
      const name = params.name!;
      if (!state.queues.has(name)) throw notFound(`no such queue: ${name.slice(0, 80)}`);
      const offset = wholeNumber(query, 'offset', 0, LAST_OFFSET, 0);
      const found = peekQueue(state, name, engine.clock.now(), which, { offset, limit });
      const messages = pageOf(found.map(describeMessage));
      const next_offset = messages.length < found.length ? offset + messages.length : null;
      return { queue: name, state: which, ...depths(state, name), messages, next_offset };
    },
    'GET /{name}/messages/{id}': ({ params, query }) => {
      const state = stateOf(query);
      const { name, id } = params as { name: string; id: string };
      const place = placeOf(state, name, engine.clock.now(), id);
      if (place === undefined) throw notFound(`no message ${id.slice(0, 80)} in ${name.slice(0, 80)}`);
      const { groupId: group = null, ahead, blockedBy: blocked_by } = place;
      return { queue: name, message: { ...describeMessage(place), group, ahead, blocked_by } };
    },
  };
}

/** As many as fit into a page, one at least. */
function pageOf<T>(messages: readonly T[]): T[] {
  let bytes = 0;
  const end = messages.findIndex((message, index) => {
    bytes += Buffer.byteLength(JSON.stringify(message));
    return index > 0 && bytes > PAGE_BYTES;
  });
  return messages.slice(0, end === -1 ? undefined : end);
}

const isState = (text: string): text is MessageState => (STATES as readonly string[]).includes(text);

function depths(state: SqsState, name: string) {
  const { ready, inFlight, delayed } = queueDepths(state, name)!;
  return { ready, in_flight: inFlight, delayed };
}

function describeMessage(message: PeekedMessage) {
  return {
    message_id: message.messageId,
    state: message.state,
    held: message.held,
    body: message.body,
    attributes: message.attributes,
    system_attributes: message.system,
    receive_count: message.receiveCount,
    sent_at: isoTime(message.sentAt),
    visible_at: message.visibleAt === undefined ? null : isoTime(message.visibleAt),
    expires_at: isoTime(message.expiresAt),
  };
}

/** `/_cliffracer/sns/confirmations`: the tokens that AWS would send to the owners of endpoints, and nobody gets here. */
export function confirmationRoutes(engine: Engine): ControlRoutes {
  return {
    'GET /': ({ query }) => {
      const pending = pendingConfirmations(currentState(engine, 'sns', query) as SnsState);
      return {
        confirmations: pending.map(({ subscription, token }) => ({
          topic_arn: subscription.topicArn,
          protocol: subscription.protocol,
          endpoint: subscription.endpoint,
          token,
        })),
      };
    },
  };
}
