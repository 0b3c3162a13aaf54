import { type Fields, openMessage } from '../../domain/envelope.ts';
import { deadLetterQueueOf, type ServiceName } from '../../domain/names.ts';
import type { ReceivedMessage } from '../../ports.ts';
import type { StepError } from '../runtime/facts.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../runtime/poison.ts';
import type { Failure, Failures } from './failures.ts';

/** A message of a dead-letter queue, with the known reason of its failure. */
export interface DeadLetter {
  message_id: string;
  service: ServiceName;
  queue: string;
  event_type: string | undefined;
  event_id: string | undefined;
  order_id: string | undefined;
  /** How often a service tried, by its log lines; without log lines, the receive count. */
  attempts: number;
  /** Counts every receive, also those of this command. */
  receive_count: number;
  sent_at: string;
  /** The code of the last error. */
  reason: string | undefined;
  error: (StepError & { at?: string }) | undefined;
  attributes: Record<string, string>;
  body: string;
  /** The parsed body, if it is an object. */
  event: Fields | undefined;
}

/** A failure of which not everything may be known. */
type KnownFailure = { [name in keyof Failure]?: Failure[name] | undefined };

/** The fields of a message that can be read without receiving it. */
export type InspectedMessage = Pick<ReceivedMessage, 'messageId' | 'body' | 'attributes' | 'receiveCount' | 'sentAt'>;

/** Parses a message of any content; `failures` come from the service's log, where it was read. */
export function deadLetterOf(service: ServiceName, message: InspectedMessage, failures?: Failures): DeadLetter {
  const { messageId: message_id, body, attributes, receiveCount, sentAt } = message;
  const opened = openMessage(message);
  const event = 'problem' in opened ? undefined : opened.fields;
  const all = 'problem' in opened ? attributes : opened.attributes;
  const known = (name: string): string | undefined => {
    const value = event !== undefined && Object.hasOwn(event, name) ? event[name] : all[name];
    return typeof value === 'string' ? value : undefined;
  };
  const event_id = known('event_id');
  const failure = failureOf(message, all, event_id, failures);
  return {
    message_id,
    service,
    queue: deadLetterQueueOf(service),
    event_type: known('event_type'),
    event_id,
    order_id: known('order_id'),
    attempts: failure?.attempts ?? receiveCount,
    receive_count: receiveCount,
    sent_at: isoTime(sentAt),
    reason: failure?.code,
    error: failure && errorOf(failure),
    attributes,
    body,
    event,
  };
}

/**
 * Why a message is here: by the log line under its present id, else by its own attributes. A redriven message keeps its
 * attributes, and may have failed again for another reason.
 */
function failureOf(
  { messageId }: InspectedMessage,
  attributes: Record<string, string>,
  eventId: string | undefined,
  failures: Failures | undefined,
): KnownFailure | undefined {
  const fresh = failures?.ofMessage(messageId);
  if (fresh !== undefined) return fresh;
  const stated = statedFailure(attributes);
  if (stated?.code === undefined) return failures?.ofMessage(stated.messageId) ?? failures?.ofEvent(eventId);
  const logged = failures?.ofMessage(stated.messageId);
  return logged?.code === stated.code ? { ...logged, ...stated } : stated;
}

/** The attributes that the runtime adds to a message that it sends to the dead-letter queue. */
function statedFailure(attributes: Record<string, string>) {
  const of = (name: string) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined);
  const attempt = of(DEAD_LETTER_ATTRIBUTES.attempt);
  const detail = of(DEAD_LETTER_ATTRIBUTES.detail);
  return {
    messageId: of(DEAD_LETTER_ATTRIBUTES.messageId),
    code: of(DEAD_LETTER_ATTRIBUTES.reason),
    ...(detail !== undefined && { message: detail }),
    ...(attempt !== undefined && /^\d{1,9}$/.test(attempt) && { attempts: Number(attempt) }),
  };
}

function errorOf({ code, message = '', stack, at }: KnownFailure): DeadLetter['error'] {
  if (code === undefined) return undefined;
  return { code, message, ...(stack !== undefined && { stack }), ...(at !== undefined && { at }) };
}

const isoTime = (at: number) => new Date(Number.isFinite(at) ? at : 0).toISOString();
