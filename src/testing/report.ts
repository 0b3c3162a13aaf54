import type { CallEntry } from '../emulator/calls/entry.ts';
import { ENGINE_CALLER } from '../emulator/calls/log.ts';
import { lastPart, resourcesOf } from '../emulator/calls/resources.ts';
import type { Effect } from '../emulator/core/effects.ts';
import type { SqsState } from '../emulator/sqs/index.ts';
import type { LabEngine } from './engine.ts';

const CALLS_SHOWN = 15;
const ERRORS_SHOWN = 3;
const LONGEST = 160;

/** The recent calls, the depth of every queue, and what handlers threw last, in lines. */
export function report(lab: LabEngine, errors: readonly { consumer: string; error: unknown }[]): string {
  const entries = [...lab.log.from(Math.max(lab.since, lab.log.next - CALLS_SHOWN))];
  const last = errors.slice(-ERRORS_SHOWN).map(({ consumer, error }) => `  ${consumer}: ${shown(error)}`);
  const own = lab.failures.map((error) => `  ${shown(error)}`);
  return [
    ...section(
      'recent calls',
      entries.map((entry) => callLine(entry, lab)),
    ),
    ...section('queues', queueLines(lab)),
    ...(last.length > 0 ? section('handlers threw', last) : []),
    ...(own.length > 0 ? section('the engine failed', own) : []),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]) => [`${title}:`, ...(lines.length > 0 ? lines : ['  none'])];

function callLine(entry: CallEntry, { log }: LabEngine): string {
  if (entry.caller === ENGINE_CALLER) return line(entry, (entry.effects ?? []).flatMap(ownChange).join(', '));
  const { operation, code, fault, deliveries = [] } = entry;
  const resources = resourcesOf(entry, log.bytes);
  const received = entry.effects?.filter((each) => each.kind === 'message' && each.change === 'received').length ?? 0;
  const within = deliveries.slice(0, 1).map(({ queue, attempt }) => `in ${lastPart(queue)}, attempt ${attempt}`);
  const parts = [
    ...[operation, ...resources, code ?? (received > 0 ? `${received} received` : 'ok')],
    ...(fault === undefined ? [] : [`(fault: ${fault})`]),
    ...(operation === 'ReceiveMessage' ? [] : within),
    ...(entry.effects ?? []).flatMap(undelivered),
  ];
  return line(entry, parts.join(' '));
}

const line = ({ seq, caller }: CallEntry, text: string) =>
  cut(`  ${String(seq).padStart(4)}  ${caller.padEnd(14)} ${text}`);

/** What the engine did by itself. */
function ownChange(effect: Effect): string[] {
  if (effect.kind === 'world') return [`${effect.change} ${effect.name}`];
  if (effect.kind !== 'message') return [effect.kind];
  const { queue, id, change, to } = effect;
  return [`${lastPart(queue)}: ${id} ${change}${to === undefined ? '' : ` to ${lastPart(to)}`}`];
}

/** Why a subscribed queue did not get what was published. */
function undelivered(effect: Effect): string[] {
  if (effect.kind !== 'published') return [];
  const missed = effect.deliveries.filter(({ outcome }) => outcome !== 'delivered');
  return missed.map(({ endpoint, outcome, reason }) => {
    return `(${lastPart(endpoint)}: ${outcome}${reason === undefined ? '' : `, ${reason}`})`;
  });
}

function queueLines(lab: LabEngine): string[] {
  const { queues } = lab.state<SqsState>('sqs');
  return [...queues.values()].map(({ name, counts, hold }) => {
    const held = hold === undefined ? '' : ', held';
    return `  ${name}: ${counts.ready} ready, ${counts['in-flight']} in flight, ${counts.delayed} delayed${held}`;
  });
}

function shown(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return cut(text.split('\n')[0]!);
}

/** In one line of a bounded length; control characters, which a terminal would obey, are shown. */
function cut(text: string): string {
  const shown = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}
