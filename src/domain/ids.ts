import { hash } from 'node:crypto';

/** Where fresh randomness comes from; the program's own is built once, tests give a counted one. */
export interface Ids {
  /** A random UUID (version 4). */
  uuid(): string;
}

/**
 * The id of what follows from a cause: the same cause always gives the same id, so that an event which is published
 * again, after a crash or for a duplicate, is recognisably the same event. UUID version 8 (RFC 9562) over SHA-256.
 */
export function derivedId(cause: string, what: string): string {
  const hex = hash('sha256', `${cause}\n${what}`);
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

// Crockford's base 32 without letters that read alike; its order is that of the digits, so ids sort by time.
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 7;
const RANDOM_RANGE = 32 ** RANDOM_DIGITS;

/** `count` order ids that sort by time of creation and, within one call, in the order given. */
export function newOrderIds(count: number, now: number, ids: Ids): string[] {
  const start = Number.parseInt(ids.uuid().slice(0, 8), 16);
  const time = base32(Math.max(0, Math.floor(now)), TIME_DIGITS);
  // 32 of the 35 bits are random, so counting up from there stays in range for any count that fits in memory.
  return Array.from(
    { length: count },
    (_, index) => `ord_${time}${base32((start + index) % RANDOM_RANGE, RANDOM_DIGITS)}`,
  );
}

function base32(value: number, digits: number): string {
  let text = '';
  let rest = value;
  for (let place = 0; place < digits; place++) {
    text = DIGITS[rest % 32]! + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
