import type { Effect } from '../core/effects.ts';
import type { ByteRing } from './byte-ring.ts';
import type { CallEntry } from './entry.ts';
import { itemKey } from './item-key.ts';
import { isWriting, lastPart, resourcesOf } from './resources.ts';
import { textsOf } from './texts.ts';

/** Which calls a reader asks for; every member narrows. */
export interface Selection {
  /** Beginning of the caller's name. */
  caller?: string;
  service?: string;
  /** In any case. */
  operation?: string;
  /** `queue/NAME`, `table/NAME/KEY` ...; or a name alone, of any kind. */
  resource?: string;
  /** Calls that sent, received, changed or published this message, or belong to a delivery of it. */
  message?: string;
  failed?: boolean;
  writes?: boolean;
  /** Only what no loaded snapshot and no reset has undone; heeded where calls are collected. */
  present?: boolean;
  /** Engine time in milliseconds since the epoch. */
  since?: number;
  /** A text in the input or in an effect, as a whole value or as a part of it. */
  text?: string;
}

/** Whether an entry is asked for. */
export function selects(selection: Selection, entry: CallEntry, bytes: ByteRing): boolean {
  const { caller, service, operation, resource, message, failed, writes, since, text } = selection;
  return (
    (caller === undefined || entry.caller.startsWith(caller)) &&
    (service === undefined || entry.service === service) &&
    (operation === undefined || entry.operation.toLowerCase() === operation.toLowerCase()) &&
    (!failed || entry.code !== undefined) &&
    (!writes || isWriting(entry)) &&
    (since === undefined || entry.at >= since) &&
    (resource === undefined || touches(entry, bytes, resource)) &&
    (message === undefined || concernsMessage(entry, message)) &&
    (text === undefined || hasText(entry, bytes, text))
  );
}

/** Looks at the request and answer as they came over the wire, and at the effects. */
function hasText(entry: CallEntry, bytes: ByteRing, text: string): boolean {
  if (comesRaw(entry, bytes, text)) return true;
  for (const one of textsOf([entry.kept, entry.effects])) if (one.includes(text)) return true;
  return false;
}

/** Whether a text stands in request or answer, as it is or as JSON writes it. */
function comesRaw(entry: CallEntry, bytes: ByteRing, text: string): boolean {
  const raw = entry.raw(bytes);
  if (raw === undefined) return false;
  const written = JSON.stringify(text).slice(1, -1);
  return raw.includes(text) || (written !== text && raw.includes(written));
}

function touches(entry: CallEntry, bytes: ByteRing, resource: string): boolean {
  // Decoding is dear: only a request that has the name somewhere can be about it.
  const name = resource.slice(resource.indexOf('/') + 1);
  const mayName = entry.kept !== undefined || comesRaw(entry, bytes, name.split('/')[0]!);
  const named = mayName ? resourcesOf(entry, bytes) : [];
  named.push(...(entry.effects ?? []).flatMap(resourcesOfEffect));
  if (!resource.includes('/')) return named.some((one) => one.slice(one.indexOf('/') + 1) === resource);
  return named.some((one) => one === resource || one.startsWith(`${resource}/`));
}

/** As `resourcesOf` names them, and items as `table/NAME/KEY`. */
function resourcesOfEffect(effect: Effect): string[] {
  switch (effect.kind) {
    case 'item':
      return [`table/${effect.table}`, `table/${effect.table}/${itemKey(effect.keys, effect.after ?? effect.before)}`];
    case 'message':
      return [effect.queue, ...(effect.to === undefined ? [] : [effect.to])].map((arn) => `queue/${lastPart(arn)}`);
    case 'published':
      return [`topic/${lastPart(effect.topic)}`];
    case 'object':
      return [`bucket/${effect.bucket}/${effect.key}`];
    default:
      return [];
  }
}

/** Messages that an effect is about: SQS's ids, and SNS's id of a published one. */
export function* messagesOf(effect: Effect): Generator<string> {
  if (effect.kind === 'message') {
    yield effect.id;
    if (effect.other !== undefined) yield effect.other;
  } else if (effect.kind === 'published') {
    yield effect.id;
    for (const { messageId } of effect.deliveries) if (messageId !== undefined) yield messageId;
  }
}

function concernsMessage(entry: CallEntry, id: string): boolean {
  if (entry.deliveries?.some(({ messageId }) => messageId === id)) return true;
  for (const effect of entry.effects ?? []) for (const one of messagesOf(effect)) if (one === id) return true;
  return false;
}
