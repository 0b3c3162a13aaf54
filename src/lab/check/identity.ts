import { jsonIn } from './cells.ts';

/** Members that name somebody or something, and not what has happened to it. */
const NAMES_OTHERS =
  /(?:customer|user|account|tenant|product|item|store|shop|session|device|client|owner|group|parent|trace|span)s?[-_]?(?:id|uuid|key)$/i;
const NAMES_ITSELF =
  /^(?:id|uuid|key|ref|reference)$|[a-z0-9](?:Id|ID|Uuid|UUID|Key)$|[-_](?:id|uuid|key)$|^.*idempotency.*$/;

/** Whether a member of a message is by its name what tells the same message when it comes again: `order_id`, `eventId`. */
export function isIdentity(path: string): boolean {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return NAMES_ITSELF.test(name) && !NAMES_OTHERS.test(name);
}

/** A member by which receivers tell one event from another, whatever it is about. */
const NAMES_EVENT =
  /^(?:id|uuid)$|(?:^|[^a-z])(?:event|message|msg|notification|command|deduplication|dedup|dedupe|idempotency)[-_]?(?:id|uuid|key|token)$/i;

/** Whether a member is by its name the id of the message itself: `id`, `event_id`, `messageId`; and not of what it is about. */
export const isEventId = (path: string): boolean => NAMES_EVENT.test(path.slice(path.lastIndexOf('.') + 1));

/** How deep in a message its identity may stand: `detail.order.id`. */
const DEEPEST = 4;

/**
 * Whether a message says what it is about in such a way that its copy, sent under another message id, can be told to be the
 * same. `paths` are those of the configuration's `correlate`; without them names decide.
 */
export function hasIdentity(body: string, paths: readonly string[]): boolean {
  const value = insideEnvelope(jsonIn(body));
  return paths.length > 0 ? paths.some((path) => valueAt(value, path) !== undefined) : containsIdentity(value, 0);
}

/** A message of a topic lies in SNS's envelope, unless raw delivery is on (SNS Developer Guide, Raw message delivery). */
function insideEnvelope(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { Type: type, Message: message } = value as { Type?: unknown; Message?: unknown };
  return type === 'Notification' && typeof message === 'string' ? jsonIn(message) : value;
}

function containsIdentity(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= DEEPEST) return false;
  return Object.entries(value).some(([name, member]) => {
    if (typeof member === 'string' || typeof member === 'number') return isIdentity(name) && member !== '';
    return containsIdentity(member, depth + 1);
  });
}

function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** A message's body as its producer would send it once more: SNS's envelope bears an id of its own. */
export function sentAgain(body: string): string {
  const value = jsonIn(body);
  if (insideEnvelope(value) === value) return body;
  const { MessageId: id } = value as { MessageId?: unknown };
  return typeof id === 'string' ? body.replaceAll(id, otherId(id)) : body;
}

/** Another id of the same form, always the same one. */
const otherId = (id: string) =>
  id.replace(/[0-9a-f]/gi, (digit) => ((Number.parseInt(digit, 16) + 5) % 16).toString(16));
