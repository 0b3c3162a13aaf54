import type { Certainty, DeliveryRef, Effect } from '../calls/call.ts';

/** Messages whose conversation is remembered. */
const MOST = 20_000;
/** Larger bodies are not read. */
const LONGEST_BODY = 64 * 1024;
const LONGEST_NAME = 60;

interface Known {
  conversation: string;
  /** Type of the event in the body. */
  name: string | null;
}

const NAMES = ['event_type', 'eventType', 'detail-type', 'type'];
const SUBJECTS = ['order_id', 'orderId', 'correlation_id', 'correlationId', 'id'];

/** Which messages belong together: what was sent while a message was handled belongs to that message's conversation. */
export class Conversations {
  readonly #messages = new Map<string, Known>();
  /** What each conversation is about. */
  readonly #subjects = new Map<string, string>();

  /** The message that a call was made for; undefined where that is not known. */
  of(deliveries: readonly DeliveryRef[], certainty: Certainty | null): string | undefined {
    return certainty !== 'one_of' && deliveries.length === 1 ? deliveries[0]!.message_id : undefined;
  }

  /** The same for one change of a call that was made for several messages. */
  ofEffect(
    { delivery }: Effect,
    { deliveries, certainty }: { deliveries: DeliveryRef[]; certainty: Certainty | null },
  ) {
    if (delivery === undefined || delivery === null) return this.of(deliveries, certainty);
    return delivery.slice(0, delivery.lastIndexOf(':'));
  }

  /** Messages that are one and its copies; what is known of them already stays. */
  add(ids: readonly string[], body: string | null, cause: string | undefined): Known {
    const [first = ''] = ids;
    const read = body === null ? undefined : namesIn(body);
    const earlier = this.#messages.get(first);
    const known: Known = {
      conversation:
        earlier?.conversation ?? (cause === undefined ? first : (this.#messages.get(cause)?.conversation ?? cause)),
      name: earlier?.name ?? read?.name ?? null,
    };
    for (const id of ids) keep(this.#messages, id, known);
    const { conversation } = known;
    if (read?.subject !== undefined && !this.#subjects.has(conversation)) {
      keep(this.#subjects, conversation, read.subject);
    }
    return known;
  }

  /** The conversation of a message, and what it is about. */
  named(message: string | undefined): { conversation: string | null; about: string | null } {
    if (message === undefined) return { conversation: null, about: null };
    const conversation = this.#messages.get(message)?.conversation ?? message;
    return { conversation, about: this.#subjects.get(conversation) ?? null };
  }
}

/** The oldest go first. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  if (!map.has(key) && map.size >= MOST) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** What a JSON body, or the one in SNS's envelope, says of itself. */
function namesIn(body: string): { name?: string; subject?: string } {
  const outer = parsed(body);
  const inner = typeof outer.Message === 'string' && outer.Type === 'Notification' ? parsed(outer.Message) : outer;
  const first = (names: readonly string[]) =>
    names
      .map((name) => (Object.hasOwn(inner, name) ? inner[name] : undefined))
      .find((value) => (typeof value === 'string' && value !== '') || typeof value === 'number');
  const [name, subject] = [first(NAMES), first(SUBJECTS)];
  return {
    ...(name !== undefined && { name: String(name).slice(0, LONGEST_NAME) }),
    ...(subject !== undefined && { subject: String(subject).slice(0, LONGEST_NAME) }),
  };
}

function parsed(text: string): Record<string, unknown> {
  if (text.length > LONGEST_BODY || !text.startsWith('{')) return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
