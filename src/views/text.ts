import type { Palette, ViewContext } from './context.ts';

// C1 controls and DEL, and the bidirectional and zero-width marks that reorder or hide what stands around them.
const ACTING = '\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff';
const UNSAFE = new RegExp(`[\\u0000-\\u001f${ACTING}\\ud800-\\udfff]`, 'gu');
/** What JSON.stringify leaves as it is. */
export const UNSAFE_IN_JSON = new RegExp(`[${ACTING}]`, 'gu');

/** Makes any string harmless on a terminal: what would act instead of being read is shown as `\u001b`. */
export function safe(text: string): string {
  return text.replace(UNSAFE, escaped);
}

export const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

const UNITS: readonly [ms: number, name: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** `4 ms`, `1.2 s`, `3 m`: a length of time in one unit. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const [size, name] = UNITS.find(([size]) => ms >= size)!;
  return `${Math.round(ms / size)} ${name}`;
}

/** `3s ago` for a person, ISO 8601 for a program. */
export function time(at: number | string | undefined, context: ViewContext): string {
  if (at === undefined) return '';
  const ms = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(ms)) return safe(String(at));
  if (!context.terminal) return new Date(ms).toISOString();
  const age = context.now - ms;
  if (age < -1_000) return `in ${agePart(-age)}`;
  return age < 1_000 ? 'just now' : `${agePart(age)} ago`;
}

function agePart(ms: number): string {
  const [size, name] = UNITS.find(([size]) => ms >= size) ?? [1_000, 's'];
  return `${Math.floor(ms / size)}${name}`;
}

const STATUS_COLOURS: Record<string, keyof Palette> = {
  created: 'blue',
  reserved: 'cyan',
  paid: 'cyan',
  fulfilled: 'green',
  succeeded: 'green',
  rejected: 'yellow',
  cancelled: 'yellow',
  refunded: 'yellow',
  released: 'yellow',
  cancelling: 'yellow',
  withdrawn: 'yellow',
  voided: 'yellow',
  declined: 'red',
  failed: 'red',
};

export function status(name: string, { paint }: ViewContext): string {
  const colour = Object.hasOwn(STATUS_COLOURS, name) ? STATUS_COLOURS[name]! : 'bold';
  return paint[colour](safe(name));
}

/** The text of a heading above a table. */
export function heading(text: string, { paint }: ViewContext): string {
  return paint.bold(text);
}
