import type { Call, Effect, MessageEffect, PublishedEffect } from '../calls/call.ts';
import type { Conversations } from './conversations.ts';

/** What an event is about: a change that a call made, or a call that was refused. */
export type EventKind =
  | 'published'
  | 'sent'
  | 'received'
  | 'deleted'
  | 'returned'
  | 'timed_out'
  | 'dead_lettered'
  | 'expired'
  | 'moved'
  | 'ready'
  | 'duplicate'
  | 'extended'
  | 'item'
  | 'object'
  | 'alarm'
  | 'resource'
  | 'world'
  | 'refused';

/** One thing that happened, short enough for a line. */
export interface WatchedEvent {
  /** Of the call that did it. */
  seq: number;
  /** Engine time. */
  at: string;
  caller: string;
  event: EventKind;
  /** Queue, topic, `table/KEY`, `bucket/KEY` or resource. */
  where: string;
  message_id: string | null;
  attempt: number | null;
  /** The message that it all began with. */
  conversation: string | null;
  /** The conversation's own name, as its order's id; null where its messages have none. */
  about: string | null;
  /** Type of the event in the message's body. */
  name: string | null;
  /** The rest, in words; not yet harmless. */
  text: string;
}

/** A call in a line. */
export interface WatchedCall {
  seq: number;
  at: string;
  duration_ms: number;
  caller: string;
  service: string;
  operation: string;
  resources: string[];
  outcome: string;
  /** A message that it is about. */
  message_id: string | null;
  conversation: string | null;
  about: string | null;
}

/** An item's or object's change in words; undefined where there is nothing to tell. */
export type Describe = (effect: Effect) => string | undefined;

/** What a call did, in the order in which it did it. Metrics and log lines are no events: each service writes them all the time. */
export function eventsOf(call: Call, conversations: Conversations, describe: Describe): WatchedEvent[] {
  const within = conversations.of(call.deliveries, call.certainty);
  const copies = new Set(call.effects.flatMap((effect) => (effect.kind === 'published' ? copiesOf(effect) : [])));
  const events = call.effects
    .filter((effect) => effect.kind !== 'message' || effect.change !== 'sent' || !copies.has(effect.message_id))
    .flatMap((effect) => eventOf(effect, call, conversations, describe));
  if (call.outcome === 'ok') return events;
  const text = call.error === null ? call.outcome : `${call.outcome}: ${call.error}`;
  const [resource = ''] = call.resources;
  const refused = { event: 'refused' as const, where: withoutKind(resource), text: `${call.operation} ${text}` };
  return [...events, made(call, refused, conversations.named(within))];
}

type Told = Pick<WatchedEvent, 'event' | 'where' | 'text'> & Partial<WatchedEvent>;

const made = ({ seq, at, caller }: Call, told: Told, named: ReturnType<Conversations['named']>): WatchedEvent => ({
  ...{ seq, at, caller, message_id: null, attempt: null, name: null },
  ...named,
  ...told,
});

function eventOf(effect: Effect, call: Call, conversations: Conversations, describe: Describe): WatchedEvent[] {
  const within = conversations.ofEffect(effect, call);
  const named = () => conversations.named(within);
  switch (effect.kind) {
    case 'published': {
      const { topic: where, message_id, body } = effect;
      const { name } = conversations.add([message_id, ...copiesOf(effect)], body, within);
      return [
        made(
          call,
          { event: 'published', where, message_id, name, text: outcomes(effect) },
          conversations.named(message_id),
        ),
      ];
    }
    case 'message':
      return messageEvents(effect, call, conversations, within);
    case 'item':
      return [
        made(call, { event: 'item', where: `${effect.table}/${effect.key}`, text: describe(effect) ?? '' }, named()),
      ];
    case 'object':
      return [
        made(call, { event: 'object', where: `${effect.bucket}/${effect.key}`, text: describe(effect) ?? '' }, named()),
      ];
    case 'alarm':
      return [made(call, { event: 'alarm', where: effect.name, text: `${effect.before} -> ${effect.after}` }, named())];
    case 'resource':
      return [made(call, { event: 'resource', where: withoutKind(effect.resource), text: effect.operation }, named())];
    case 'world':
      return [made(call, { event: 'world', where: effect.name, text: effect.change.replaceAll('_', ' ') }, named())];
    default:
      return [];
  }
}

const KINDS: Readonly<Record<string, EventKind>> = {
  ...{ sent: 'sent', received: 'received', deleted: 'deleted', returned: 'returned', visible: 'timed_out' },
  ...{ dead_lettered: 'dead_lettered', expired: 'expired', moved: 'moved', ready: 'ready', duplicate: 'duplicate' },
  extended: 'extended',
};

function messageEvents(effect: MessageEffect, call: Call, conversations: Conversations, within: string | undefined) {
  const { change, queue, message_id, receives, to, other, body } = effect;
  const event = KINDS[change];
  if (event === undefined) return [];
  const { name } = conversations.add([message_id, ...(other === null ? [] : [other])], body, within);
  const text = [...(receives > 1 ? [`attempt ${receives}`] : []), ...(to === null ? [] : [`to ${to}`])].join(', ');
  const attempt = receives > 0 ? receives : null;
  return [made(call, { event, where: queue, message_id, attempt, name, text }, conversations.named(message_id))];
}

const copiesOf = ({ deliveries }: PublishedEffect): string[] =>
  deliveries.flatMap(({ message_id }) => (message_id === null ? [] : [message_id]));

/** `to inventory-queue, analytics-queue; 3 filtered` */
function outcomes({ deliveries }: PublishedEffect): string {
  if (deliveries.length === 0) return 'nobody subscribes';
  const of = (wanted: string) => deliveries.filter(({ outcome }) => outcome === wanted);
  const delivered = of('delivered').map(({ endpoint }) => endpoint);
  const filtered = of('filtered').length;
  const others = deliveries.filter(({ outcome }) => outcome !== 'delivered' && outcome !== 'filtered');
  return [
    delivered.length === 0 ? 'to nobody' : `to ${delivered.join(', ')}`,
    ...(filtered === 0 ? [] : [`${filtered} filtered`]),
    ...others.map(({ endpoint, outcome }) => `${outcome.replace('_', ' ')} for ${endpoint}`),
  ].join('; ');
}

const withoutKind = (resource: string) => resource.slice(resource.indexOf('/') + 1);

/** The call itself in a line. */
export function lineOf(call: Call, conversations: Conversations): WatchedCall {
  const { seq, at, duration_ms, caller, service, operation, resources, outcome, effects, deliveries } = call;
  const message = effects.find((effect) => effect.kind === 'message' || effect.kind === 'published')?.message_id;
  const about = message ?? (deliveries.length === 1 ? deliveries[0]!.message_id : undefined);
  return {
    ...{ seq, at, duration_ms, caller, service, operation, resources, outcome },
    ...{ message_id: about ?? null, ...conversations.named(about) },
  };
}
