/** `12:04:31.250`, on the clock of the engine, in the time of whoever reads. */
export function clockTime(at: number | string | null): string {
  if (at === null || at === '') return '';
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  const two = (value: number, digits = 2) => String(value).padStart(digits, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}

export function dateTime(at: number | string | null): string {
  if (at === null || at === '') return '';
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : `${date.toISOString().slice(0, 10)} ${clockTime(at).slice(0, 8)}`;
}

/** `4 ms`, `1.2 s`, `3 min`. */
export function duration(ms: number | null): string {
  if (ms === null) return '';
  if (ms < 1_000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 86_400_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
}

const UNITS = ['B', 'kB', 'MB', 'GB'];

export function size(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${unit === 0 ? bytes : (bytes / 1000 ** unit).toFixed(1)} ${UNITS[unit]}`;
}

export const count = (value: number): string => value.toLocaleString('en-US');

export const shortId = (id: string): string => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? id.slice(0, 8) : id);

/** `1 call`, `2 calls`. */
export const counted = (value: number, one: string, more = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : more}`;

/** Levels of JSON that are set in: each costs as many spaces a line as it is deep, 5,000 levels 50 MB in all. */
const DEEPEST = 100;

/** JSON with its members on lines of their own; any other text, and what is too deep to be read so, as it is. */
export function indented(text: string): string {
  if (depthOf(text) > DEEPEST) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** At least as deep as the JSON is; brackets in texts count. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of text) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** A value in one short line. */
export function brief(value: unknown, longest = 80): string {
  const text = lineOf(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

const lineOf = (value: unknown): string =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

/** Characters of what is the same that are kept before the first difference. */
const LEAD = 12;

/** Two values in short lines that show where they differ: of long ones that begin alike, from there on. */
export function briefChange(before: unknown, after: unknown): [before: string, after: string] {
  const [old, now] = [lineOf(before), lineOf(after)];
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same++;
  const from = Math.max(old.length, now.length) > 80 && same > 2 * LEAD ? same - LEAD : 0;
  const part = (text: string) => `${from > 0 ? '…' : ''}${brief(text.slice(from))}`;
  return [part(old), part(now)];
}
