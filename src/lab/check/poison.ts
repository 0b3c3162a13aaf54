import type { EndState } from './cells.ts';
import { jsonIn } from './cells.ts';
import type { EndDifference } from './compare.ts';
import type { RunResult } from './model.ts';

/** A message that no consumer can be expected to understand. */
export interface Poison {
  queue: string;
  body: string;
  /** `garbage`, `empty`, `version`, or `without-MEMBER`. */
  kind: string;
  /** Whether it has to end in the dead-letter queue; what lacks a member may be handled, where the member is not needed. */
  isStrict: boolean;
}

const GARBAGE = '{"cliffracer": not json';
const VERSIONS = /^(?:version|v|schema[_-]?version|event[_-]?version|spec[_-]?version|schemaVersion|eventVersion)$/;
const MOST_MEMBERS = 20;

/** What is tried on a queue, after a message that it had. */
export function poisonsFor(queue: string, model: string): Poison[] {
  const strict = (kind: string, body: string): Poison => ({ queue, kind, body, isStrict: true });
  const members = membersOf(model);
  const versions = Object.keys(members).filter((name) => VERSIONS.test(name));
  return [
    strict('garbage', GARBAGE),
    strict('empty', '{}'),
    ...versions.map((name) =>
      strict('version', withMembers(model, { ...members, [name]: otherVersion(members[name]) })),
    ),
    ...Object.keys(members)
      .slice(0, MOST_MEMBERS)
      .map((name): Poison => {
        const { [name]: _left, ...rest } = members;
        return { queue, kind: `without-${name}`, body: withMembers(model, rest), isStrict: false };
      }),
  ];
}

const otherVersion = (value: unknown) => (typeof value === 'number' ? value + 998 : '999.0');

interface Envelope {
  Type?: unknown;
  Message?: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of the message that its sender wrote, inside of SNS's envelope. */
function membersOf(body: string): Record<string, unknown> {
  const value = jsonIn(body);
  if (!isObject(value)) return {};
  const { Type: type, Message: message } = value as Envelope;
  if (type !== 'Notification' || typeof message !== 'string') return value;
  const inner = jsonIn(message);
  return isObject(inner) ? inner : {};
}

function withMembers(model: string, members: Record<string, unknown>): string {
  const value = jsonIn(model) as Envelope;
  const text = JSON.stringify(members);
  return value.Type === 'Notification' && typeof value.Message === 'string'
    ? JSON.stringify({ ...value, Message: text })
    : text;
}

/** Where a poisoned message has come to. */
export type PoisonEnd = 'dead_lettered' | 'left' | 'gone';

/** Tells where the poison is, and the end without it. */
export function withoutPoison(
  { end, poisonId }: RunResult,
  { queue, body }: Poison,
): { place: PoisonEnd; end: EndState } {
  let place: PoisonEnd = 'gone';
  const queues = Object.entries(end.queues).map(([name, messages]) => {
    const index = messages.findIndex(({ message_id: id, body: own }) => id === poisonId || own === body);
    if (index === -1 || place !== 'gone') return [name, messages] as const;
    place = name === queue ? 'left' : 'dead_lettered';
    return [name, messages.filter((_, at) => at !== index)] as const;
  });
  return { place, end: { ...end, queues: Object.fromEntries(queues) } };
}

/** What a program makes of a member that is not there. */
const BROKEN = /^"?(?:undefined|NaN|null|None|nil|Infinity|\[object Object\])"?$|undefined|\bNaN\b/;

/** Of what was handled though it lacked a member: values that can only come from that. */
export const brokenIn = (differences: readonly EndDifference[]): EndDifference[] =>
  differences.filter(
    ({ key, after }) => after !== null && (BROKEN.test(after) || /\b(?:undefined|NaN|None)\b/.test(key ?? '')),
  );
