/** ISO 8601 as RFC 3339 narrows it down: date, time and offset. Seconds may be left out, and the offset's colon. */
const TIMESTAMP =
  /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)$/;

/**
 * Milliseconds since the epoch. Undefined for every other text: what `Date.parse` takes beyond this means another time on
 * another machine, or none that the calendar has.
 */
export function parseTimestamp(text: string): number | undefined {
  const [, year, month, day] = TIMESTAMP.exec(text) ?? [];
  if (day === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCDate() === Number(day) ? Date.parse(text) : undefined;
}
