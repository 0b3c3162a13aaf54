import { logStreamOf, type ServiceName } from '../../domain/names.ts';
import type { LogsPort } from '../../ports.ts';
import { DEAD_LETTER_ATTRIBUTES } from '../runtime/poison.ts';
import { type Failures, readFailures } from './failures.ts';

/** A message as whoever lists dead letters hands it over; `fields` are of what was published, if that is an object. */
interface Message {
  messageId: string;
}
interface Content {
  fields?: Record<string, unknown>;
  attributes: Record<string, string>;
}

/** A failure of which not everything may be known. */
interface KnownFailure {
  code?: string | undefined;
  message?: string;
  stack?: string;
  attempts?: number;
  at?: string;
}

type Labels = Record<'service' | 'event_type' | 'event_id' | 'order_id', string | undefined>;
type Tell = (message: Message, content: Content) => { labels: Labels; failure: KnownFailure | undefined };

/** What the shop knows of a service's dead letters: their events, and from attributes and log lines why they failed. */
export function shopKnowledge(service: ServiceName, logs: LogsPort) {
  const telling =
    (failures?: Failures): Tell =>
    (message, content) => {
      const labels = labelsOf(service, content);
      return { labels, failure: failureOf(message, content.attributes, labels.event_id, failures) };
    };
  return {
    tell: telling(),
    withLog: async (options: { since: number; stacks: boolean }): Promise<Tell> =>
      telling(await readFailures(logs, logStreamOf(service), options)),
  };
}

function labelsOf(service: ServiceName, { fields, attributes }: Content): Labels {
  const known = (name: string): string | undefined => {
    const value = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : attributes[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { service, event_type: known('event_type'), event_id: known('event_id'), order_id: known('order_id') };
}

/**
 * Why a message is here: by the log line under its present id, else by its own attributes. A redriven message keeps its
 * attributes, and may have failed again for another reason.
 */
function failureOf(
  { messageId }: Message,
  attributes: Record<string, string>,
  eventId: string | undefined,
  failures: Failures | undefined,
): KnownFailure | undefined {
  const fresh = failures?.ofMessage(messageId);
  if (fresh !== undefined) return fresh;
  const { statedId, ...stated } = statedFailure(attributes);
  if (stated.code === undefined) return failures?.ofMessage(statedId) ?? failures?.ofEvent(eventId);
  const logged = failures?.ofMessage(statedId);
  return logged?.code === stated.code ? { ...logged, ...stated } : stated;
}

/** The attributes that the runtime adds to a message that it sends to the dead-letter queue. */
function statedFailure(attributes: Record<string, string>) {
  const of = (name: string) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined);
  const attempt = of(DEAD_LETTER_ATTRIBUTES.attempt);
  const detail = of(DEAD_LETTER_ATTRIBUTES.detail);
  return {
    statedId: of(DEAD_LETTER_ATTRIBUTES.messageId),
    code: of(DEAD_LETTER_ATTRIBUTES.reason),
    ...(detail !== undefined && { message: detail }),
    ...(attempt !== undefined && /^\d{1,9}$/.test(attempt) && { attempts: Number(attempt) }),
  };
}
