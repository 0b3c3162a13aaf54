import { expect, it } from 'vitest';
import { parseTimestamp } from '../../src/domain/timestamp.ts';

// RFC 3339, section 5.6 and its examples; the rest is what V8's Date.parse takes beyond it.
it.each<[string, string | undefined]>([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z'],
  ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
  ['2026-01-31T12:00:00-0330', '2026-01-31T15:30:00.000Z'],
  ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
  ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
  ['2026-02-29T12:00:00Z', undefined],
  ['2026-02-30T12:00:00Z', undefined],
  ['2026-01-31T24:00:00Z', undefined],
  ['2026-01-31T12:00:00', undefined],
  ['2026-01-31 12:00:00', undefined],
  ['2026-01-31', undefined],
  ['Jan 31, 2026 12:00', undefined],
  ['31/01/2026', undefined],
  ['1', undefined],
  ['', undefined],
])('%s', (text, expected) => {
  const at = parseTimestamp(text);
  expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(expected);
});
