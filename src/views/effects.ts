import type { Effect, ItemEffect, MessageEffect, PublishedEffect } from '../lab/calls/call.ts';
import { type AttributeChange, changesOf } from '../lab/calls/changes.ts';
import { plural } from './text.ts';

/** Characters of a value that are shown in a line. */
const LONGEST_VALUE = 60;
const MOST_ATTRIBUTES = 8;

/** A change in words, without a line break and not yet harmless; undefined for what the call's own line says already. */
export function effectText(effect: Effect): string | undefined {
  switch (effect.kind) {
    case 'item':
      return itemText(effect);
    case 'message':
      return messageText(effect);
    case 'published':
      return publishedText(effect);
    case 'object': {
      const { bucket, key, before, after } = effect;
      return `${bucket}/${key} ${before === undefined ? 'stored' : `${bytes(before.size)} ->`} ${after === undefined ? 'deleted' : bytes(after.size)}`;
    }
    case 'metric': {
      const dimensions = Object.entries(effect.dimensions).map(([name, value]) => `${name}=${value}`);
      return `${effect.namespace} ${[effect.name, ...dimensions].join(' ')}: ${effect.value ?? 'values'}`;
    }
    case 'log':
      return `${effect.group} ${effect.stream}: ${plural(effect.count, 'line')}`;
    case 'alarm':
      return `alarm ${effect.name} ${effect.before} -> ${effect.after}`;
    case 'world':
      return `${effect.change.replaceAll('_', ' ')} ${effect.name}`.trimEnd();
    default:
      return undefined;
  }
}

const bytes = (size: number) => plural(size, 'byte');

/** `orders/o-1 state "new" -> "paid"` */
function itemText(effect: ItemEffect): string {
  const { table, key, before, after } = effect;
  const changes = changesOf(effect);
  const name = `${table}/${key}`;
  if (after === null) return `${name} deleted`;
  if (changes.length === 0) return `${name} unchanged`;
  const shown = changes.slice(0, MOST_ATTRIBUTES).map((change) => changeText(change, before === null));
  const more = changes.length > shown.length ? [`and ${changes.length - shown.length} more`] : [];
  return `${name} ${before === null ? 'new: ' : ''}${[...shown, ...more].join(', ')}`;
}

/** `state "new" -> "paid"`; of a new item the value alone. */
export function changeText({ attribute, ...change }: AttributeChange, isNew = false): string {
  if (isNew) return `${attribute} ${valueText(change.after)}`;
  const before = 'before' in change ? valueText(change.before) : 'none';
  const after = 'after' in change ? valueText(change.after) : 'none';
  return `${attribute} ${before} -> ${after}`;
}

export function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

/** The beginning of an id, enough to name it with. */
export const shortId = (id: string) => id.slice(0, 8);

const CHANGES: Readonly<Record<string, string>> = {
  visible: 'visible again, its visibility timeout ended',
  ready: 'ready, its delay ended',
  dead_lettered: 'dead-lettered',
  duplicate: 'not taken, a duplicate',
  extended: 'hidden for longer',
};

function messageText(effect: MessageEffect): string {
  const { change, queue, message_id, receives, to, group, other } = effect;
  const details = [
    ...(change === 'received' && receives > 1 ? [`attempt ${receives}`] : []),
    ...(to === null ? [] : [`to ${to}`]),
    ...(group === null || change !== 'sent' ? [] : [`group ${group}`]),
    ...(other === null ? [] : [`${change === 'duplicate' ? 'of' : 'as'} ${shortId(other)}`]),
  ];
  return [`${queue} ${shortId(message_id)} ${CHANGES[change] ?? change}`, ...details].join(', ');
}

function publishedText({ topic, message_id, deliveries }: PublishedEffect): string {
  const told = deliveries.map(({ endpoint, outcome, code, unmatched }) => {
    const why = code ?? unmatched.join(' and ');
    return outcome === 'delivered'
      ? endpoint
      : `${outcome.replace('_', ' ')} for ${endpoint}${why === '' ? '' : ` (${why})`}`;
  });
  const where = told.length === 0 ? 'nobody subscribes' : told.join(', ');
  return `${topic} ${shortId(message_id)} published -> ${where}`;
}
