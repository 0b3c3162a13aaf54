/** Timestamps are seconds since the epoch inside the emulator; this is how they look outside. */

/** `2026-01-01T00:00:00Z`, with milliseconds where there are any: XML's and Query's form. */
export function toIso8601(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace('.000Z', 'Z');
}

/** S3 writes the milliseconds always. */
export function toIso8601Milliseconds(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}

const DAY = 86_400;
let latest = { day: Number.NaN, text: '' };

/** `Thu, 01 Jan 2026 00:00:00 GMT`: the form of HTTP headers. */
export function toHttpDate(seconds: number): string {
  const whole = Math.floor(seconds);
  const day = Math.floor(whole / DAY);
  // Objects that are read together were mostly written on one day, and to write a date costs as much as to find the object.
  if (day !== latest.day) {
    const text = new Date(day * DAY * 1000).toUTCString();
    if (!text.endsWith(' 00:00:00 GMT')) return new Date(whole * 1000).toUTCString();
    latest = { day, text: text.slice(0, -'00:00:00 GMT'.length) };
  }
  const second = whole - day * DAY;
  return `${latest.text}${digits(second / 3600)}:${digits((second / 60) % 60)}:${digits(second % 60)} GMT`;
}

const DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

const digits = (value: number) => DIGITS[Math.floor(value)]!;

/** Reads ISO 8601, HTTP dates and numbers of seconds; undefined for anything else. */
export function parseTimestamp(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const seconds = Number(trimmed);
  if (Number.isFinite(seconds)) return seconds;
  // A date without a zone is UTC for AWS; Date would take it as local time.
  const zoneless = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(trimmed);
  const milliseconds = Date.parse(zoneless ? `${trimmed}Z` : trimmed);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
