import { CliffracerError } from '../errors.ts';
import type { StoredItem } from '../lab/calls/call.ts';
import { plainValue } from '../lab/calls/changes.ts';
import { readTrace } from '../lab/trace/read.ts';
import type { SeenMessage, WatchedEngine } from '../lab/watch/port.ts';
import { callTraceTreeView } from '../views/call-trace.ts';
import type { ViewContext } from '../views/context.ts';
import { plural, safe, time } from '../views/text.ts';
import { wholeCallView } from '../views/whole-call.ts';
import type { Shown, Subject } from './ui.ts';

const MOST_MESSAGES = 50;
const MOST_ITEMS = 100;

/** Subjects of which everything is seen already. */
export type LocalSubject = Extract<Subject, { kind: 'queue' | 'topic' | 'consumer' | 'text' }>;
export type ReadSubject = Exclude<Subject, LocalSubject>;

export const isLocal = (subject: Subject): subject is LocalSubject =>
  ['queue', 'topic', 'consumer', 'text'].includes(subject.kind);

/** Of what is not there, the message that says so. */
function whyMissing(error: unknown): string {
  if (error instanceof CliffracerError && error.code === 'not_found') return error.message;
  throw error;
}

/** Reads what the right pane shows. Rejects as the engine's methods do. */
export async function readSubject(engine: WatchedEngine, subject: ReadSubject): Promise<Shown> {
  switch (subject.kind) {
    case 'trace': {
      const trace = await readTrace(engine.log, subject.id).catch(whyMissing);
      if (typeof trace === 'string') return { subject, settled: false, view: () => safe(trace) };
      return { subject, settled: trace.missing.length === 0, view: (context) => callTraceTreeView(trace, context) };
    }
    case 'effects': {
      const call = await engine.log.call(subject.seq);
      return { subject, settled: true, view: (context) => wholeCallView({ call }, context) };
    }
    case 'peek': {
      const states = ['ready', 'in-flight', 'delayed'] as const;
      const found = await Promise.all(states.map((state) => engine.messages(subject.queue, state, MOST_MESSAGES)));
      return { subject, settled: false, view: (context) => messagesText(subject.queue, found.flat(), context) };
    }
    case 'items': {
      const { total, items } = await engine.items(subject.table, MOST_ITEMS);
      return { subject, settled: false, view: (context) => itemsText(subject.table, total, items, context) };
    }
    case 'object': {
      const object = await engine.object(subject.bucket, subject.key);
      const text = object.text === null ? 'It is no text.' : pretty(object.text);
      const head = `${object.size} bytes, ${object.content_type}, changed ${object.modified_at}`;
      return { subject, settled: false, view: ({ paint }) => `${paint.dim(safe(head))}\n${harmlessLines(text)}` };
    }
  }
}

/** What the pane is headed with. */
export function titleOf(subject: Subject): string {
  switch (subject.kind) {
    case 'trace':
      return `trace ${subject.id}`;
    case 'effects':
      return `call ${subject.seq}`;
    case 'peek':
      return `messages of ${subject.queue}`;
    case 'items':
      return `items of ${subject.table}`;
    case 'object':
      return `${subject.bucket}/${subject.key}`;
    case 'text':
      return subject.title;
    default:
      return `${subject.kind} ${subject.name}`;
  }
}

function messagesText(queue: string, messages: readonly SeenMessage[], context: ViewContext): string {
  if (messages.length === 0) return `No message lies in ${safe(queue)}.`;
  const { paint } = context;
  const blocks = messages.map(({ message_id, state, held, body, attributes, receive_count, sent_at, visible_at }) => {
    const facts = [
      held ? 'held' : state,
      `sent ${time(sent_at, context)}`,
      `received ${plural(receive_count, 'time')}`,
    ];
    if (visible_at !== null && state !== 'ready') facts.push(`visible ${time(visible_at, context)}`);
    return [
      `${paint.cyan(safe(message_id))}  ${paint.dim(facts.join(', '))}`,
      ...attributes.map(({ name, value }) => `  ${paint.dim(safe(name))} ${safe(value)}`),
      indented(pretty(body)),
    ].join('\n');
  });
  return blocks.join('\n\n');
}

function itemsText(
  table: string,
  total: number,
  items: readonly { key: string; item: StoredItem }[],
  { paint }: ViewContext,
): string {
  if (total === 0) return `${safe(table)} has no items.`;
  const lines = items.map(({ key, item }) => {
    const plain = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
    return `${paint.cyan(safe(key))}\n${indented(JSON.stringify(plain, undefined, 2))}`;
  });
  const more = total - items.length;
  return [...lines, ...(more > 0 ? [paint.dim(`and ${plural(more, 'more item', 'more items')}`)] : [])].join('\n');
}

/** JSON in lines; any other text as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

export const harmlessLines = (text: string) => text.split('\n').map(safe).join('\n');
const indented = (text: string) => harmlessLines(text).replace(/^/gm, '  ');
